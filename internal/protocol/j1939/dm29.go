package j1939

// PGNDM29 counts the codes of a node.
const PGNDM29 = 40448 // 9E00

// DM29 is the number of codes by list.
type DM29 struct {
	Pending       Quantity `json:"pending"`         // emission-related (DM6)
	AllPending    Quantity `json:"all_pending"`     // DM27
	MILOn         Quantity `json:"mil_on"`          // DM12
	PreviousMILOn Quantity `json:"previous_mil_on"` // DM23
	Permanent     Quantity `json:"permanent"`       // DM28
}

// ParseDM29 reads DM29.
func ParseDM29(data []byte) (DM29, error) {
	if len(data) < 5 {
		return DM29{}, short("DM29", data, 5)
	}
	q := func(i int) Quantity { return quantity(data[i:i+1], 1) }
	return DM29{Pending: q(0), AllPending: q(1), MILOn: q(2), PreviousMILOn: q(3), Permanent: q(4)}, nil
}

// Bytes returns the message.
func (m DM29) Bytes() []byte {
	return []byte{byte(m.Pending.Raw), byte(m.AllPending.Raw), byte(m.MILOn.Raw), byte(m.PreviousMILOn.Raw), byte(m.Permanent.Raw), 0xFF, 0xFF, 0xFF}
}
