package evaluate

import (
	"fmt"
	"math"

	"github.com/fleetms/obdctl/internal/predict/life"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// record holds what was said of test units.
type record struct {
	truth  []float64   // official test: lives by unit
	whole  []float64   // mean squared error of the ensemble, a unit
	single [][]float64 // the same of each member
	inside []float64   // share of truths in the interval, a unit

	soon  []bool // every cycle: within the horizon
	risk  []float64
	alarm []float64 // 1 or 0
	left  []float64 // cycles to the failure
	unit  []int
}

// firstCut is the first cycle at which a window is full: units are cut anywhere from there on.
const firstCut = 30

// add follows a unit through its life.
func (r *record) add(m *life.Model, u life.Unit) error {
	s := life.Default()
	trace, err := m.Trace(u)
	if err != nil {
		return err
	}
	r.whole = append(r.whole, squared(trace, s))
	inside, n := 0.0, 0.0
	for i, e := range trace {
		left := float64(len(trace) - 1 - i)
		risk, alarm := 0.0, 0.0
		if e != nil {
			risk = e.Risk
			if e.Alarm {
				alarm = 1
			}
			if truth := min(left, s.Cap); i >= firstCut {
				n++
				if e.Low <= truth && truth <= e.High {
					inside++
				}
			}
		}
		r.soon, r.risk, r.alarm = append(r.soon, left <= s.Horizon), append(r.risk, risk), append(r.alarm, alarm)
		r.unit, r.left = append(r.unit, len(r.whole)), append(r.left, left)
	}
	r.inside = append(r.inside, inside/n)
	for i := range m.Members() {
		trace, err := m.Member(i).Trace(u)
		if err != nil {
			return err
		}
		if i >= len(r.single) {
			r.single = append(r.single, nil)
		}
		r.single[i] = append(r.single[i], squared(trace, s))
	}
	return nil
}

// squared is the mean squared error over all cuts of a life.
func squared(trace []*life.Estimate, s life.Settings) float64 {
	sum, n := 0.0, 0.0
	for i, e := range trace {
		if i < firstCut {
			continue
		}
		d := e.Life - min(float64(len(trace)-1-i), s.Cap)
		sum += d * d
		n++
	}
	return sum / n
}

// addLast takes what is said at the last cycle of a test unit.
func (r *record) addLast(m *life.Model, u life.Unit) error {
	truth := min(r.truth[len(r.whole)], life.Default().Cap)
	e, err := m.Estimate(u.Rows)
	if err != nil {
		return fmt.Errorf("test unit %s: %w", u.ID, err)
	}
	r.whole = append(r.whole, (e.Life-truth)*(e.Life-truth))
	inside := 0.0
	if e.Low <= truth && truth <= e.High {
		inside = 1
	}
	r.inside = append(r.inside, inside)
	for i := range m.Members() {
		e, err := m.Member(i).Estimate(u.Rows)
		if err != nil {
			return err
		}
		if i >= len(r.single) {
			r.single = append(r.single, nil)
		}
		r.single[i] = append(r.single[i], (e.Life-truth)*(e.Life-truth))
	}
	return nil
}

func (e engines) figures(kind life.Kind, r record) []Figure {
	cuts := fmt.Sprintf("%d-fold by unit, units cut at every cycle from 31 on, each unit counts the same", e.Folds)
	all := e.lifeFigures(kind, r, cuts)
	full := fmt.Sprintf("%d-fold by unit, every cycle of whole lives; limit chosen inside the training units", e.Folds)
	confusion := func(rows []int) metric.Confusion {
		return metric.Confuse(split.Take(r.soon, rows), split.Take(r.alarm, rows), 0.5)
	}
	f1 := func(rows []int) float64 { return confusion(rows).F1() }
	fpr := func(rows []int) float64 { return confusion(rows).FPR() }
	add := func(name string, f func([]int) float64, target float64, better, note string) {
		i := metric.Bootstrap(r.unit, 1000, 0.95, 1, f)
		all = append(all, Figure{Model: e.together(kind), Data: e.data(), Split: full, Metric: name, Value: f(split.Rows(len(r.unit))),
			Low: i.Low, High: i.High, Target: target, Better: better, Note: note}.Judge())
	}
	c := confusion(split.Rows(len(r.unit)))
	add("F1 of failure within 30 cycles", f1, engineF1, Higher, fmt.Sprintf("TP %d, FP %d, FN %d, TN %d cycles", c.TP, c.FP, c.FN, c.TN))
	add("false positive rate of failure within 30 cycles", fpr, engineFPR, Lower, fmt.Sprintf("%.0f %% of the false alarms are 31 to 45 cycles before the failure", 100*r.early(45)))
	return all
}

// early is the share of false alarms at most so many cycles before the failure.
func (r record) early(cycles float64) float64 {
	near, n := 0.0, 0.0
	for i, a := range r.alarm {
		if a == 1 && !r.soon[i] {
			n++
			if r.left[i] <= cycles {
				near++
			}
		}
	}
	return near / n
}

func (e engines) together(kind life.Kind) string {
	return fmt.Sprintf("%s, %d together", e.alone(kind), e.Settings.Members)
}

func (e engines) alone(kind life.Kind) string {
	if kind == life.Trees {
		return "boosted trees"
	}
	return "LSTM"
}

func (e engines) data() string { return "C-MAPSS " + e.set + " (simulated)" }

// lifeFigures are those of the remaining life: the mean of single learners, all together, and the interval.
func (e engines) lifeFigures(kind life.Kind, r record, how string) []Figure {
	units := split.Rows(len(r.whole))
	rmse := func(squares []float64) func([]int) float64 {
		return func(rows []int) float64 { return math.Sqrt(average(squares, rows)) }
	}
	mean := func(rows []int) float64 {
		sum := 0.0
		for _, one := range r.single {
			sum += math.Sqrt(average(one, rows)) / float64(len(r.single))
		}
		return sum
	}
	inside := func(rows []int) float64 { return average(r.inside, rows) }
	figure := func(model, name string, f func([]int) float64, target float64, better, note string) Figure {
		i := metric.Bootstrap(units, 1000, 0.95, 1, f)
		return Figure{Model: model, Data: e.data(), Split: how, Metric: name, Value: f(units), Low: i.Low, High: i.High,
			Target: target, Better: better, Note: note}.Judge()
	}
	sees := "sees the last 30 cycles, no age; life capped at 125"
	one := fmt.Sprintf("%s, mean of %d seeds", e.alone(kind), e.Settings.Members)
	goal := math.NaN()
	if kind == life.LSTM && e.set == "FD001" {
		goal = engineRMSE
	}
	return []Figure{
		figure(one, "RMSE of remaining life, cycles", mean, goal, Lower, sees+"; each seed leaves another part of the training units out"),
		figure(e.together(kind), "RMSE of remaining life, cycles", rmse(r.whole), goal, Lower, sees),
		figure(e.together(kind), "share of lives inside the 90 % interval", inside, math.NaN(), Higher, "should be 0.9; the interval is learned inside the training units"),
	}
}

func average(v []float64, rows []int) float64 {
	sum := 0.0
	for _, i := range rows {
		sum += v[i]
	}
	return sum / float64(len(rows))
}
