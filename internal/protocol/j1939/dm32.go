package j1939

// PGNDM32 holds how long codes that exceed emission levels were active.
const PGNDM32 = 41472 // A200

const exceedanceBytes = 8

// Exceedance is one code of DM32.
type Exceedance struct {
	SPN         uint32   `json:"spn"`
	FMI         uint8    `json:"fmi"`
	Active      Quantity `json:"active"`       // total times, h
	Previously  Quantity `json:"previously"`   // total times, h
	UntilDerate Quantity `json:"until_derate"` // h
}

// ParseDM32 reads DM32.
func ParseDM32(data []byte) ([]Exceedance, error) {
	var out []Exceedance
	for ; len(data) >= exceedanceBytes; data = data[exceedanceBytes:] {
		if data[0] == 0xFF && data[1] == 0xFF && data[2] == 0xFF || data[0]|data[1]|data[2] == 0 {
			continue
		}
		e := Exceedance{Active: quantity(data[3:5], 0.2), Previously: quantity(data[5:7], 0.2), UntilDerate: quantity(data[7:8], 0.25)}
		e.SPN, e.FMI = spn19(data)
		out = append(out, e)
	}
	if len(data) > 0 && data[0] != 0xFF {
		return out, short("DM32", data, exceedanceBytes)
	}
	return out, nil
}

// DM32Bytes returns the message.
func DM32Bytes(list []Exceedance) []byte {
	var out []byte
	for _, e := range list {
		b := make([]byte, exceedanceBytes)
		putSPN19(b, e.SPN, e.FMI)
		e.Active.put(b[3:5])
		e.Previously.put(b[5:7])
		e.UntilDerate.put(b[7:8])
		out = append(out, b...)
	}
	return out
}
