package j1939

// Parameter groups of lists of trouble codes, all laid out alike.
const (
	PGNDM1  = 65226 // FECA: active codes, broadcast every second
	PGNDM2  = 65227 // FECB: previously active codes
	PGNDM6  = 65231 // FECF: pending emission-related codes
	PGNDM12 = 65236 // FED4: active codes that light the MIL
	PGNDM23 = 64949 // FDB5: previously active codes that lit the MIL
	PGNDM27 = 64898 // FD82: all pending codes
	PGNDM28 = 64896 // FD80: permanent codes
	PGNDM35 = 40704 // 9F00: immediate fault status
)

// List is the four lamps and a list of codes: DM1, DM2, DM6, DM12, DM23, DM27, DM28 and DM35.
type List struct {
	Lamps Lamps `json:"lamps"`
	DTCs  []DTC `json:"dtcs"` // without the patterns that mean "none"
}

// ParseList reads a list. Every byte behind the lamps belongs to a code of four bytes; all zero (today) and
// all ones (before 2000) mean that there is none. legacy is as in [ParseDTC].
func ParseList(data []byte, legacy uint8) (List, error) {
	if len(data) < 2 {
		return List{}, short("list of codes", data, 2)
	}
	return List{Lamps: ParseLamps(data[0], data[1]), DTCs: parseDTCs(data[2:], legacy)}, nil
}

// Bytes returns the list: at least one frame, padded with FF behind the one pattern for "none".
func (l List) Bytes() []byte {
	state, flash := l.Lamps.Bytes()
	out := []byte{state, flash}
	for _, d := range l.DTCs {
		b := d.Bytes()
		out = append(out, b[:]...)
	}
	if len(l.DTCs) == 0 {
		out = append(out, 0, 0, 0, 0)
	}
	for len(out) < 8 {
		out = append(out, 0xFF)
	}
	return out
}
