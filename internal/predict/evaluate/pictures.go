package evaluate

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/predict/brake"
	"github.com/fleetms/obdctl/internal/predict/engine"
	"github.com/fleetms/obdctl/internal/predict/life"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// Picture is a chart with the name of its file.
type Picture struct {
	Name  string
	Chart *chart.Chart
}

// Pictures draws what single figures hide: on which side models err, and whether a probability is one. It learns anew
// for it, from the same folds as the figures.
func Pictures(ctx context.Context, dir string, progress io.Writer) ([]Picture, error) {
	var all []Picture
	for _, draw := range []func(context.Context, string, io.Writer) ([]Picture, error){padPictures, etiosPictures, turbofanPictures} {
		some, err := draw(ctx, dir, progress)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// padPictures show told against measured wear.
func padPictures(_ context.Context, dir string, _ io.Writer) ([]Picture, error) {
	pads, err := readPads(filepath.Join(dir, "brake_wear_semi", "vehicles_001-120.csv.gz"))
	if err != nil {
		return nil, err
	}
	run, err := padTrial(pads, brake.ByWork, brakeKnown, false)
	if err != nil {
		return nil, err
	}
	return []Picture{{"brake-wear", &chart.Chart{Kind: chart.XY, Title: "Brake wear, semi-synthetic: told from inspections up to 30 % of wear",
		Alt: "Mean of the told wear, and the range of nine in ten, over measured wear of held-out vehicles; the mean lies on the diagonal.", X: chart.Axis{Label: "measured", Unit: "%"}, Y: chart.Axis{Label: "told", Unit: "%"},
		Series: append([]chart.Series{diagonal(0, 100)}, spread(run.measured, run.told)...)}}}, nil
}

// spread is the mean of what was told, and between what nine in ten lie, in steps of five points of what was measured: no
// row of a set is drawn.
func spread(measured, told []float64) []chart.Series {
	out := []chart.Series{{Name: "mean", Style: chart.Line}, {Name: "nine in ten above", Style: chart.Line}, {Name: "nine in ten below", Style: chart.Line}}
	for from := 0.0; from < 100; from += 5 {
		var in []float64
		at, mean := 0.0, 0.0
		for i, m := range measured {
			if m >= from && m < from+5 {
				in, at, mean = append(in, told[i]), at+m, mean+told[i]
			}
		}
		if n := float64(len(in)); n >= 10 {
			slices.Sort(in)
			x := at / n
			for k, y := range []float64{mean / n, metric.Quantile(in, 0.1), metric.Quantile(in, 0.9)} {
				out[k].Points = append(out[k].Points, chart.Point{X: x, Y: y})
			}
		}
	}
	return out
}

// diagonal is where what is told is true.
func diagonal(from, to float64) chart.Series {
	return chart.Series{Name: "as told", Style: chart.Line, Points: []chart.Point{{X: from, Y: from}, {X: to, Y: to}}}
}

// etiosPictures show which part was named for each injected fault.
func etiosPictures(_ context.Context, dir string, progress io.Writer) ([]Picture, error) {
	e, err := readEtios(filepath.Join(dir, "carobd"))
	if err != nil {
		return nil, err
	}
	folds, err := split.Grouped(e.healthy.ids, etiosFolds, 1)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(progress, "carobd: parts by fault")
	names := []engine.Part{"", engine.CoolantSensor, engine.Thermostat, engine.Cooling, engine.Charging, engine.IntakeLeak, engine.MAPSensor, engine.Combustion, engine.Unknown}
	cells := make([][]float64, len(names)-1)
	for i := range cells {
		cells[i] = make([]float64, len(names))
	}
	trips := e.healthy.trips()
	for _, f := range folds {
		m, err := engine.Learn(split.Take(trips, f.Train), engine.Options{})
		if err != nil {
			return nil, err
		}
		out := map[string]bool{}
		for _, i := range f.Test {
			out[trips[i].ID] = true
			cells[0][slices.Index(names, m.Judge(&trips[i]).Part)]++
		}
		for _, id := range e.faulted.ids {
			if out[e.source[id]] {
				t := e.faulted.trip(id, nil)
				cells[slices.Index(names, etiosPart(e.fault[id]))][slices.Index(names, m.Judge(&t).Part)]++
			}
		}
	}
	rows := []string{"none (healthy)", "coolant sensor", "thermostat", "cooling", "charging", "intake leak", "MAP sensor", "misfire"}
	said := []string{"nothing", "coolant s.", "thermostat", "cooling", "charging", "leak", "MAP s.", "misfire", "unknown"}
	return []Picture{{"engine-parts", &chart.Chart{Kind: chart.Matrix, Title: "Parts of the engine: carobd, 90 healthy trips and 42 with an injected fault, 10-fold by trip",
		Alt: "Counts of trips by injected fault and named part; most lie on the diagonal.", Y: chart.Axis{Label: "injected"}, X: chart.Axis{Label: "said"}, Rows: rows, Columns: said, Cells: cells}}}, nil
}

// turbofanPictures show whether the probability of failure is one, and what the alarm does.
func turbofanPictures(ctx context.Context, dir string, progress io.Writer) ([]Picture, error) {
	e := engines{Turbofans: AllTurbofans(), set: "FD001", dir: filepath.Join(dir, "cmapss"), progress: progress}
	var err error
	if e.units, err = readEngines(filepath.Join(e.dir, "train_FD001*"), true); err != nil {
		return nil, err
	}
	var all []Picture
	reliability := &chart.Chart{Kind: chart.XY, Title: "Failure within 30 cycles, C-MAPSS FD001 (simulated turbofans, no cars): is the probability one?",
		Alt: "Observed share of failures over the probability that was told; both models lie near the diagonal.", X: chart.Axis{Label: "told", Unit: "%"}, Y: chart.Axis{Label: "happened", Unit: "%"},
		Series: []chart.Series{diagonal(0, 100)}}
	for _, kind := range []life.Kind{life.LSTM, life.Trees} {
		r, err := e.follow(ctx, kind)
		if err != nil {
			return nil, err
		}
		reliability.Series = append(reliability.Series, reliable(e.alone(kind), r.risk, r.soon))
		cells := [][]float64{{0, 0}, {0, 0}}
		for i, soon := range r.soon {
			truth := 0
			if soon {
				truth = 1
			}
			cells[truth][int(r.alarm[i])]++
		}
		all = append(all, Picture{"failure-alarm-" + string(kind), &chart.Chart{Kind: chart.Matrix, Title: "Alarm of failure within 30 cycles, " + e.alone(kind) + ", C-MAPSS FD001, cycles of whole lives",
			Alt: "Counts of cycles by truth and alarm.", Y: chart.Axis{Label: "true"}, X: chart.Axis{Label: "said"}, Rows: []string{"fails later", "fails within 30"}, Columns: []string{"no alarm", "alarm"}, Cells: cells}})
	}
	return append(all, Picture{"failure-reliability", reliability}), nil
}

// follow is what was said of every unit by models that did not know it.
func (e engines) follow(ctx context.Context, kind life.Kind) (r record, err error) {
	folds, err := split.Grouped(split.Rows(len(e.units)), e.Folds, 1)
	if err != nil {
		return r, err
	}
	for i, f := range folds {
		fmt.Fprintf(e.progress, "C-MAPSS FD001, %s: fold %d of %d\n", kind, i+1, len(folds))
		s := e.Settings
		s.Seed = uint64(i + 1)
		m, err := life.Train(ctx, kind, engineNames(), split.Take(e.units, f.Train), s)
		if err != nil {
			return r, err
		}
		for _, u := range f.Test {
			if err := r.add(m, e.units[u]); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

// reliable is what happened by what was told, in tenths.
func reliable(name string, told []float64, happened []bool) chart.Series {
	const bins = 10
	var sum, hits, n [bins]float64
	for i, p := range told {
		b := min(int(p*bins), bins-1)
		sum[b], n[b] = sum[b]+p, n[b]+1
		if happened[i] {
			hits[b]++
		}
	}
	s := chart.Series{Name: name, Style: chart.Line}
	for b := range bins {
		if n[b] >= 20 {
			s.Points = append(s.Points, chart.Point{X: 100 * sum[b] / n[b], Y: 100 * hits[b] / n[b]})
		}
	}
	return s
}
