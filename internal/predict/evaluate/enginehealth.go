package evaluate

import (
	"context"
	"math"
	"path/filepath"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/claim"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// EngineHealth measures a set that has nearly no signal: the check is that no more is claimed than it holds.
func EngineHealth(dir string) ([]Figure, error) {
	t, err := readTable(filepath.Join(dir, "engine_health", "train.csv.gz"))
	if err != nil {
		return nil, err
	}
	inputs := []string{"rpm", "oil_pres", "fuel_pres", "coolant_pres", "oil_temp", "coolant_temp"}
	if err := t.has(append(inputs, "engine_condition")...); err != nil {
		return nil, err
	}
	x, y := make([][]float64, len(t.rows)), make([]float64, len(t.rows))
	for i := range t.rows {
		for _, name := range inputs {
			x[i] = append(x[i], t.number(i, name))
		}
		if y[i] = t.number(i, "engine_condition"); y[i] != 0 && y[i] != 1 {
			return nil, errs.New(errs.BadInput, "read data: row %d of %s has condition %v", i+2, t.path, y[i])
		}
	}
	score, err := heldOut(x, y, inputs)
	if err != nil {
		return nil, err
	}
	label := make([]bool, len(y))
	for i := range y {
		label[i] = y[i] == 1
	}
	return healthFigures(claim.Judge(label, score, split.Rows(len(y)), 0.5, 1)), nil
}

// heldOut is the probability of each row by trees that were grown without its fold.
func heldOut(x [][]float64, y []float64, names []string) ([]float64, error) {
	folds, err := split.Grouped(split.Rows(len(x)), 5, 1)
	if err != nil {
		return nil, err
	}
	score := make([]float64, len(x))
	for _, f := range folds {
		o := gbdt.Default()
		o.Loss, o.Rounds, o.LearningRate, o.MaxDepth, o.MinWeight, o.Names, o.Seed = gbdt.Logistic, 120, 0.05, 4, 20, names, 1
		m, err := gbdt.Fit(context.Background(), gbdt.Set{X: split.Take(x, f.Train), Y: split.Take(y, f.Train)}, gbdt.Set{}, o)
		if err != nil {
			return nil, err
		}
		for _, i := range f.Test {
			score[i] = m.Predict(x[i])
		}
	}
	return score, nil
}

func healthFigures(f claim.Finding) []Figure {
	figure := func(name string, value, low, high, target float64, better, note string) Figure {
		return Figure{Model: "boosted trees", Data: "engine_health (simulated, nearly without signal)", Split: "5-fold by row, in the training part",
			Metric: name, Value: value, Low: low, High: high, Target: target, Better: better, Note: note}.Judge()
	}
	nan := math.NaN()
	return []Figure{
		figure("AUC", f.AUC, f.AUCIn.Low, f.AUCIn.High, nan, Higher, "published tries reach 0.69"),
		figure("F1 at 0.5 less F1 of calling every engine bad", f.F1-f.Trivial, f.Gain.Low, f.Gain.High, nan, Higher, f.Why),
		figure("false positive rate at 0.5", f.FPR, nan, nan, nan, Lower, ""),
		figure("level claimed (0 nothing, 1 ranks, 2 decides)", float64(f.Level), nan, nan, float64(claim.Ranks), Lower, "the model "+f.Level.String()),
	}
}
