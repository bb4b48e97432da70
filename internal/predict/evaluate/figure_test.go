package evaluate_test

import (
	"math"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/evaluate"
)

func TestFigureIsMetByItsValue(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		value, target float64
		better        string
		met           bool
	}{
		{13.9, 14, evaluate.Lower, true},
		{14.1, 14, evaluate.Lower, false},
		{0.91, 0.90, evaluate.Higher, true},
		{0.89, 0.90, evaluate.Higher, false},
		{0.5, nan, evaluate.Higher, false},
		{nan, 0.9, evaluate.Higher, false},
	} {
		f := evaluate.Figure{Value: c.value, Target: c.target, Better: c.better}.Judge()
		if f.Met != c.met {
			t.Errorf("%v against %v (%s): met = %v", c.value, c.target, c.better, f.Met)
		}
	}
}

func TestFigureSaysItsIntervalAndSplit(t *testing.T) {
	f := evaluate.Figure{Model: "lstm", Data: "set", Split: "by unit", Metric: "RMSE, cycles", Value: 13, Low: 12, High: 14, Target: 14, Better: evaluate.Lower}
	want := "lstm on set: RMSE, cycles 13 (95 % 12 to 14), target <= 14; by unit"
	if f.String() != want {
		t.Errorf("got %q, want %q", f.String(), want)
	}
}
