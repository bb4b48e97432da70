package j1939

// PGNDM26 is the readiness of this driving cycle.
const PGNDM26 = 64952 // FDB8

// DM26 is the readiness of this driving cycle.
type DM26 struct {
	SinceStart Quantity `json:"since_start"` // seconds since the engine started, SPN 3301
	WarmUps    Quantity `json:"warm_ups"`    // since the codes were cleared, SPN 3302
	Systems    Systems  `json:"systems"`
}

// ParseDM26 reads DM26.
func ParseDM26(data []byte) (DM26, error) {
	if len(data) < 8 {
		return DM26{}, short("DM26", data, 8)
	}
	return DM26{SinceStart: quantity(data[0:2], 1), WarmUps: quantity(data[2:3], 1), Systems: Systems(data[3:8])}, nil
}

// Bytes returns the message.
func (m DM26) Bytes() []byte {
	out := make([]byte, 3, 8)
	m.SinceStart.put(out[0:2])
	m.WarmUps.put(out[2:3])
	return append(out, m.Systems[:]...)
}
