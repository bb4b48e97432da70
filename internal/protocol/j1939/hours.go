package j1939

// Hours is PGN 65253.
type Hours struct {
	Total       Quantity `json:"total"`       // engine hours, SPN 247, h
	Revolutions Quantity `json:"revolutions"` // SPN 249
}

// ParseHours reads the engine hours.
func ParseHours(data []byte) (Hours, error) {
	if len(data) < 8 {
		return Hours{}, short("engine hours", data, 8)
	}
	return Hours{quantity(data[0:4], 0.05), quantity(data[4:8], 1000)}, nil
}
