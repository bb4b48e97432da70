package battery

import (
	"fmt"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/pls"
)

// LifeModel tells the cycle life of cells of one kind. It is the mean, in logarithms, of two views: partial
// least squares on the whole fade curve, and on two summary features. Either alone errs more on cells that are unlike
// those learned from; logarithms keep long lives from ruling the fit.
type LifeModel struct {
	Top    float64   `json:"top_v"`
	Bottom float64   `json:"bottom_v"`
	Whole  pls.Model `json:"whole_curve"`
	Two    pls.Model `json:"two_features"`

	Range     [2][2]float64 `json:"range"`     // of the summary features in training: lowest and highest of each
	Lives     [2]float64    `json:"lives"`     // shortest and longest in training, cycles
	Errors    []float64     `json:"errors"`    // of each training cell when it was left out, in log10 of life, without sign, ascending
	Cells     int           `json:"cells"`     // that it was learned from
	Nominal   float64       `json:"nominal"`   // Ah
	Chemistry string        `json:"chemistry"` // for people
}

const (
	wholeComponents = 3
	twoComponents   = 2
	minCells        = 12
)

// LearnLife learns from cells whose life is known, between the two voltages that all of them were discharged over.
// Cells without usable curves are left out.
func LearnLife(cells []Cell, top, bottom float64, chemistry string) (*LifeModel, error) {
	var curves []Curve
	var logs []float64
	var nominal float64
	for _, c := range cells {
		curve, err := CurveOf(c, top, bottom)
		if err != nil || !(c.Life >= 1 && c.Life < 1e6) {
			continue
		}
		curves, logs, nominal = append(curves, curve), append(logs, math.Log10(c.Life)), c.NominalAh
	}
	if len(curves) < minCells {
		return nil, errs.New(errs.BadInput, "learn cell life: %d cells with curves and a known life, %d are needed", len(curves), minCells).
			WithHint("each cell needs discharge curves of its first 100 cycles, and its life")
	}
	m := &LifeModel{Top: top, Bottom: bottom, Cells: len(curves), Nominal: nominal, Chemistry: chemistry}
	if err := m.fit(curves, logs); err != nil {
		return nil, err
	}
	m.Lives = [2]float64{math.Pow(10, slices.Min(logs)), math.Pow(10, slices.Max(logs))}
	for out := range curves { // what each cell is told when it is left out
		rest := LifeModel{}
		if err := rest.fit(without(curves, out), without(logs, out)); err != nil {
			return nil, err
		}
		m.Errors = append(m.Errors, math.Abs(rest.log(curves[out])-logs[out]))
	}
	slices.Sort(m.Errors)
	return m, nil
}

func without[T any](all []T, out int) []T {
	return slices.Concat(all[:out], all[out+1:])
}

func (m *LifeModel) fit(curves []Curve, logs []float64) (err error) {
	whole, two := make([][]float64, len(curves)), make([][]float64, len(curves))
	m.Range = [2][2]float64{{math.Inf(1), math.Inf(-1)}, {math.Inf(1), math.Inf(-1)}}
	for i, c := range curves {
		whole[i], two[i] = c.Fade, summary(c)
		for k, v := range two[i] {
			m.Range[k] = [2]float64{min(m.Range[k][0], v), max(m.Range[k][1], v)}
		}
	}
	if m.Whole, err = pls.Fit(whole, logs, wholeComponents); err != nil {
		return fmt.Errorf("learn cell life: %w", err)
	}
	if m.Two, err = pls.Fit(two, logs, twoComponents); err != nil {
		return fmt.Errorf("learn cell life: %w", err)
	}
	return nil
}

// summary is the variance of the change, and the first capacity times 20, so that both vary alike.
func summary(c Curve) []float64 { return []float64{c.LogVar, 20 * c.First} }

// log is the logarithm of the life of a curve. A summary feature counts no further than half of its range
// beyond what was learned from, so that a broken curve makes no absurd life.
func (m *LifeModel) log(c Curve) float64 {
	two := summary(c)
	for k, r := range m.Range {
		slack := (r[1] - r[0]) / 2
		two[k] = min(max(two[k], r[0]-slack), r[1]+slack)
	}
	return (m.Whole.Predict(c.Fade) + m.Two.Predict(two)) / 2
}

// Life is an estimate of cycle life.
type Life struct {
	Cycles float64
	Low    float64 // interval by the errors of left-out cells
	High   float64
	Level  float64
	Unlike []string // in what the cell is unlike those that were learned from
}

// Estimate tells the life of a cell from its first hundred cycles. The interval holds with its level for cells
// like those learned from (conformal, from the errors of left-out cells), and for no others.
func (m *LifeModel) Estimate(c Cell) (Life, error) {
	curve, err := CurveOf(c, m.Top, m.Bottom)
	if err != nil {
		return Life{}, err
	}
	log := m.log(curve)
	const level = 0.9
	rank := min(int(math.Ceil(level*float64(len(m.Errors)+1))), len(m.Errors))
	e := m.Errors[rank-1]
	l := Life{Level: level, Low: math.Pow(10, log-e), High: math.Pow(10, log+e)}
	l.Cycles = min(max(math.Pow(10, log), m.Lives[0]/3), m.Lives[1]*1.5)
	l.Low, l.High = min(l.Low, l.Cycles), max(l.High, l.Cycles)
	for k, name := range []string{"the variance of its fade", "its first capacity"} {
		if v := summary(curve)[k]; v < m.Range[k][0] || v > m.Range[k][1] {
			l.Unlike = append(l.Unlike, name)
		}
	}
	if c.NominalAh < m.Nominal/2 || c.NominalAh > m.Nominal*2 {
		l.Unlike = append(l.Unlike, "its nominal capacity")
	}
	return l, nil
}
