package unit

// metric lists units that foreign logs use beside ours, and what they are in ours: to = from*factor + offset.
var metric = []struct {
	from, to       string
	factor, offset float64
}{
	{"K", "Cel", 1, -273.15},
	{"m/s", "km/h", 3.6, 0},
	{"mV", "V", 1e-3, 0},
	{"mA", "A", 1e-3, 0},
	{"[g]", "m/s2", 9.80665, 0},
	{"rad/s", "deg/s", 57.29577951308232, 0},
	{"Hz", "/min", 60, 0},
	{"/s", "/min", 60, 0},
	{"m", "km", 1e-3, 0},
}

// Into returns a value in another unit. A missing unit is taken as the wanted one; false where it is another
// quantity, or one that cannot be turned into the other.
func Into(value float64, from, to string) (float64, bool) {
	if from == to || from == "" {
		return value, true
	}
	for _, t := range twins {
		if t.imperial == from && t.metric == to {
			return (value - t.offset) / t.factor, true
		}
	}
	for _, m := range metric {
		if m.from == from && m.to == to {
			return value*m.factor + m.offset, true
		}
	}
	return 0, false
}
