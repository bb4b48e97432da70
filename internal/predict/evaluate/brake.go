package evaluate

import (
	"math"
	"path/filepath"

	"github.com/fleetms/obdctl/internal/predict/brake"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/split"
)

const (
	brakeSet   = "brake_wear_semi (120 vehicles, real driving, modelled wear)"
	brakeSplit = "5-fold by vehicle, mean of 3 shuffles"
	brakeNote  = "semi-synthetic: says nothing about real pads"
	brakeKnown = 30 // wear in percent up to which inspections are known
)

// padRun is what the estimates of all held-out vehicles were, row by row.
type padRun struct {
	vehicle                    []string
	measured, told, low, upper []float64
	truth                      []float64 // as measured where the set does not tell the true wear
}

// Brake measures wear after the inspections up to 30 % of wear, which the vehicle's own scale is learned from.
func Brake(dir string) ([]Figure, error) {
	pads, err := readPads(filepath.Join(dir, "brake_wear_semi", "vehicles_001-120.csv.gz"))
	if err != nil {
		return nil, err
	}
	var out []Figure
	for _, c := range []struct {
		model, note string
		measure     brake.Measure
		known       float64
		step        bool
		target      float64
	}{
		{"work x mass, scale per vehicle", brakeNote, brake.ByWork, brakeKnown, false, 5},
		{"work x mass, scale of the fleet only", brakeNote + "; what is known before any pad was measured", brake.ByWork, -1, false, math.NaN()},
		{"distance, scale per vehicle", brakeNote + "; for vehicles without recorded speed", brake.ByDistance, brakeKnown, false, math.NaN()},
		{"work x mass, each inspection from all before it", brakeNote, brake.ByWork, brakeKnown, true, math.NaN()},
	} {
		run, err := padTrial(pads, c.measure, c.known, c.step)
		if err != nil {
			return nil, err
		}
		i := metric.Bootstrap(run.vehicle, 1000, 0.95, 1, metric.Of(metric.RMSE, run.measured, run.told))
		out = append(out, Figure{Model: c.model, Data: brakeSet, Split: brakeSplit, Metric: "RMSE above 30 % wear, points",
			Value: metric.RMSE(run.measured, run.told), Low: i.Low, High: i.High, Target: c.target, Better: Lower, Note: c.note}.Judge())
		if c.target > 0 {
			out = append(out, padCoverage(run, c.model))
		}
	}
	held, err := padsHeldBack(dir, pads)
	return append(out, held...), err
}

// padsHeldBack measures on vehicles that are usually held back, with their true wear, where they lie beside.
func padsHeldBack(dir string, pads []vehiclePads) ([]Figure, error) {
	dir = filepath.Join(dir, "brake_wear_semi")
	const name = "vehicles_121-160.csv.gz"
	if !lies(dir, name) {
		return nil, nil
	}
	held, err := readPads(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	fleet := make([]brake.Pads, len(pads))
	for i, p := range pads {
		fleet[i] = p.Pads
	}
	prior, err := brake.Learn(fleet, brake.ByWork)
	if err != nil {
		return nil, err
	}
	var run padRun
	for _, v := range held {
		run.tell(v, prior, brakeKnown, false)
	}
	i := metric.Bootstrap(run.vehicle, 1000, 0.95, 1, metric.Of(metric.RMSE, run.truth, run.told))
	return []Figure{Figure{Model: "work x mass, scale per vehicle", Data: "brake_wear_semi, vehicles held back", Split: "120 vehicles to those held back",
		Metric: "RMSE above 30 % wear, points", Value: metric.RMSE(run.truth, run.told), Low: i.Low, High: i.High, Target: 5, Better: Lower,
		Note: brakeNote + "; against the true wear where the set tells it"}.Judge()}, nil
}

func padCoverage(run padRun, model string) Figure {
	rows := make([]float64, len(run.measured)) // 1 where the measured wear lies in the interval
	for i, y := range run.measured {
		if y >= run.low[i]-padGauge && y <= run.upper[i]+padGauge {
			rows[i] = 1
		}
	}
	share := func(at []int) float64 {
		sum := 0.0
		for _, r := range at {
			sum += rows[r]
		}
		return sum / float64(len(at))
	}
	i := metric.Bootstrap(run.vehicle, 1000, 0.95, 1, share)
	return Figure{Model: model, Data: brakeSet, Split: brakeSplit, Metric: "share of measured wear inside the interval of 95 %",
		Value: share(split.Rows(len(rows))), Low: i.Low, High: i.High, Target: math.NaN(), Better: Higher,
		Note: "the interval is of the wear; the measurement's own 95 % (2.4 points) is added for the comparison"}
}

// padGauge is 1.96 standard deviations of the set's measurement noise, in points.
const padGauge = 1.96 * 1.2

// padTrial learns the fleet's scale on each training side and tells the wear of each held-out vehicle: from
// the inspections up to known percent, or, in steps, from all that came before.
func padTrial(pads []vehiclePads, m brake.Measure, known float64, step bool) (padRun, error) {
	var run padRun
	names := make([]string, len(pads))
	for i, p := range pads {
		names[i] = p.vehicle
	}
	for seed := range uint64(3) {
		folds, err := split.Grouped(names, 5, seed)
		if err != nil {
			return run, err
		}
		for _, f := range folds {
			fleet := make([]brake.Pads, 0, len(f.Train))
			for _, i := range f.Train {
				fleet = append(fleet, pads[i].Pads)
			}
			prior, err := brake.Learn(fleet, m)
			if err != nil {
				return run, err
			}
			for _, i := range f.Test {
				run.tell(pads[i], prior, known, step)
			}
		}
	}
	return run, nil
}

// tell estimates every inspection above 30 % of one vehicle.
func (run *padRun) tell(v vehiclePads, prior brake.Prior, known float64, step bool) {
	all := v.Inspections
	var before []brake.Inspection
	for i, at := range all {
		if at.WearPct <= known {
			before = append(before, at)
		}
		if at.WearPct <= brakeKnown {
			continue
		}
		seen := before
		if step {
			seen = all[:i]
		}
		w, ok := brake.Estimate(prior, brake.Pads{Km: at.Km, WorkMJ: at.WorkMJ, FromNew: true, Inspections: seen})
		if !ok {
			continue
		}
		run.vehicle = append(run.vehicle, v.vehicle)
		run.measured, run.told = append(run.measured, at.WearPct), append(run.told, w.Pct)
		run.low, run.upper = append(run.low, w.Low), append(run.upper, w.High)
		run.truth = append(run.truth, at.WearPct)
		if t := v.truth[i]; t >= 0 {
			run.truth[len(run.truth)-1] = min(t, 100)
		}
	}
}

type vehiclePads struct {
	vehicle string
	habit   brake.Habit // until the last inspection
	truth   []float64   // of each inspection; NaN where it is not told
	brake.Pads
}

// readPads reads the inspections of each vehicle, in the order of the file.
func readPads(path string) ([]vehiclePads, error) {
	t, err := readTable(path)
	if err != nil {
		return nil, err
	}
	if err := t.has("vehicle", "km_since_pads", "vehicle_mass_kg", "brake_work_kj_per_kg", "wear_pct"); err != nil {
		return nil, err
	}
	var out []vehiclePads
	for r := range t.rows {
		name := t.text(r, "vehicle")
		if len(out) == 0 || out[len(out)-1].vehicle != name {
			out = append(out, vehiclePads{vehicle: name, Pads: brake.Pads{FromNew: true}})
		}
		v := &out[len(out)-1]
		km, mass := t.number(r, "km_since_pads"), t.number(r, "vehicle_mass_kg")
		v.habit = brake.Habit{MassKg: mass, WorkPerKm: t.number(r, "brake_work_kj_per_kg") * mass / 1000 / km,
			HardPerKm: t.number(r, "hard_brakes") / km, StopPerKm: t.number(r, "stops") / km,
			SpeedKmh: t.number(r, "mean_speed_braking_kmh"), Effort: t.number(r, "brake_pressure_mean_rel")}
		v.truth = append(v.truth, t.number(r, "wear_true_pct"))
		v.Inspections = append(v.Inspections, brake.Inspection{
			Km: t.number(r, "km_since_pads"), WearPct: t.number(r, "wear_pct"),
			WorkMJ: t.number(r, "brake_work_kj_per_kg") * t.number(r, "vehicle_mass_kg") / 1000,
		})
	}
	return out, nil
}
