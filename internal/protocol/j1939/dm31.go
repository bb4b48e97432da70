package j1939

// PGNDM31 says which code lights which lamp.
const PGNDM31 = 41728 // A300

// Association is one code of DM31 and the lamps that it asks for.
type Association struct {
	DTC   DTC   `json:"dtc"`
	Lamps Lamps `json:"lamps"`
}

// ParseDM31 reads DM31: six bytes each.
func ParseDM31(data []byte, legacy uint8) ([]Association, error) {
	var out []Association
	for ; len(data) >= 6; data = data[6:] {
		if b := [4]byte(data); !isNone(b) {
			out = append(out, Association{DTC: ParseDTC(b, legacy), Lamps: ParseLamps(data[4], data[5])})
		}
	}
	if len(data) > 0 && data[0] != 0xFF && data[0] != 0 {
		return out, short("DM31", data, 6)
	}
	return out, nil
}

// DM31Bytes returns the message.
func DM31Bytes(list []Association) []byte {
	var out []byte
	for _, a := range list {
		b := a.DTC.Bytes()
		state, flash := a.Lamps.Bytes()
		out = append(append(out, b[:]...), state, flash)
	}
	return out
}
