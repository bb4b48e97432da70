package anomaly

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/predict/engine"
)

// Claims that a verdict can make.
const (
	Usual    = "usual"
	Unusual  = "anomaly"
	NotKnown = "unknown"
)

// Verdict is how unlike a trip is to the past.
type Verdict struct {
	Trip  string
	Claim string
	// Score is the forest's: near 1 for what is set apart at once. Above Limit a trip is an anomaly.
	Score, Limit float64
	Reach, Of    int     // healthy trips of the vehicle, each held out, that scored as high
	PeerShare    float64 // share of peers' trips that score as high in their own forest; NaN without peers
	Reasons      []Reason
	LearnedFrom  string
	Missing      []string // signals that the trip did not tell of
	WouldChange  []string
}

// Reason is one measure that sets the trip apart.
type Reason struct {
	Measure      string // measure/side
	Signals      []string
	Value        float64 // on the scale of healthy trips: 1 is their 98th percentile
	Contribution float64 // by how much the score falls when this measure alone is made usual
}

const (
	leastJudged = 5 // signals that a trip must tell of
	mostReasons = 5
)

// Judge says how unlike a trip is, given how it stands in the engine's model that m was learned from.
func (m *Model) Judge(s engine.Standing) Verdict {
	row := m.row(s, m.measures)
	v := Verdict{Trip: s.Trip, Limit: m.limit, Of: len(m.past), LearnedFrom: m.learnedFrom(), PeerShare: math.NaN()}
	known := map[string]bool{}
	for i, x := range s.Values[:min(len(s.Values), len(m.measures))] {
		if x == x {
			known[m.group[m.measures[i]]] = true
		}
	}
	for _, g := range m.groups {
		if !known[g] {
			v.Missing = append(v.Missing, g)
		}
	}
	if len(known) < leastJudged {
		v.Claim, v.Of = NotKnown, 0
		v.WouldChange = []string{fmt.Sprintf("a trip that tells of at least %d signals; this one of %d", leastJudged, len(known))}
		return v
	}
	v.Score = m.own.Score(row)
	v.Reach = reach(m.past, v.Score)
	if m.peers != nil {
		v.PeerShare = float64(reach(m.theirs, m.peers.Score(row))) / float64(len(m.theirs))
	}
	v.Reasons = m.reasons(s, row, v.Score)
	if v.Claim = Usual; v.Score > m.limit {
		v.Claim = Unusual
		v.WouldChange = []string{"whether the next trips stand out the same way", "a look at " + signalsOf(v.Reasons)}
	}
	return v
}

func reach(sorted []float64, score float64) int {
	i, _ := slices.BinarySearch(sorted, score)
	return len(sorted) - i
}

// reasons puts each signal in turn at the median of healthy trips: how much the score falls is its share.
func (m *Model) reasons(s engine.Standing, row []float64, score float64) []Reason {
	var out []Reason
	for i, x := range row {
		if !(x > 0) {
			continue
		}
		row[i] = 0
		if c := score - m.own.Score(row); c > 0 {
			key := m.furthest(s, m.groups[i])
			out = append(out, Reason{Measure: key, Signals: m.signals[key], Value: x, Contribution: c})
		}
		row[i] = x
	}
	slices.SortStableFunc(out, func(a, b Reason) int {
		switch {
		case a.Contribution > b.Contribution:
			return -1
		case a.Contribution < b.Contribution:
			return 1
		}
		return 0
	})
	return out[:min(len(out), mostReasons)]
}

// furthest is the measure of a signal that went furthest.
func (m *Model) furthest(s engine.Standing, group string) (key string) {
	far := math.Inf(-1)
	for i, x := range s.Values[:min(len(s.Values), len(m.measures))] {
		if m.group[m.measures[i]] == group && x > far {
			key, far = m.measures[i], x
		}
	}
	return key
}

func signalsOf(reasons []Reason) string {
	var all []string
	for _, r := range reasons[:min(len(reasons), 2)] {
		if len(r.Signals) > 0 && !slices.Contains(all, r.Signals[0]) {
			all = append(all, r.Signals[0])
		}
	}
	return strings.Join(all, " and ")
}
