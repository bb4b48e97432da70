package engine

// Model is what was learned of one vehicle. The zero Model knows physical limits only.
type Model struct {
	Version    int     `json:"version"`
	Vehicle    string  `json:"vehicle,omitempty"`
	Trips      int     `json:"trips"` // healthy trips that it was learned from
	Hours      float64 `json:"hours"` // of running engine in them
	FalseAlarm float64 `json:"false_alarm"`

	Channels []fitted `json:"channels,omitempty"`
	Coolant  *heat    `json:"coolant,omitempty"`
	Limits   []Limit  `json:"limits,omitempty"`
	// Furthest is the score of each healthy trip while it was held out, sorted.
	Furthest []float64 `json:"furthest,omitempty"`
	// Past is how each of them stood, for what compares whole patterns.
	Past []Standing `json:"past,omitempty"`
}

// fit learns every channel and the heat balance, and returns how far each healthy trip went while held out.
func (m *Model) fit(trips []Trip) [][]stat {
	all := make([][]stat, len(trips))
	for _, c := range channels() {
		f, stats, ok := fitChannel(c, trips)
		if !ok {
			continue
		}
		m.Channels = append(m.Channels, *f)
		for i, s := range stats {
			all[i] = append(all[i], s...)
		}
	}
	if h, ok := learnHeat(trips); ok {
		m.Coolant = h
	}
	for i := range trips {
		if m.Coolant != nil {
			all[i] = append(all[i], m.Coolant.stats(&trips[i])...)
		}
		all[i] = append(all[i], direct(&trips[i])...)
	}
	return all
}

// direct are the measures that need no model.
func direct(t *Trip) []stat {
	var out []stat
	for _, f := range flats() {
		if s, ok := f.longest(t); ok {
			out = append(out, s)
		}
	}
	if s, ok := roughness(t); ok {
		out = append(out, s)
	}
	return out
}

// floor is the smallest deviation of a measure that counts, and its unit.
func (m *Model) floor(measure string) (float64, string) {
	for _, f := range m.Channels {
		if f.Channel.Name == measure {
			return f.Channel.Floor, f.Channel.Unit
		}
	}
	for _, f := range flats() {
		if f.Name == measure {
			return f.Floor, "s"
		}
	}
	if _, ok := patternOf(measure); ok {
		return 0.6, ""
	}
	if measure == roughName {
		return roughFloor, "/min"
	}
	return coolantFloor(measure), "K"
}

// measure returns how far a trip goes on everything that the model knows.
func (m *Model) measure(t *Trip) []stat {
	var all []stat
	for i := range m.Channels {
		f := &m.Channels[i]
		all = append(all, f.stats(f.residuals(t, f.Model.Coef))...)
	}
	if m.Coolant != nil {
		all = append(all, m.Coolant.stats(t)...)
	}
	all = append(all, direct(t)...)
	return append(all, compose(all, index(m.Limits))...)
}
