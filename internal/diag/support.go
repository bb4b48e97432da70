package diag

import (
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// Support says which ids of one service each ECU claims to know (the bitmaps at 00, 20, 40...).
type Support struct {
	// ECUs are those that answered, in order of address.
	ECUs []obd.Address
	// Suspect lists ECUs that claim a whole first range, as fake emulators do; only asking tells.
	Suspect []obd.Address
	claims  map[obd.Address]*claim
}

// claim is what one ECU says of itself.
type claim struct {
	ids  [256]bool
	sent [8]bool // bitmaps that were read, by base / 32
}

// Has tells whether the ECU claims the id. Bitmap ids (00, 20, ...) are claimed like any other.
func (s Support) Has(ecu obd.Address, id byte) bool {
	c := s.claims[ecu]
	return c != nil && c.ids[id]
}

// Any tells whether any ECU claims the id.
func (s Support) Any(id byte) bool {
	return slices.ContainsFunc(s.ECUs, func(e obd.Address) bool { return s.Has(e, id) })
}

// Who returns the ECUs that claim the id.
func (s Support) Who(id byte) []obd.Address {
	var who []obd.Address
	for _, e := range s.ECUs {
		if s.Has(e, id) {
			who = append(who, e)
		}
	}
	return who
}

// IDs returns the ids that any ECU claims, ascending, without those that hold bitmaps.
func (s Support) IDs() []byte { return collect(s.Any) }

// Of returns the ids that one ECU claims, ascending, without those that hold bitmaps.
func (s Support) Of(ecu obd.Address) []byte {
	return collect(func(id byte) bool { return s.Has(ecu, id) })
}

// IsSuspect tells that the ECU's claims are not to be believed.
func (s Support) IsSuspect(ecu obd.Address) bool { return slices.Contains(s.Suspect, ecu) }

func collect(claimed func(byte) bool) []byte {
	var ids []byte
	for id := 1; id < 256; id++ {
		if !isBitmap(byte(id)) && claimed(byte(id)) {
			ids = append(ids, byte(id))
		}
	}
	return ids
}

// isBitmap tells the ids whose data says which of the next 32 ids are known.
func isBitmap(id byte) bool { return id%0x20 == 0 }

// add takes one bitmap: bit 31 stands for base+1, bit 0 for base+32. Claims of everything make the ECU
// suspect: the first range of every service has ids that exclude each other or are reserved.
func (s *Support) add(ecu obd.Address, base byte, bits uint32) {
	if s.claims == nil {
		s.claims = map[obd.Address]*claim{}
	}
	c := s.claims[ecu]
	if c == nil {
		c = &claim{}
		s.claims[ecu] = c
		i, _ := slices.BinarySearch(s.ECUs, ecu)
		s.ECUs = slices.Insert(s.ECUs, i, ecu)
	}
	if base == 0 && bits == 0xFFFFFFFF && !s.IsSuspect(ecu) {
		s.Suspect = append(s.Suspect, ecu)
	}
	c.ids[base], c.sent[base/0x20] = true, true
	for i := range 32 {
		if id := int(base) + 1 + i; id < 256 && bits&(1<<(31-i)) != 0 {
			c.ids[id] = true
		}
	}
}

// announced tells that an ECU claims the bitmap at base and did not send it yet.
func (s *Support) announced(base byte) bool {
	for _, c := range s.claims {
		if c.ids[base] && !c.sent[base/0x20] {
			return true
		}
	}
	return false
}
