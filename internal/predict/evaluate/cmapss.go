package evaluate

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/life"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// What was promised of simulated turbofans.
const (
	engineRMSE = 14.0 // cycles, FD001, last 30 cycles, no age, life capped at 125
	engineF1   = 0.90 // failure within 30 cycles, full lives
	engineFPR  = 0.02
)

// Turbofans says how the simulated turbofans are measured; start from [AllTurbofans].
type Turbofans struct {
	Sets     []string
	Kinds    []life.Kind
	Folds    int
	Settings life.Settings
}

// AllTurbofans returns the full measurement: both sets, the network and its rival, five folds.
func AllTurbofans() Turbofans {
	return Turbofans{Sets: []string{"FD001", "FD003"}, Kinds: []life.Kind{life.LSTM, life.Trees}, Folds: 5, Settings: life.Default()}
}

// CMAPSS measures all of [AllTurbofans] in dir/cmapss. It takes some two minutes of one processor.
func CMAPSS(ctx context.Context, dir string, progress io.Writer) ([]Figure, error) {
	return AllTurbofans().Measure(ctx, dir, progress)
}

// Measure measures the models of remaining life on the simulated turbofans of NASA in dir/cmapss (A. Saxena et al.,
// "Damage Propagation Modeling for Aircraft Engine Run-to-Failure Simulation", PHM08): it proves the code and
// teaches nothing about cars. Where the official test files are there too, it learns from all training units and
// measures on them. What is under way goes to progress.
func (t Turbofans) Measure(ctx context.Context, dir string, progress io.Writer) ([]Figure, error) {
	var all []Figure
	for _, set := range t.Sets {
		e := engines{Turbofans: t, set: set, dir: filepath.Join(dir, "cmapss"), progress: progress}
		var err error
		if e.units, err = readEngines(filepath.Join(e.dir, "train_"+set+"*"), true); err != nil {
			return nil, fmt.Errorf("evaluate C-MAPSS %s: %w", set, err)
		}
		for _, kind := range t.Kinds {
			figures, err := e.measure(ctx, kind)
			if err != nil {
				return nil, fmt.Errorf("evaluate C-MAPSS %s: %w", set, err)
			}
			all = append(all, figures...)
		}
	}
	return all, nil
}

// engines is one set under evaluation.
type engines struct {
	Turbofans
	set, dir string
	units    []life.Unit
	progress io.Writer
}

func (e engines) measure(ctx context.Context, kind life.Kind) ([]Figure, error) {
	folds, err := split.Grouped(split.Rows(len(e.units)), e.Folds, 1)
	if err != nil {
		return nil, err
	}
	var r record
	for i, f := range folds {
		fmt.Fprintf(e.progress, "C-MAPSS %s, %s: fold %d of %d, %d units to learn from\n", e.set, kind, i+1, len(folds), len(f.Train))
		s := e.Settings
		s.Seed = uint64(i + 1)
		m, err := life.Train(ctx, kind, engineNames(), split.Take(e.units, f.Train), s)
		if err != nil {
			return nil, err
		}
		for _, u := range f.Test {
			if err := r.add(m, e.units[u]); err != nil {
				return nil, err
			}
		}
	}
	figures := e.figures(kind, r)
	official, err := e.official(ctx, kind)
	return append(figures, official...), err
}

// official measures on the test units where they are.
func (e engines) official(ctx context.Context, kind life.Kind) ([]Figure, error) {
	pattern := filepath.Join(e.dir, "test_"+e.set+"*")
	if found, _ := filepath.Glob(pattern); len(found) == 0 {
		return nil, nil
	}
	fmt.Fprintf(e.progress, "C-MAPSS %s, %s: official test units\n", e.set, kind)
	units, err := readEngines(pattern, false)
	if err != nil {
		return nil, err
	}
	lives, err := readLives(filepath.Join(e.dir, "RUL_"+e.set+"*"))
	if err != nil {
		return nil, err
	}
	if len(lives) != len(units) {
		return nil, errs.New(errs.BadInput, "%d test units of %s and %d lives", len(units), e.set, len(lives))
	}
	m, err := life.Train(ctx, kind, engineNames(), e.units, e.Settings)
	if err != nil {
		return nil, err
	}
	r := record{truth: lives}
	for _, u := range units {
		if err := r.addLast(m, u); err != nil {
			return nil, err
		}
	}
	return e.lifeFigures(kind, r, fmt.Sprintf("official test, %d units, each at its last cycle", len(units))), nil
}
