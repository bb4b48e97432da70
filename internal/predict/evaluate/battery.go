package evaluate

import (
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/fleetms/obdctl/internal/predict/battery"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// The cells of the set were all discharged from 3.5 to 2.0 V and have 1.1 Ah; the thinned curves end a little above.
const (
	cellTop, cellBottom = 3.5, 2.02
	cellNominal         = 1.1
	cellSet             = "MATR (Severson et al.), LFP cells"
	cellSplit           = "train (41 cells) to test1 (43 cells), the cell of 148 cycles kept"
)

// Cells measures cycle life from the first hundred cycles: on test1, and on test2, another batch, where it lies beside.
func Cells(dir string) ([]Figure, error) {
	dir = filepath.Join(dir, "matr_battery")
	train, err := readCells(dir, "train")
	if err != nil {
		return nil, err
	}
	m, err := battery.LearnLife(train, cellTop, cellBottom, "LFP")
	if err != nil {
		return nil, err
	}
	out, err := cellFigures(m, dir, "test1", 105, cellSplit,
		"published on the same split: PLS 100, variance model 138; test1 was seen while some eighty variants were tried, only another batch is untouched")
	if err != nil {
		return nil, err
	}
	if lies(dir, "test2_qv.csv.gz") {
		held, err := cellFigures(m, dir, "test2", math.NaN(), "train (41 cells) to test2, another batch", "published on the same split: PLS 176, variance model 196")
		if err != nil {
			return nil, err
		}
		out = append(out, held...)
	}
	crossed, err := crossCells(train)
	return append(out, crossed), err
}

// lies tells that a set that is usually held back is there.
func lies(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// cellFigures holds a model against the cells of one part of the set.
func cellFigures(m *battery.LifeModel, dir, part string, target float64, how, note string) ([]Figure, error) {
	test, err := readCells(dir, part)
	if err != nil {
		return nil, err
	}
	truth, told, inside := make([]float64, len(test)), make([]float64, len(test)), make([]float64, len(test))
	for i, c := range test {
		l, err := m.Estimate(c)
		if err != nil {
			return nil, err
		}
		truth[i], told[i] = c.Life, l.Cycles
		if l.Low <= c.Life && c.Life <= l.High {
			inside[i] = 1
		}
	}
	figure := func(name string, target float64, better, note string, f func([]float64, []float64) float64, y, p []float64) Figure {
		i := metric.Bootstrap(split.Rows(len(test)), 2000, 0.95, 1, metric.Of(f, y, p))
		return Figure{Model: "PLS, two views", Data: cellSet, Split: how, Metric: name, Value: f(y, p),
			Low: i.Low, High: i.High, Target: target, Better: better, Note: note}.Judge()
	}
	nan := math.NaN()
	return []Figure{
		figure("RMSE, cycles", target, Lower, note, metric.RMSE, truth, told),
		figure("mean absolute error, %", nan, Lower, "", percentError, truth, told),
		figure("share of lives inside the interval of 90 %", nan, Higher, "conformal, from the errors of left-out training cells", mean, inside, inside),
	}, nil
}

func percentError(y, p []float64) float64 {
	sum := 0.0
	for i := range y {
		sum += math.Abs(p[i]-y[i]) / y[i]
	}
	return 100 * sum / float64(len(y))
}

func mean(y, _ []float64) float64 {
	sum := 0.0
	for _, v := range y {
		sum += v
	}
	return sum / float64(len(y))
}

// crossCells is what the choice of features and components was made by: train alone, in five folds, ten times.
func crossCells(train []battery.Cell) (Figure, error) {
	var truth, told []float64
	var cell []string
	names := make([]string, len(train))
	for i, c := range train {
		names[i] = c.Name
	}
	for seed := range uint64(10) {
		folds, err := split.Grouped(names, 5, seed)
		if err != nil {
			return Figure{}, err
		}
		for _, f := range folds {
			m, err := battery.LearnLife(split.Take(train, f.Train), cellTop, cellBottom, "LFP")
			if err != nil {
				return Figure{}, err
			}
			for _, i := range f.Test {
				l, err := m.Estimate(train[i])
				if err != nil {
					return Figure{}, err
				}
				truth, told, cell = append(truth, train[i].Life), append(told, l.Cycles), append(cell, train[i].Name)
			}
		}
	}
	i := metric.Bootstrap(cell, 1000, 0.95, 1, metric.Of(metric.RMSE, truth, told))
	return Figure{Model: "PLS, two views", Data: cellSet, Split: "train, 5-fold by cell, 10 shuffles", Metric: "RMSE, cycles",
		Value: metric.RMSE(truth, told), Low: i.Low, High: i.High, Target: math.NaN(), Better: Lower}, nil
}

// readCells reads the curves and lives of one part of the set.
func readCells(dir, part string) ([]battery.Cell, error) {
	curves, err := readTable(filepath.Join(dir, part+"_qv.csv.gz"))
	if err != nil {
		return nil, err
	}
	lives, err := readTable(filepath.Join(dir, part+"_cycle_lives.csv"))
	if err != nil {
		return nil, err
	}
	if err := curves.has("cell", "v", "q2", "q100"); err != nil {
		return nil, err
	}
	if err := lives.has("cell", "cycle_life"); err != nil {
		return nil, err
	}
	life := map[string]float64{}
	for r := range lives.rows {
		life[lives.text(r, "cell")] = lives.number(r, "cycle_life")
	}
	var out []battery.Cell
	at := map[string]int{}
	for r := range curves.rows {
		name := curves.text(r, "cell")
		i, ok := at[name]
		if !ok {
			i, at[name] = len(out), len(out)
			out = append(out, battery.Cell{Name: part + " " + name, NominalAh: cellNominal, Charge: map[int][]float64{}, Life: life[name]})
		}
		c := &out[i]
		c.Volts = append(c.Volts, curves.number(r, "v"))
		for n := 2; n <= 100; n++ {
			c.Charge[n] = append(c.Charge[n], curves.number(r, "q"+strconv.Itoa(n)))
		}
	}
	return out, nil
}
