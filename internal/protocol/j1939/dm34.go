package j1939

// PGNDM34 says whether the engine runs in an area of not-to-exceed testing.
const PGNDM34 = 40960 // A000

// Area is the state of one area.
type Area uint8

// The states.
const (
	Outside Area = iota
	Inside
	AreaReserved
	AreaNotAvailable
)

var areaNames = [...]string{"outside", "inside", "reserved", "not available"}

func (a Area) String() string { return areaNames[a&3] }

// MarshalText writes the state in words.
func (a Area) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// AreaStatus is the three areas of one pollutant.
type AreaStatus struct {
	Control    Area `json:"control"`
	CarveOut   Area `json:"carve_out"`
	Deficiency Area `json:"deficiency"`
}

// DM34 is the state for nitrogen oxides and for particulate matter.
type DM34 struct {
	NOx AreaStatus `json:"nox"`
	PM  AreaStatus `json:"pm"`
}

// ParseDM34 reads DM34.
func ParseDM34(data []byte) (DM34, error) {
	if len(data) < 2 {
		return DM34{}, short("DM34", data, 2)
	}
	return DM34{parseArea(data[0]), parseArea(data[1])}, nil
}

func parseArea(b byte) AreaStatus {
	return AreaStatus{Control: Area(b >> 6), CarveOut: Area(b >> 4 & 3), Deficiency: Area(b >> 2 & 3)}
}

func (a AreaStatus) bits() byte {
	return byte(a.Control)<<6 | byte(a.CarveOut&3)<<4 | byte(a.Deficiency&3)<<2 | 3
}

// Bytes returns the message.
func (m DM34) Bytes() []byte {
	return []byte{m.NOx.bits(), m.PM.bits(), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}
}
