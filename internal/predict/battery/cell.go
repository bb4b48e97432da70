package battery

import (
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
)

// Cell is what was measured of one cell in its first hundred cycles.
type Cell struct {
	Name      string
	NominalAh float64
	Volts     []float64         // of the discharge curve, in one direction
	Charge    map[int][]float64 // by cycle: Ah discharged until each of Volts
	Life      float64           // cycles until 80 % of the nominal capacity; NaN where it is not known
}

// The cycles that are compared. Each curve is the median of several cycles, so that one disturbed cycle does no harm.
const (
	earlyFrom, earlyTo = 8, 12
	lateFrom, lateTo   = 96, 100
	firstFrom, firstTo = 2, 6
	enough             = 3 // curves that make a median
)

// curvePoints is the number of voltages that features are taken at.
const curvePoints = 100

// floorShare is the change of charge, as a share of the nominal capacity, below which a logarithm would only
// follow noise.
const floorShare = 0.009

// Curve is what the life of a cell is told from.
type Curve struct {
	Fade   []float64 // log10 of the loss of charge between the early and the late cycles, by voltage, as shares of nominal
	LogVar float64   // log10 of the variance of that change
	LogMin float64   // log10 of its largest loss
	LogMid float64   // log10 of its mean, without sign
	First  float64   // capacity of the first cycles, as a share of nominal
	Lost   float64   // capacity lost between the first and the late cycles, as a share of nominal
}

// CurveOf takes the features out of a cell's curves between two voltages.
func CurveOf(c Cell, top, bottom float64) (Curve, error) {
	if !(c.NominalAh > 0 && c.NominalAh < 1e4) {
		return Curve{}, errs.New(errs.BadInput, "cell %s: the nominal capacity is not known", c.Name).WithHint("give it in Ah, as the data sheet has it")
	}
	at, err := grid(c, top, bottom)
	if err != nil {
		return Curve{}, err
	}
	early, ok1 := c.median(at, earlyFrom, earlyTo)
	late, ok2 := c.median(at, lateFrom, lateTo)
	first, ok3 := c.median(at, firstFrom, firstTo)
	if !ok1 || !ok2 || !ok3 {
		return Curve{}, errs.New(errs.BadInput, "cell %s: at least %d discharge curves are needed of each of the cycles %d to %d, %d to %d and %d to %d",
			c.Name, enough, firstFrom, firstTo, earlyFrom, earlyTo, lateFrom, lateTo).WithHint("record the charge over voltage during these cycles")
	}
	out := Curve{Fade: make([]float64, len(at)), First: slices.Max(first), Lost: slices.Max(first) - slices.Max(late)}
	change := make([]float64, len(at))
	var mean, most float64
	for i := range at {
		change[i] = late[i] - early[i]
		mean += change[i] / float64(len(at))
		most = max(most, -change[i])
		out.Fade[i] = math.Log10(max(-change[i], 0) + floorShare)
	}
	variance := 0.0
	for _, d := range change {
		variance += (d - mean) * (d - mean) / float64(len(at))
	}
	const tiny = 1e-12
	out.LogVar, out.LogMin, out.LogMid = math.Log10(variance+tiny), math.Log10(most+1e-6), math.Log10(math.Abs(mean)+1e-6)
	return out, nil
}

// Row lists the features that trees learn from; FeatureNames names them.
func (c Curve) Row() []float64 {
	return []float64{c.LogVar, c.LogMin, c.LogMid, c.First, c.Lost}
}

// FeatureNames are the names of a [Curve.Row].
func FeatureNames() []string {
	return []string{"log variance of dQ(V)", "log largest loss of dQ(V)", "log mean of dQ(V)", "first capacity", "capacity lost"}
}

// grid is where the features are taken, from the higher voltage down.
func grid(c Cell, top, bottom float64) ([]float64, error) {
	if len(c.Volts) < 20 || !(top > bottom) {
		return nil, errs.New(errs.BadInput, "cell %s: a discharge curve of %d voltages is too coarse", c.Name, len(c.Volts)).WithHint("at least 20 are needed")
	}
	low, high := slices.Min(c.Volts), slices.Max(c.Volts)
	const slack = 0.002
	if !(low <= bottom+slack && high >= top-slack) || !slices.IsSorted(c.Volts) && !slices.IsSorted(reversed(c.Volts)) {
		return nil, errs.New(errs.BadInput, "cell %s: its curve of %.3g to %.3g V does not span %.3g to %.3g V in one direction", c.Name, low, high, bottom, top).
			WithHint("the cells that were learned from were discharged over that span: another chemistry needs a model of its own")
	}
	at := make([]float64, curvePoints)
	for i := range at {
		at[i] = top + (bottom-top)*float64(i)/(curvePoints-1)
	}
	return at, nil
}

func reversed(v []float64) []float64 {
	out := slices.Clone(v)
	slices.Reverse(out)
	return out
}

// median is the middle of the curves of some cycles at the voltages, as shares of the nominal capacity.
func (c Cell) median(at []float64, from, to int) ([]float64, bool) {
	var curves [][]float64
	for n := from; n <= to; n++ {
		if q, ok := c.Charge[n]; ok && len(q) == len(c.Volts) && c.possible(q) {
			curves = append(curves, c.resample(q, at))
		}
	}
	if len(curves) < enough {
		return nil, false
	}
	out, column := make([]float64, len(at)), make([]float64, len(curves))
	for i := range at {
		for j := range curves {
			column[j] = curves[j][i]
		}
		slices.Sort(column)
		half := len(column) / 2
		out[i] = column[half]
		if len(column)%2 == 0 {
			out[i] = (column[half-1] + column[half]) / 2
		}
	}
	return out, true
}

// possible refuses curves that no cell of this size has.
func (c Cell) possible(q []float64) bool {
	for _, v := range q {
		if !(v > -0.1*c.NominalAh && v < 2*c.NominalAh) {
			return false
		}
	}
	return true
}

// resample interpolates a curve linearly.
func (c Cell) resample(q, at []float64) []float64 {
	volts := c.Volts
	if volts[0] > volts[len(volts)-1] {
		volts, q = reversed(volts), reversed(q)
	}
	out := make([]float64, len(at))
	for i, v := range at {
		k, _ := slices.BinarySearch(volts, v)
		k = min(max(k, 1), len(volts)-1)
		share := 0.0
		if span := volts[k] - volts[k-1]; span > 0 {
			share = min(max((v-volts[k-1])/span, 0), 1)
		}
		out[i] = (q[k-1] + share*(q[k]-q[k-1])) / c.NominalAh
	}
	return out
}
