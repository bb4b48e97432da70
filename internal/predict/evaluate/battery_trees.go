package evaluate

import (
	"context"
	"math"
	"path/filepath"

	"github.com/fleetms/obdctl/internal/predict/battery"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// CellTrees measures boosted trees on the summary of the same curves, as the rival of partial least squares.
func CellTrees(ctx context.Context, dir string) ([]Figure, error) {
	var rows [2][][]float64
	var logs, lives [2][]float64
	for k, part := range []string{"train", "test1"} {
		cells, err := readCells(filepath.Join(dir, "matr_battery"), part)
		if err != nil {
			return nil, err
		}
		for _, c := range cells {
			curve, err := battery.CurveOf(c, cellTop, cellBottom)
			if err != nil {
				return nil, err
			}
			rows[k], lives[k], logs[k] = append(rows[k], curve.Row()), append(lives[k], c.Life), append(logs[k], math.Log10(c.Life))
		}
	}
	told := make([]float64, len(rows[1]))
	const members = 10 // 41 rows: one model is chance
	for seed := range uint64(members) {
		o := gbdt.Default()
		o.MaxDepth, o.Rounds, o.LearningRate, o.MinWeight, o.RowShare, o.Seed = 2, 150, 0.05, 3, 0.8, seed
		o.Names = battery.FeatureNames()
		m, err := gbdt.Fit(ctx, gbdt.Set{X: rows[0], Y: logs[0]}, gbdt.Set{}, o)
		if err != nil {
			return nil, err
		}
		for i, x := range rows[1] {
			told[i] += m.Predict(x) / members
		}
	}
	for i, v := range told {
		told[i] = math.Pow(10, v)
	}
	i := metric.Bootstrap(split.Rows(len(told)), 2000, 0.95, 1, metric.Of(metric.RMSE, lives[1], told))
	return []Figure{{Model: "boosted trees", Data: cellSet, Split: cellSplit, Metric: "RMSE, cycles",
		Value: metric.RMSE(lives[1], told), Low: i.Low, High: i.High, Target: math.NaN(), Better: Lower,
		Note: "trees cannot tell a life longer than those learned from; partial least squares is what predictions use"}}, nil
}
