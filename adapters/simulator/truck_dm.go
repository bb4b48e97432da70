package simulator

import (
	"slices"
)

// Parameter groups of SAE J1939-73 diagnostic messages, and of the network.
const (
	pgnDM1       = 65226
	pgnDM2       = 65227
	pgnDM3       = 65228
	pgnDM4       = 65229
	pgnDM5       = 65230
	pgnDM6       = 65231
	pgnDM7       = 58112
	pgnDM11      = 65235
	pgnDM12      = 65236
	pgnDM19      = 54016
	pgnDM20      = 49664
	pgnDM21      = 49408
	pgnDM23      = 64949
	pgnDM24      = 64950
	pgnDM25      = 64951
	pgnDM26      = 64952
	pgnDM28      = 64896
	pgnDM29      = 40448
	pgnDM30      = 41984
	pgnDM56      = 64711
	pgnECU       = 64965
	pgnSoftware  = 65242
	pgnComponent = 65259
	pgnVIN       = 65260
)

// lamps are the two bits of a lamp and the two of its flashing.
var lamps = map[string]struct{ lit, flash byte }{
	"": {0, 3}, "off": {0, 3}, "on": {1, 3}, "slow": {1, 0}, "fast": {1, 1},
}

// lampBytes are the first two bytes of the lists of codes; without codes every lamp is off.
func (n *truckNode) lampBytes(list []truckCode) []byte {
	l := n.spec.Lamps
	if len(list) == 0 {
		l = lampSpec{}
	}
	var b [2]byte
	for i, name := range []string{l.Protect, l.Amber, l.Red, l.MIL} {
		b[0] |= lamps[name].lit << (2 * i)
		b[1] |= lamps[name].flash << (2 * i)
	}
	return b[:]
}

// bytes are SPN, FMI, conversion method and occurrence count.
func (c *truckCode) bytes() []byte {
	b := []byte{byte(c.SPN), byte(c.SPN >> 8), byte(c.SPN>>16)<<5 | c.FMI&0x1F, c.Count & 0x7F}
	if c.Old { // the SPN with its most significant bits first
		b = []byte{byte(c.SPN >> 11), byte(c.SPN >> 3), byte(c.SPN<<5) | c.FMI&0x1F, 0x80 | c.Count&0x7F}
	}
	return b
}

// listOf is a list of codes with the lamps before it; no codes are one of zeros.
func (n *truckNode) listOf(list []truckCode) []byte {
	b := n.lampBytes(n.codes.Active)
	if len(list) == 0 {
		b = append(b, 0, 0, 0, 0)
	}
	for i := range list {
		b = append(b, list[i].bytes()...)
	}
	return eight(b)
}

// eight fills a short message with FF.
func eight(b []byte) []byte {
	for len(b) < 8 {
		b = append(b, 0xFF)
	}
	return b
}

// message returns the data of a group that this node has; the network's own requests come here.
func (n *truckNode) message(pgn uint32, s *state) ([]byte, bool) {
	if g, ok := groups[pgn]; ok {
		_, sends := n.spec.Broadcast[pgn]
		return g.data(s), sends || slices.Contains(n.spec.Request, pgn)
	}
	if data, ok := n.identity(pgn); ok {
		return data, true
	}
	switch pgn {
	case pgnDM1:
		return n.listOf(n.codes.Active), true
	case pgnDM2:
		return n.listOf(n.codes.Previous), true
	}
	if n.spec.OBD == nil {
		return nil, false
	}
	return n.emission(pgn, s)
}

// identity is what a node says of itself.
func (n *truckNode) identity(pgn uint32) ([]byte, bool) {
	spec := n.spec
	switch {
	case pgn == pgnVIN && spec.VIN != "":
		return eight([]byte(spec.VIN + "*")), true
	case pgn == pgnComponent && spec.Component != "":
		return eight([]byte(spec.Component + "*")), true
	case pgn == pgnECU && spec.ECU != "":
		return eight([]byte(spec.ECU + "*")), true
	case pgn == pgnSoftware && len(spec.Software) > 0:
		b := []byte{byte(len(spec.Software))}
		for _, part := range spec.Software {
			b = append(append(b, part...), '*')
		}
		return eight(b), true
	case pgn == pgnDM19 && len(spec.Calibrations) > 0:
		var b []byte
		for _, c := range spec.Calibrations {
			b = append(b, byte(c.CVN), byte(c.CVN>>8), byte(c.CVN>>16), byte(c.CVN>>24))
			b = append(b, padded(c.ID, calidLength)...)
		}
		return b, true
	}
	return nil, false
}

// emission is what only an emission control unit has.
func (n *truckNode) emission(pgn uint32, s *state) ([]byte, bool) {
	o := n.spec.OBD
	switch pgn {
	case pgnDM4:
		return n.freezeFrames(), true
	case pgnDM5:
		return n.readiness(), true
	case pgnDM6:
		return n.listOf(n.codes.Pending), true
	case pgnDM12:
		return n.listOf(n.codes.Confirmed), true
	case pgnDM20:
		return n.performance(), len(o.Ratios) > 0
	case pgnDM21:
		return n.sinceClear(s), true
	case pgnDM23:
		return n.listOf(n.codes.Lit), true
	case pgnDM24:
		return n.supportedSPNs(), len(o.SPNs) > 0
	case pgnDM25:
		return n.expandedFrames(), len(o.Expanded) > 0
	case pgnDM26:
		return n.cycle(s), true
	case pgnDM28:
		return n.listOf(n.codes.Permanent), true
	case pgnDM29:
		return pack(len(n.codes.Pending), len(n.codes.Pending), len(n.codes.Confirmed), len(n.codes.Lit), len(n.codes.Permanent), 0xFF, 0xFF, 0xFF), true
	case pgnDM30:
		return n.tests(func(*truckTest) bool { return true })
	case pgnDM56:
		return []byte(padText(o.Year, 8) + o.Family + "*"), o.Family != ""
	}
	return nil, false
}

func padText(text string, length int) string {
	for len(text) < length {
		text += " "
	}
	return text[:length]
}
