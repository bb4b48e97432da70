package engine

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// Claims that a verdict can make.
const (
	Healthy  = "healthy" // nothing that could be judged lies beyond what healthy trips reach
	Faulty   = "faulty"  // and a part explains it
	Anomaly  = "anomaly" // something lies beyond, and no part that is known explains it
	NotKnown = "unknown" // too little was heard to judge anything
)

// Verdict is what is said of one trip.
type Verdict struct {
	Trip  string
	Start time.Time
	Claim string
	Part  Part   // that explains it best; "" where nothing is wrong
	Also  []Part // that explain some of it too, or could
	// Score is how far the furthest measure went, 1 being its limit.
	Score float64
	// Reach is how many of Of healthy trips went as far while held out; Low and High are the 95 % interval of
	// that share (Clopper and Pearson). Of is 0 where nothing was learned.
	Reach, Of int
	Low, High float64

	Reasons     []Reason // what lies beyond its limit, furthest first
	Near        *Reason  // where nothing does: what came nearest
	Judged      []Part   // that could be judged in this trip
	LearnedFrom string
	Missing     []string // what could not be judged, and for want of what
	WouldChange []string // what would change the verdict or make it surer
}

// Reason is one measure that speaks for the claim.
type Reason struct {
	Measure string
	Side    string   // above or below
	Signals []string // that it is reckoned from
	Value   float64  // how far this trip went, in Unit; on the side "below" counted downwards
	Usual   float64  // the median of healthy trips
	Limit   float64
	Unit    string
	Excess  float64 // 1 at the limit
	At      time.Time
	Part    Part // that this measure alone would name
}

// Judge says what can be said of one trip.
func (m *Model) Judge(t *Trip) Verdict {
	v := Verdict{Trip: t.ID, Start: t.Start, LearnedFrom: m.learnedFrom(), Missing: slices.Clone(t.Notes)}
	if n := t.running(); n < minRunning {
		v.Claim = NotKnown
		v.Missing = append(v.Missing, fmt.Sprintf("the engine was heard running for %d s, %d are needed", n, minRunning))
		v.WouldChange = []string{"a longer trip with RPM recorded"}
		return v
	}
	stats := m.measure(t)
	v.Judged = judged(stats)
	v.Missing = append(v.Missing, m.missing(t, stats)...)
	all := append(m.reasons(t, stats), physical(t)...)
	slices.SortStableFunc(all, func(a, b Reason) int { return compare(b.Excess, a.Excess) })
	for _, r := range all {
		if r.Excess > 1 {
			v.Reasons = append(v.Reasons, r)
		}
	}
	if len(all) > 0 {
		v.Score = all[0].Excess
	}
	v.conclude(t, all, stats)
	m.reach(&v)
	return v
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// reasons puts every stat against its limit.
func (m *Model) reasons(t *Trip, stats []stat) []Reason {
	limits := index(m.Limits)
	var out []Reason
	for _, s := range stats {
		l, ok := limits[s.key()]
		if !ok {
			continue
		}
		out = append(out, Reason{Measure: s.Measure, Side: s.Side, Signals: m.signalsOf(s.Measure), Value: s.Value, Usual: l.Usual,
			Limit: l.Value, Unit: l.Unit, Excess: l.excess(s.Value), At: t.moment(s.At), Part: l.part()})
	}
	return out
}

// excess is 0 at the median of healthy trips and 1 at the limit.
func (l Limit) excess(v float64) float64 {
	return math.Max(0, (v-l.Usual)/math.Max(l.Value-l.Usual, 1e-12))
}

func (v *Verdict) conclude(t *Trip, all []Reason, stats []stat) {
	if len(v.Reasons) == 0 {
		v.Claim = Healthy
		if len(all) == 0 {
			v.Claim = NotKnown
			v.WouldChange = []string{"a healthy past of this vehicle to learn from, or the signals that are missing"}
			return
		}
		v.Near = &all[0]
		v.WouldChange = []string{fmt.Sprintf("%s going %.3g times as far", all[0].Measure, 1/math.Max(all[0].Excess, 0.01))}
		return
	}
	v.Part, v.Also = name(v.Reasons, stats)
	if v.Claim = Faulty; v.Part == Unknown {
		v.Claim = Anomaly
	}
	v.WouldChange = []string{v.Part.Check(), "whether the next trips say the same"}
}

// reach says how rare such a trip is among healthy ones.
func (m *Model) reach(v *Verdict) {
	if v.Of = len(m.Furthest); v.Of == 0 || v.Claim == NotKnown {
		v.Of = 0
		return
	}
	for _, x := range m.Furthest {
		v.Reach += int(flag(x >= v.Score))
	}
	v.Low, v.High = share(v.Reach, v.Of)
}

// share is the exact 95 % interval of k in n (Clopper and Pearson, 1934).
func share(k, n int) (low, high float64) {
	low, high = 0, 1
	if k > 0 {
		low = distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.Quantile(0.025)
	}
	if k < n {
		high = distuv.Beta{Alpha: float64(k + 1), Beta: float64(n - k)}.Quantile(0.975)
	}
	return low, high
}

func (m *Model) learnedFrom() string {
	if m.Trips == 0 {
		return "physical limits only: nothing was learned of this vehicle yet"
	}
	return fmt.Sprintf("%d healthy trips of this vehicle, %.1f h of running engine, and physical limits", m.Trips, m.Hours)
}

func (t *Trip) moment(second float64) time.Time {
	return t.Start.Add(time.Duration(second * float64(time.Second)))
}
