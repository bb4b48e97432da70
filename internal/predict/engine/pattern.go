package engine

import "math"

// pattern is what one cause does to several measures at once. Each may stay within its own limit; that all
// lean the same way is rarer than either.
type pattern struct {
	Name string
	Of   []string // measure/side
}

const (
	leanName     = "lean, with manifold pressure up at idle"
	mapHighName  = "manifold pressure too high throughout"
	mapLowName   = "manifold pressure too low throughout"
	patternLeast = 2 // measures of a pattern that a trip must allow
)

func patterns() []pattern {
	idle, all := mapIdleName+"/", mapName+"/"
	return []pattern{
		{leanName, []string{trimIdle1 + "/" + above, trimMove1 + "/" + above, idle + above}},
		{mapHighName, []string{idle + above, all + above}},
		{mapLowName, []string{idle + below, all + below}},
	}
}

func patternOf(measure string) (pattern, bool) {
	for _, p := range patterns() {
		if p.Name == measure {
			return p, true
		}
	}
	return pattern{}, false
}

// combine returns the mean of how far a pattern's measures went, each on its own scale of healthy trips.
func (p pattern) combine(stats []stat, scale map[string]Limit) (stat, bool) {
	out, n := stat{Measure: p.Name, Side: above}, 0
	for _, key := range p.Of {
		for _, s := range stats {
			l, ok := scale[key]
			if s.key() != key || !ok || l.vague() {
				continue
			}
			out.Value += math.Min((s.Value-l.Usual)/l.Spread, 3)
			out.At = math.Max(out.At, s.At)
			n++
		}
	}
	out.Value /= math.Max(float64(n), 1)
	return out, n >= patternLeast
}

// compose adds the patterns to what a trip reached.
func compose(stats []stat, scale map[string]Limit) []stat {
	var out []stat
	for _, p := range patterns() {
		if s, ok := p.combine(stats, scale); ok {
			out = append(out, s)
		}
	}
	return out
}
