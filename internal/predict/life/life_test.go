package life_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/life"
)

var names = []string{"speed setting", "outlet temperature", "pressure", "nameplate"}

// wear returns machines of 80 to 160 cycles. Two channels move faster and faster over the last 70 cycles, one is noise,
// one never changes.
func wear(n int, seed uint64) []life.Unit {
	r := rand.New(rand.NewPCG(seed, 1))
	var all []life.Unit
	for i := range n {
		u := life.Unit{ID: fmt.Sprint(i + 1), Failed: true}
		long := 80 + r.IntN(80)
		for c := range long {
			worn := math.Pow(max(0, 1-float64(long-1-c)/70), 2)
			u.Rows = append(u.Rows, []float64{r.NormFloat64(), 600 + 8*worn + r.NormFloat64()*0.3, 47 - worn + r.NormFloat64()*0.05, 100})
		}
		all = append(all, u)
	}
	return all
}

func settings() life.Settings {
	s := life.Default()
	s.Cap, s.Members, s.Epochs = 70, 3, 15
	return s
}

func TestLifeIsForetold(t *testing.T) {
	for _, kind := range []life.Kind{life.LSTM, life.Trees} {
		t.Run(string(kind), func(t *testing.T) {
			m, err := life.Train(context.Background(), kind, names, wear(24, 1), settings())
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Channels(); !slices.Equal(got, []string{"outlet temperature", "pressure"}) {
				t.Errorf("channels that count: %q", got)
			}
			held(t, m, wear(12, 2))
			var b bytes.Buffer
			if err := m.Save(&b); err != nil {
				t.Fatal(err)
			}
			again, err := life.Load(&b)
			if err != nil {
				t.Fatal(err)
			}
			rows := wear(1, 3)[0].Rows
			x, _ := m.Estimate(rows)
			if y, err := again.Estimate(rows); err != nil || !reflect.DeepEqual(x, y) {
				t.Errorf("saved %+v, loaded %+v, %v", x, y, err)
			}
		})
	}
}

// held checks a model on units that it has not seen.
func held(t *testing.T, m *life.Model, units []life.Unit) {
	t.Helper()
	square, n, inside, hits, soon, wrong, far := 0.0, 0.0, 0.0, 0, 0, 0, 0
	for _, u := range units {
		trace, err := m.Trace(u)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range trace {
			left := float64(len(u.Rows) - 1 - i)
			if e == nil {
				if i >= 4 {
					t.Fatalf("nothing said of cycle %d", i+1)
				}
				continue
			}
			truth := min(left, 70)
			square += (e.Life - truth) * (e.Life - truth)
			n++
			if e.Low <= truth && truth <= e.High {
				inside++
			}
			switch {
			case left <= 30 && e.Alarm:
				hits, soon = hits+1, soon+1
			case left <= 30:
				soon++
			case e.Alarm:
				wrong, far = wrong+1, far+1
			default:
				far++
			}
		}
	}
	if rmse := math.Sqrt(square / n); rmse > 9 { // the mean of all would be off by 23
		t.Errorf("off by %.1f cycles", rmse)
	}
	if share := inside / n; share < 0.8 {
		t.Errorf("intervals of 90 %% hold %.0f %%", 100*share)
	}
	if recall, fpr := float64(hits)/float64(soon), float64(wrong)/float64(far); recall < 0.8 || fpr > 0.06 {
		t.Errorf("%.0f %% of failures announced, %.1f %% false", 100*recall, 100*fpr)
	}
}

func trained(t testing.TB) *life.Model {
	t.Helper()
	m, err := life.Train(context.Background(), life.Trees, names, wear(10, 1), settings())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Both lives of a repaired machine are judged by a member that knows neither.
func TestLivesOfOneMachineAreJudgedByOneThatKnowsNeither(t *testing.T) {
	units := wear(12, 1)
	for i := range 6 {
		units[6+i].ID = units[i].ID
	}
	m, err := life.Train(context.Background(), life.Trees, names, units, settings())
	if err != nil {
		t.Fatal(err)
	}
	unseen, err := m.Unseen(units)
	if err != nil || slices.Contains(unseen, nil) {
		t.Fatal(unseen, err)
	}
	for i := range 6 {
		if !reflect.DeepEqual(unseen[i], unseen[6+i]) {
			t.Errorf("unit %d is judged by two members", i+1)
		}
	}
	if _, err := m.Member(0).Unseen(units); errs.KindOf(err) != errs.BadInput {
		t.Errorf("one member alone saw most: %v", err)
	}
}

func TestOnlyTheWindowCounts(t *testing.T) {
	m := trained(t)
	rows := wear(1, 5)[0].Rows
	whole, err := m.Estimate(rows)
	if err != nil {
		t.Fatal(err)
	}
	last, err := m.Estimate(rows[len(rows)-30:])
	if err != nil || !reflect.DeepEqual(whole, last) {
		t.Errorf("of all cycles %+v, of the last 30 %+v, %v", whole, last, err)
	}
}

func TestGapsStuckAndImpossibleValues(t *testing.T) {
	m := trained(t)
	change := func(f func(i int, row []float64)) (life.Estimate, error) {
		rows := wear(1, 6)[0].Rows
		for i, row := range rows {
			f(len(rows)-1-i, row)
		}
		return m.Estimate(rows)
	}
	whole, _ := change(func(int, []float64) {})
	gaps, err := change(func(left int, row []float64) {
		if left%4 == 1 {
			row[1] = math.NaN()
		}
	})
	if err != nil || math.Abs(gaps.Life-whole.Life) > 10 || len(gaps.Unusual) > 0 {
		t.Errorf("with some gaps %+v, without %+v, %v", gaps, whole, err)
	}
	_, err = change(func(_ int, row []float64) { row[1] = math.NaN() })
	if errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), "outlet temperature") {
		t.Errorf("a missing channel: %v", err)
	}
	for what, f := range map[string]func(int, []float64){
		"stuck":      func(left int, row []float64) { row[2] = 46.5 },
		"impossible": func(left int, row []float64) { row[2] = 1e30 },
		"infinite": func(left int, row []float64) {
			if left == 0 {
				row[2] = math.Inf(1)
			}
			if left == 1 {
				row[2] = 50000
			}
		},
	} {
		e, err := change(f)
		if err != nil || !slices.Equal(e.Unusual, []string{"pressure"}) || math.IsNaN(e.Life) {
			t.Errorf("%s: %+v, %v", what, e, err)
		}
	}
	if _, err := m.Estimate(wear(1, 7)[0].Rows[:4]); errs.KindOf(err) != errs.BadInput {
		t.Errorf("four cycles: %v", err)
	}
	if e, err := m.Estimate(wear(1, 7)[0].Rows[:5]); err != nil || e.Cycles != 5 {
		t.Errorf("five cycles: %+v, %v", e, err)
	}
	if _, err := m.Estimate([][]float64{{1, 2}}); errs.KindOf(err) != errs.BadInput {
		t.Errorf("two values: %v", err)
	}
}

func TestWithoutLabelsThereIsNoModel(t *testing.T) {
	running := wear(20, 1)
	for i := range running {
		running[i].Failed = i < 5
	}
	_, err := life.Train(context.Background(), life.LSTM, names, running, settings())
	if errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), "not trained: 5 labelled failures") {
		t.Errorf("five failures: %v", err)
	}
	noise := wear(20, 1)
	for _, u := range noise {
		for _, row := range u.Rows {
			row[1], row[2] = row[0], 3
		}
	}
	if _, err := life.Train(context.Background(), life.LSTM, names, noise, settings()); errs.KindOf(err) != errs.BadInput {
		t.Errorf("noise alone: %v", err)
	}
}

// Machines that still run teach what they lasted, not that they will never fail.
func TestRunningMachinesAreNotTakenForLastingOnes(t *testing.T) {
	units := wear(24, 1)
	for i := range 8 { // stopped being watched 12 cycles before the failure
		units[i].Failed = false
		units[i].Rows = units[i].Rows[:len(units[i].Rows)-12]
	}
	m, err := life.Train(context.Background(), life.Trees, names, units, settings())
	if err != nil {
		t.Fatal(err)
	}
	held(t, m, wear(12, 2))
}

func FuzzLoad(f *testing.F) {
	var b bytes.Buffer
	if err := trained(f).Save(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1,"kind":"lstm","settings":{"window":30,"block":5,"cap":125,"horizon":30,"members":5,"level":0.9,"epochs":30,"alarms":0.02},"names":["a"],"channels":[{"sd":1}],"band":[{}],"limit":0.5,"members":["AA=="]}`))
	rows := wear(1, 1)[0].Rows
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := life.Load(bytes.NewReader(b))
		if err != nil {
			if errs.KindOf(err) != errs.BadInput {
				t.Fatalf("an unexpected kind of error: %v", err)
			}
			return
		}
		if e, err := m.Estimate(rows); err == nil && math.IsNaN(e.Life) {
			t.Fatal("a number out of nothing")
		}
	})
}
