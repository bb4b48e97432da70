package battery_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/battery"
)

// cell makes a cell whose discharge curve moves the faster the shorter its life is.
func cell(r *rand.Rand, life float64) battery.Cell {
	c := battery.Cell{Name: fmt.Sprintf("of %.0f cycles", life), NominalAh: 1.1, Charge: map[int][]float64{}, Life: life}
	for i := range 100 {
		c.Volts = append(c.Volts, 3.5-0.015*float64(i))
	}
	first := 1.06 + 0.01*r.NormFloat64()
	for n := 2; n <= 100; n++ {
		q := make([]float64, len(c.Volts))
		for i, v := range c.Volts {
			fade := 30 / life * float64(n) / 100 * math.Exp(-(v-3.1)*(v-3.1)/0.0225)
			q[i] = first/(1+math.Exp((v-3.05)/0.05)) - fade + 1e-4*r.NormFloat64()
		}
		c.Charge[n] = q
	}
	return c
}

func cells(seed uint64, n int) []battery.Cell {
	r := rand.New(rand.NewPCG(seed, seed))
	out := make([]battery.Cell, n)
	for i := range out {
		out[i] = cell(r, math.Round(400*math.Exp(1.4*r.Float64())))
	}
	return out
}

func model(t *testing.T) *battery.LifeModel {
	t.Helper()
	m, err := battery.LearnLife(cells(1, 40), 3.5, 2.02, "test")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLifeFollowsTheChangeOfTheCurve(t *testing.T) {
	m := model(t)
	held := 0
	for _, c := range cells(2, 40) {
		l, err := m.Estimate(c)
		if err != nil {
			t.Fatal(err)
		}
		if e := math.Abs(l.Cycles-c.Life) / c.Life; e > 0.15 {
			t.Errorf("cell %s is told %.0f", c.Name, l.Cycles)
		}
		if l.Low <= c.Life && c.Life <= l.High {
			held++
		}
	}
	if held < 32 {
		t.Errorf("%d of 40 intervals of 90 %% hold the life", held)
	}
}

func TestADisturbedCycleDoesNoHarm(t *testing.T) {
	m, c := model(t), cells(3, 1)[0]
	clean, _ := m.Estimate(c)
	for i := range c.Charge[98] {
		c.Charge[98][i] = 0.3
		c.Charge[10][i] = math.NaN()
	}
	if l, err := m.Estimate(c); err != nil || math.Abs(l.Cycles-clean.Cycles) > 0.03*clean.Cycles {
		t.Errorf("%v %v, clean %v", l, err, clean)
	}
}

func TestAnotherOrderAndGridOfVoltagesSayTheSame(t *testing.T) {
	m, c := model(t), cells(4, 1)[0]
	want, _ := m.Estimate(c)
	slices.Reverse(c.Volts)
	for _, q := range c.Charge {
		slices.Reverse(q)
	}
	if l, err := m.Estimate(c); err != nil || math.Abs(l.Cycles-want.Cycles) > 1e-6 {
		t.Errorf("%v %v, want %v", l, err, want)
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	m, good := model(t), cells(5, 1)[0]
	few := good
	few.Charge = map[int][]float64{2: good.Charge[2], 10: good.Charge[10], 100: good.Charge[100]}
	narrow := good
	narrow.Volts = slices.Clone(good.Volts)
	for i := range narrow.Volts {
		narrow.Volts[i] = 4.2 - 0.01*float64(i)
	}
	nominal := good
	nominal.NominalAh = 0
	for what, c := range map[string]battery.Cell{
		"discharge curves are needed": few, "does not span": narrow, "nominal capacity": nominal, "too coarse": {NominalAh: 1},
	} {
		told := battery.PredictCell(m, c, 100)
		_, err := m.Estimate(c)
		if told.Value != nil || told.Told() || len(told.Missing) == 0 || err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %+v, %v", what, told, err)
		}
	}
	if told := battery.PredictCell(nil, good, 100); told.Value != nil || !slices.Contains(told.Marks, fleet.MarkUntrained) {
		t.Errorf("without a model: %+v", told)
	}
	if told := battery.PredictCell(m, good, 100); told.Value == nil || !told.Told() || told.Interval.Low > *told.Value {
		t.Errorf("%+v", told)
	}
	large := good
	large.NominalAh = 60
	large.Charge = map[int][]float64{}
	for n, q := range good.Charge {
		for _, v := range q {
			large.Charge[n] = append(large.Charge[n], v*60/1.1)
		}
	}
	if told := battery.PredictCell(m, large, 100); told.Value != nil || !strings.Contains(told.Missing[0], "nominal capacity") {
		t.Errorf("a cell of another kind is told a life: %+v", told)
	}
}

func TestTooFewCellsTeachNothing(t *testing.T) {
	if _, err := battery.LearnLife(cells(6, 11), 3.5, 2.02, "test"); err == nil || !strings.Contains(err.Error(), "11 cells") {
		t.Error(err)
	}
}

func TestASavedModelSaysTheSame(t *testing.T) {
	m, c := model(t), cells(7, 1)[0]
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	back, err := battery.LoadLife(&b)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := m.Estimate(c)
	if got, err := back.Estimate(c); err != nil || got.Cycles != want.Cycles || got.Low != want.Low {
		t.Errorf("%v %v, want %v", got, err, want)
	}
}

func FuzzLoadLife(f *testing.F) {
	m, err := battery.LearnLife(cells(1, 13), 3.5, 2.02, "test")
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1,"model":{"errors":[]}}`))
	f.Add([]byte(`{"version":9}`))
	c := cells(8, 1)[0]
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := battery.LoadLife(bytes.NewReader(data))
		if err != nil {
			return
		}
		if l, err := m.Estimate(c); err == nil && !(l.Cycles >= 0 && l.Low <= l.High) {
			t.Errorf("%+v", l)
		}
	})
}
