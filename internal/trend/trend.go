// Package trend says from monitor tests over time which one will fail next and about when.
//
// It speaks only where the data allow it: enough results over enough time, a decline that chance does not
// explain, and a date that lies nearer than the past reaches back. Everything else it leaves out.
package trend

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
)

// Forecast is the decline of one monitor test's margin and when it would reach its limit.
type Forecast struct {
	ECU      obd.Address `json:"ecu,omitzero"`
	MID      *uint8      `json:"mid,omitempty"`
	TID      uint8       `json:"tid"`
	Name     string      `json:"name,omitempty"`
	TestName string      `json:"test_name,omitempty"`

	Points           int        `json:"points"` // results that it was learned from, since the last repair
	From             time.Time  `json:"from"`
	To               time.Time  `json:"to"`
	Margin           float64    `json:"margin"`             // at To, on the line
	PerMonth         float64    `json:"per_month"`          // change of the margin in 30.44 days, negative
	PerMonthInterval [2]float64 `json:"per_month_interval"` // 95 %
	R2               float64    `json:"r2"`

	// Reaches is when the line reaches the limit; Earliest and Latest are the 95 % interval of that time.
	// Latest is absent when the decline might be too slow to get there.
	Reaches  time.Time  `json:"reaches"`
	Earliest time.Time  `json:"earliest"`
	Latest   *time.Time `json:"latest,omitempty"`
}

// What the data must offer.
const (
	minPoints = 6
	minSpan   = 14 * 24 * time.Hour
	// reach is how far the date may lie ahead, in spans of the past: a line says little beyond that.
	reach = 2.0
	month = 30.44 * 24 // hours
)

// Margins returns the forecasts of a vehicle's monitor tests, the soonest first. points may come in any
// order; results without a margin do not count. The cost grows with the points.
func Margins(points []fleet.TestPoint, now time.Time) []Forecast {
	groups := map[key][]fleet.TestPoint{}
	for _, p := range points {
		if p.Test.Margin != nil && !p.Test.NotRun && !math.IsNaN(*p.Test.Margin) && !math.IsInf(*p.Test.Margin, 0) {
			k := keyOf(p.Test)
			groups[k] = append(groups[k], p)
		}
	}
	all := []Forecast{}
	for _, g := range groups {
		slices.SortStableFunc(g, func(a, b fleet.TestPoint) int { return a.At.Compare(b.At) })
		if f, ok := forecast(sinceRepair(g), now); ok {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b Forecast) int {
		return cmp.Or(a.Reaches.Compare(b.Reaches), cmp.Compare(a.ECU, b.ECU), cmp.Compare(a.TID, b.TID), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// key names one test of one ECU.
type key struct {
	ecu            obd.Address
	mid, part, uas int
	tid            uint8
}

func keyOf(t obd.MonitorTest) key {
	k := key{ecu: t.ECU, mid: -1, part: -1, uas: -1, tid: t.TID}
	for at, from := range map[*int]*uint8{&k.mid: t.MID, &k.part: t.Part, &k.uas: t.UAS} {
		if from != nil {
			*at = int(*from)
		}
	}
	return k
}

// repaired is the rise of a margin from one result to the next that only a repair or a relearned
// adaptation explains.
const repaired = 0.25

// sinceRepair leaves out what was before the last such rise that held on: a single high result is scatter.
func sinceRepair(g []fleet.TestPoint) []fleet.TestPoint {
	for i := len(g) - 1; i > 0; i-- {
		if *g[i].Test.Margin-*g[i-1].Test.Margin <= repaired {
			continue
		}
		if i+1 == len(g) || *g[i+1].Test.Margin-*g[i-1].Test.Margin > repaired {
			return g[i:]
		}
	}
	return g
}

// forecast fits the line and asks whether it may be spoken of.
func forecast(g []fleet.TestPoint, now time.Time) (Forecast, bool) {
	if len(g) < minPoints {
		return Forecast{}, false
	}
	first, last := g[0], g[len(g)-1]
	past := last.At.Sub(first.At)
	if past < minSpan || !last.Test.Passed {
		return Forecast{}, false
	}
	x, y := make([]float64, len(g)), make([]float64, len(g))
	for i, p := range g {
		x[i], y[i] = p.At.Sub(first.At).Hours(), *p.Test.Margin
	}
	l, err := fit(x, y)
	if err != nil || l.slopeHigh() >= 0 {
		return Forecast{}, false
	}
	at, early, late := l.crossing()
	end := past.Hours()
	if l.at(end) <= 0 || at-end > reach*end {
		return Forecast{}, false
	}
	when := func(hours float64) time.Time {
		return obd.Stamp(first.At.Add(time.Duration(hours * float64(time.Hour))))
	}
	f := Forecast{
		ECU: last.Test.ECU, MID: last.Test.MID, TID: last.Test.TID, Name: last.Test.Name, TestName: last.Test.TestName,
		Points: len(g), From: first.At, To: last.At,
		Margin: l.at(end), PerMonth: l.slope * month, R2: l.r2,
		PerMonthInterval: [2]float64{l.slopeLow() * month, l.slopeHigh() * month},
		Reaches:          when(at), Earliest: when(math.Max(early, end)),
	}
	if !math.IsInf(late, 1) && late-end <= 10*end {
		t := when(late)
		f.Latest = &t
	}
	return f, f.Latest == nil || !f.Latest.Before(now) // a date that has passed and did not come was wrong
}
