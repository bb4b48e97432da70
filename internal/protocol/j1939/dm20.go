package j1939

// PGNDM20 holds how often monitors ran in use.
const PGNDM20 = 49664 // C200

// Ratio is how often one monitor ran and how often it could have.
type Ratio struct {
	SPN         uint32   `json:"spn"`
	Numerator   Quantity `json:"numerator"`
	Denominator Quantity `json:"denominator"`
}

// DM20 is the monitor performance in use.
type DM20 struct {
	Ignitions  Quantity `json:"ignitions"`  // ignition cycles
	Conditions Quantity `json:"conditions"` // times that the general conditions were met
	Ratios     []Ratio  `json:"ratios"`
}

// ParseDM20 reads DM20. Unlike in codes, the three highest bits of a number stand at the lower end of the
// third byte, below five ones.
func ParseDM20(data []byte) (DM20, error) {
	if len(data) < 4 {
		return DM20{}, short("DM20", data, 4)
	}
	m := DM20{Ignitions: quantity(data[0:2], 1), Conditions: quantity(data[2:4], 1)}
	for data = data[4:]; len(data) >= 7; data = data[7:] {
		spn := uint32(data[0]) | uint32(data[1])<<8 | uint32(data[2]&7)<<16
		if spn == 0x7FFFF {
			continue // padding
		}
		m.Ratios = append(m.Ratios, Ratio{SPN: spn, Numerator: quantity(data[3:5], 1), Denominator: quantity(data[5:7], 1)})
	}
	return m, nil
}

// Bytes returns the message.
func (m DM20) Bytes() []byte {
	out := make([]byte, 4+7*len(m.Ratios))
	m.Ignitions.put(out[0:2])
	m.Conditions.put(out[2:4])
	for i, r := range m.Ratios {
		b := out[4+7*i:]
		b[0], b[1], b[2] = byte(r.SPN), byte(r.SPN>>8), 0xF8|byte(r.SPN>>16)&7
		r.Numerator.put(b[3:5])
		r.Denominator.put(b[5:7])
	}
	return out
}
