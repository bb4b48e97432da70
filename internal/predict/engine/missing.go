package engine

import (
	"fmt"
	"slices"
	"strings"
)

// judged lists the parts that a trip's measures can speak for.
func judged(stats []stat) []Part {
	var out []Part
	for _, s := range stats {
		if p := partOf(s.Measure, s.Side); p != Unknown && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

// missing says which limits of the model this trip could not be held against, and why.
func (m *Model) missing(t *Trip, stats []stat) []string {
	if m.Trips == 0 {
		return []string{fmt.Sprintf("a healthy past: %d trips of this vehicle believed healthy", MinTrips)}
	}
	heard := map[string]bool{}
	for _, s := range stats {
		heard[s.Measure] = true
	}
	var out []string
	for _, l := range m.Limits {
		if heard[l.Measure] {
			continue
		}
		heard[l.Measure] = true
		if p := partOf(l.Measure, l.Side); p != Unknown {
			out = append(out, fmt.Sprintf("%s was not judged: %s", l.Measure, m.whyNot(t, l.Measure)))
		}
	}
	for _, c := range channels() {
		learned := slices.ContainsFunc(m.Limits, func(l Limit) bool { return l.Measure == c.Name })
		if partOf(c.Name, above) == Unknown || learned || strings.HasSuffix(c.Name, "bank 2") {
			continue
		}
		why := "too few healthy trips hold " + strings.Join(c.wants(), ", ")
		if slices.Contains(c.Inputs, "filling") && t.has("TP") {
			why += ", or the throttle does not meter the air (a diesel's stands open)"
		}
		out = append(out, fmt.Sprintf("%s was not learned: %s", c.Name, why))
	}
	return out
}

func (m *Model) whyNot(t *Trip, measure string) string {
	for i := range m.Channels {
		f := &m.Channels[i]
		if f.Channel.Name != measure {
			continue
		}
		if none := f.Channel.missing(t); len(none) > 0 {
			return "no " + strings.Join(none, ", ")
		}
		all := 0
		f.Channel.seconds(t, make([]float64, len(f.Channel.Inputs)), func(int, float64) { all++ })
		if all < minSeconds {
			return fmt.Sprintf("%d s of %q, %d are needed", all, f.Channel.When, minSeconds)
		}
		return fmt.Sprintf("this trip drove where nothing was learned (%s outside what healthy trips had)", strings.Join(f.Channel.Inputs, ", "))
	}
	if h := m.Coolant; h != nil && (measure == coldName || measure == slowName) && t.has("ECT") && !h.knows(t) {
		return fmt.Sprintf("it was %.0f Cel outside, and no warm-up below %.0f Cel was learned", outside(t), h.Coldest)
	}
	if measure == roughName {
		return "the vehicle did not idle long enough, or RPM was heard less often than every 3 s"
	}
	for _, f := range flats() {
		if f.Name == measure {
			return fmt.Sprintf("no %s, or less than %d s of %q", f.Signal, minRunning, f.When)
		}
	}
	if p, ok := patternOf(measure); ok {
		return "not enough of " + strings.Join(p.Of, ", ")
	}
	var none []string
	for _, id := range m.signalsOf(measure) {
		if !t.has(id) {
			none = append(none, id)
		}
	}
	if len(none) > 0 {
		return "no " + strings.Join(none, ", ")
	}
	return "the trip was too short for it, or held too little of that kind of driving"
}

// wants lists every signal that a channel reads.
func (c channel) wants() []string {
	out := sources(c.Target)
	for _, name := range append([]string{c.When}, c.Inputs...) {
		for _, s := range sources(name) {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// signalsOf lists the signals behind a measure, the one that is judged first.
func (m *Model) signalsOf(measure string) []string {
	for _, f := range m.Channels {
		if f.Channel.Name == measure {
			return f.Channel.wants()
		}
	}
	for _, f := range flats() {
		if f.Name == measure {
			return []string{f.Signal}
		}
	}
	switch measure {
	case roughName:
		return []string{"RPM", "VSS"}
	case coldName, slowName, hotName, windName:
		return []string{"ECT", "RPM", "IAT"}
	case leanName:
		return []string{"SHRTFT1", "LONGFT1", "MAP", "TP"}
	}
	return []string{"MAP", "TP", "RPM"}
}
