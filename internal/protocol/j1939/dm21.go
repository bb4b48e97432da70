package j1939

// PGNDM21 holds distances and times since the MIL was lit and the codes were cleared.
const PGNDM21 = 49408 // C100

// DM21 holds km and minutes.
type DM21 struct {
	DistanceMIL     Quantity `json:"distance_mil"`     // SPN 3069, 3294, km
	DistanceCleared Quantity `json:"distance_cleared"` // SPN 3069, 3294, km
	MinutesMIL      Quantity `json:"minutes_mil"`      // SPN 3295, 3296
	MinutesCleared  Quantity `json:"minutes_cleared"`  // SPN 3295, 3296
}

// ParseDM21 reads DM21.
func ParseDM21(data []byte) (DM21, error) {
	if len(data) < 8 {
		return DM21{}, short("DM21", data, 8)
	}
	return DM21{DistanceMIL: quantity(data[0:2], 1), DistanceCleared: quantity(data[2:4], 1),
		MinutesMIL: quantity(data[4:6], 1), MinutesCleared: quantity(data[6:8], 1)}, nil
}

// Bytes returns the message.
func (m DM21) Bytes() []byte {
	out := make([]byte, 8)
	for i, q := range []Quantity{m.DistanceMIL, m.DistanceCleared, m.MinutesMIL, m.MinutesCleared} {
		q.put(out[2*i : 2*i+2])
	}
	return out
}
