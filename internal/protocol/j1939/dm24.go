package j1939

// PGNDM24 lists the parameters that a node supports.
const PGNDM24 = 64950 // FDB6

// Support is one parameter of DM24. A clear bit means "supported".
type Support struct {
	SPN         uint32 `json:"spn"`
	Freeze      bool   `json:"freeze"`      // in the expanded freeze frame (DM25)
	Stream      bool   `json:"stream"`      // in the data stream
	Test        bool   `json:"test"`        // has scaled test results (DM30)
	Rationality bool   `json:"rationality"` // has rationality data (DM58)
	Length      uint8  `json:"length"`      // bytes in the freeze frame
}

// ParseDM24 reads DM24. Entries in order: those with Freeze set lay out the frames of DM25. Entries of
// parameter 0 are padding and left out.
func ParseDM24(data []byte) ([]Support, error) {
	var out []Support
	for ; len(data) >= 4; data = data[4:] {
		spn, bits := spn19(data)
		if spn == 0 || spn == 0x7FFFF {
			continue
		}
		out = append(out, Support{SPN: spn, Freeze: bits&1 == 0, Stream: bits&2 == 0, Test: bits&4 == 0,
			Rationality: bits&8 == 0, Length: data[3]})
	}
	if len(data) > 0 && data[0] != 0xFF {
		return out, short("DM24", data, 4)
	}
	return out, nil
}

// DM24Bytes returns the message.
func DM24Bytes(list []Support) []byte {
	var out []byte
	for _, s := range list {
		b := [4]byte{3: s.Length}
		bits := uint8(0x10) | bit(!s.Freeze) | bit(!s.Stream)<<1 | bit(!s.Test)<<2 | bit(!s.Rationality)<<3
		putSPN19(b[:], s.SPN, bits)
		out = append(out, b[:]...)
	}
	return out
}

// Field is the bytes of one parameter of an expanded freeze frame.
type Field struct {
	SPN  uint32
	Data []byte
}

// Fields cuts the data of a DM25 frame by the layout of DM24. The last field may be cut short by the
// frame's end; rest is what the layout does not name.
func Fields(layout []Support, data []byte) (fields []Field, rest []byte) {
	for _, s := range layout {
		if !s.Freeze || s.Length == 0 {
			continue
		}
		n := int(s.Length)
		if n > len(data) {
			return fields, data
		}
		fields = append(fields, Field{SPN: s.SPN, Data: data[:n]})
		data = data[n:]
	}
	return fields, data
}
