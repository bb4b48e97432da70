package j1939

// PGNDM22 clears one code. It is no request and is never sent in read-only mode.
const PGNDM22 = 49920 // C300

// DM22 is the clearing of one code or the answer to it.
type DM22 struct {
	Control   uint8  `json:"control"`   // 1, 17: request for a previously active or active code; 2, 18 done; 3, 19 refused
	Indicator uint8  `json:"indicator"` // why it was refused
	SPN       uint32 `json:"spn"`
	FMI       uint8  `json:"fmi"`
}

// ParseDM22 reads DM22.
func ParseDM22(data []byte) (DM22, error) {
	if len(data) < 8 {
		return DM22{}, short("DM22", data, 8)
	}
	m := DM22{Control: data[0], Indicator: data[1]}
	m.SPN, m.FMI = spn19(data[5:])
	return m, nil
}

// Bytes returns the message.
func (m DM22) Bytes() []byte {
	out := []byte{m.Control, m.Indicator, 0xFF, 0xFF, 0xFF, 0, 0, 0}
	putSPN19(out[5:], m.SPN, m.FMI)
	return out
}
