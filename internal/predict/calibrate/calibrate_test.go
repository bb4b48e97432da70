package calibrate_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/calibrate"
)

// draws are n scores whose log odds are 2*score-1.
func draws(n int, seed uint64) (label []bool, score []float64) {
	r := rand.New(rand.NewPCG(seed, 0))
	for range n {
		s := 2 * r.NormFloat64()
		score = append(score, s)
		label = append(label, r.Float64() < 1/(1+math.Exp(1-2*s)))
	}
	return label, score
}

func TestPlattFindsTheSigmoid(t *testing.T) {
	label, score := draws(20000, 1)
	p, err := calibrate.FitPlatt(label, score)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(p.Slope-2) > 0.1 || math.Abs(p.Offset+1) > 0.1 {
		t.Errorf("%+v, want a slope of 2 and an offset of -1", p)
	}
	large := make([]float64, len(score)) // the same in another unit
	for i, s := range score {
		large[i] = 1e6*s + 1e8
	}
	q, err := calibrate.FitPlatt(label, large)
	if err != nil || math.Abs(q.Probability(1e8)-p.Probability(0)) > 1e-6 {
		t.Errorf("%+v, %v", q, err)
	}
}

func TestSeparableAndConstantScores(t *testing.T) {
	p, err := calibrate.FitPlatt([]bool{false, false, true, true}, []float64{1, 2, 3, 4})
	if err != nil || !(p.Probability(4) > 0.7 && p.Probability(4) < 0.99) { // Platt's targets are 3/4 and 1/4
		t.Errorf("%+v says %v of the highest score, %v", p, p.Probability(4), err)
	}
	p, err = calibrate.FitPlatt([]bool{false, false, false, true}, []float64{5, 5, 5, 5})
	if err != nil || math.Abs(p.Probability(5)-0.3167) > 0.001 { // the mean of the targets, (3*1/5 + 2/3) / 4
		t.Errorf("%v, %v", p.Probability(5), err)
	}
	if _, err := calibrate.FitPlatt([]bool{true, true}, []float64{1, 2}); errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
		t.Error(err)
	}
	if _, err := calibrate.FitPlatt([]bool{true, false}, []float64{1, math.NaN()}); errs.KindOf(err) != errs.BadInput {
		t.Error(err)
	}
}

func TestIsotonicPoolsViolators(t *testing.T) {
	f, err := calibrate.FitIsotonic([]bool{false, true, false, true, true}, []float64{1, 2, 3, 4, 4})
	if err != nil {
		t.Fatal(err)
	}
	for score, want := range map[float64]float64{0: 0, 1: 0, 1.5: 0.25, 2: 0.5, 2.5: 0.5, 3: 0.5, 3.5: 0.75, 4: 1, 9: 1} {
		if got := f.At(score); math.Abs(got-want) > 1e-12 {
			t.Errorf("at %g: %v, want %v", score, got, want)
		}
	}
	if f.Validate() != nil || !math.IsNaN(f.At(math.NaN())) {
		t.Error("a fitted function is valid and says nothing of NaN")
	}
	for _, bad := range []calibrate.Isotonic{{}, {Score: []float64{1}}, {Score: []float64{1, 1}, Probability: []float64{0, 1}}, {Score: []float64{1}, Probability: []float64{2}}, {Score: []float64{1, 2}, Probability: []float64{1, 0}}} {
		if errs.KindOf(bad.Validate()) != errs.BadInput {
			t.Errorf("%+v is valid", bad)
		}
	}
}

func TestCalibrationLowersTheErrors(t *testing.T) {
	label, score := draws(5000, 2)
	test, on := draws(5000, 3)
	p, _ := calibrate.FitPlatt(label, score)
	f, _ := calibrate.FitIsotonic(label, score)
	raw, platt, isotonic := make([]float64, len(on)), make([]float64, len(on)), make([]float64, len(on))
	for i, s := range on {
		raw[i] = 1 / (1 + math.Exp(-s)) // a sigmoid of the wrong slope and offset
		platt[i], isotonic[i] = p.Probability(s), f.At(s)
	}
	before := calibrate.ECE(calibrate.Reliability(test, raw, 10))
	for name, q := range map[string][]float64{"Platt": platt, "isotonic": isotonic} {
		if e := calibrate.ECE(calibrate.Reliability(test, q, 10)); e > 0.02 || e > before/2 {
			t.Errorf("%s: calibration error %.3f, before %.3f", name, e, before)
		}
		if b := calibrate.Brier(test, q); b > calibrate.Brier(test, raw) {
			t.Errorf("%s: Brier %.4f", name, b)
		}
	}
}

func TestReliabilityTable(t *testing.T) {
	table := calibrate.Reliability([]bool{false, true, true, false, true, true}, []float64{0.2, 0.2, 0.2, 0.2, 0.9, 0.7}, 2)
	if len(table) != 2 || table[0].Rows != 4 || table[0].Observed != 0.5 || math.Abs(table[1].Predicted-0.8) > 1e-12 {
		t.Fatalf("%+v", table)
	}
	if e := calibrate.ECE(table); math.Abs(e-(4*0.3+2*0.2)/6) > 1e-12 {
		t.Error(e)
	}
	if b := calibrate.Brier([]bool{true, false}, []float64{0.8, 0.4}); math.Abs(b-0.1) > 1e-12 {
		t.Error(b)
	}
	if b := table[0]; math.Abs(b.Low-0.150) > 0.001 || math.Abs(b.High-0.850) > 0.001 { // Wilson's interval of 2 of 4
		t.Errorf("%+v", b)
	}
}
