package evaluate

import (
	"context"
	"fmt"
	"math"
	"path/filepath"

	"github.com/fleetms/obdctl/internal/predict/brake"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// BrakeForest measures what a random forest on how a vehicle brakes adds to the fleet's mean as a prior.
func BrakeForest(ctx context.Context, dir string) ([]Figure, error) {
	pads, err := readPads(filepath.Join(dir, "brake_wear_semi", "vehicles_001-120.csv.gz"))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(pads))
	for i, p := range pads {
		names[i] = p.vehicle
	}
	folds, err := split.Grouped(names, 5, 0)
	if err != nil {
		return nil, err
	}
	var runs [2]padRun // before any inspection, and after those up to 30 %
	gain := 0.0
	for _, f := range folds {
		var fleet []brake.Pads
		var habits []brake.Habit
		for _, i := range f.Train {
			fleet, habits = append(fleet, pads[i].Pads), append(habits, pads[i].habit)
		}
		forest, err := brake.LearnForest(ctx, fleet, habits, brake.ByWork, 1)
		if err != nil {
			return nil, err
		}
		gain += forest.Gain / float64(len(folds))
		for _, i := range f.Test {
			prior := forest.Prior(pads[i].habit)
			runs[0].tell(pads[i], prior, -1, false)
			runs[1].tell(pads[i], prior, brakeKnown, false)
		}
	}
	var out []Figure
	for k, name := range []string{"forest as prior, no inspection", "forest as prior, scale per vehicle"} {
		run := runs[k]
		i := metric.Bootstrap(run.vehicle, 1000, 0.95, 1, metric.Of(metric.RMSE, run.measured, run.told))
		out = append(out, Figure{Model: name, Data: brakeSet, Split: "5-fold by vehicle", Metric: "RMSE above 30 % wear, points",
			Value: metric.RMSE(run.measured, run.told), Low: i.Low, High: i.High, Target: math.NaN(), Better: Lower,
			Note: fmt.Sprintf("%s; out of bag the habits explain %.0f %% of the scales' variance, below 5 %% the fleet's mean is taken instead", brakeNote, 100*gain)})
	}
	return out, nil
}
