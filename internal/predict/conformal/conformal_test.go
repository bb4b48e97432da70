package conformal_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/conformal"
)

// covered is how often a new row lies in its interval, over many draws of n held-out rows and a new one.
func covered(tries int, once func(r *rand.Rand) bool) float64 {
	hits := 0
	for i := range tries {
		if once(rand.New(rand.NewPCG(uint64(i), 3))) {
			hits++
		}
	}
	return float64(hits) / float64(tries)
}

// within tells whether a share lies in the theorem's range, level to level + 1/(n+1), or three standard errors beside it.
func within(share, level float64, n, tries int) bool {
	slack := 3 * math.Sqrt(level*(1-level)/float64(tries))
	return share >= level-slack && share <= level+1/float64(n+1)+slack
}

// noise has heavy tails and its spread grows with x: no normal distribution helps here.
func noise(r *rand.Rand, x float64) float64 { return x * (r.ExpFloat64() - r.ExpFloat64()) }

func TestSplitHoldsItsLevelForFewRows(t *testing.T) {
	const tries = 6000
	for _, n := range []int{9, 20, 99} {
		for _, scaled := range []bool{false, true} {
			share := covered(tries, func(r *rand.Rand) bool {
				y, p, s := make([]float64, n), make([]float64, n), make([]float64, n)
				for i := range y {
					s[i] = r.Float64() + 0.1
					p[i] = 1 // a biased predictor
					y[i] = noise(r, s[i])
				}
				if !scaled {
					s = nil
				}
				c, err := conformal.FitSplit(y, p, s, 0.9)
				if err != nil {
					t.Fatal(err)
				}
				x := r.Float64() + 0.1
				truth := noise(r, x)
				if !scaled {
					x = 1
				}
				low, high := c.Scaled(1, x)
				return low <= truth && truth <= high
			})
			if !within(share, 0.9, n, tries) {
				t.Errorf("%d rows, scaled %v: %.4f of the truths are inside", n, scaled, share)
			}
		}
	}
}

func TestQuantilesAreCorrectedBothWays(t *testing.T) {
	const n, tries = 50, 4000
	for name, width := range map[string]float64{"too narrow": 0.2, "too wide": 20} {
		mean := 0.0
		share := covered(tries, func(r *rand.Rand) bool {
			y, low, high := make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range y {
				x := r.Float64()
				y[i], low[i], high[i] = noise(r, x), -width*x, width*x
			}
			c, _ := conformal.FitQuantiles(y, low, high, 0.8)
			x := r.Float64()
			truth := noise(r, x)
			a, b := c.Interval(-width*x, width*x)
			mean += (b - a) / tries
			return a <= truth && truth <= b
		})
		if share < 0.78 {
			t.Errorf("%s: %.3f of the truths are inside", name, share)
		}
		if mean > 15 { // what was too wide, 20 on average, has shrunk
			t.Errorf("%s: %.1f wide", name, mean)
		}
	}
}

// One margin for all would hold too few of the wild and too many of the calm.
func TestMondrianHoldsInEachCategory(t *testing.T) {
	const n, tries = 60, 4000
	for which, spread := range map[string]float64{"calm": 0.1, "wild": 3} {
		share := covered(tries, func(r *rand.Rand) bool {
			y, p, category := make([]float64, n), make([]float64, n), make([]string, n)
			for i := range y {
				category[i] = []string{"calm", "wild"}[i%2]
				y[i] = noise(r, []float64{0.1, 3}[i%2])
			}
			m, err := conformal.FitMondrian(y, p, nil, category, 0.9)
			if err != nil {
				t.Fatal(err)
			}
			truth := noise(r, spread)
			low, high := m.Interval(0, 1, which)
			return low <= truth && truth <= high
		})
		if !within(share, 0.9, n/2, tries) {
			t.Errorf("%s: %.4f of the truths are inside", which, share)
		}
	}
	m, _ := conformal.FitMondrian(nil, nil, nil, nil, 0.9)
	if low, high := m.Interval(0, 1, "unseen"); !math.IsInf(low, -1) || !math.IsInf(high, 1) {
		t.Error("of an unseen category nothing is known")
	}
}

func TestTooFewRowsPromiseNothing(t *testing.T) {
	if conformal.Needed(0.9) != 9 || conformal.Needed(0.95) != 19 {
		t.Error(conformal.Needed(0.9), conformal.Needed(0.95))
	}
	y := make([]float64, 8)
	c, err := conformal.FitSplit(y, y, nil, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	if low, high := c.Interval(5); !math.IsInf(low, -1) || !math.IsInf(high, 1) {
		t.Errorf("8 rows cannot promise 90 %%: %v to %v", low, high)
	}
	y = make([]float64, 9)
	if c, _ = conformal.FitSplit(y, y, nil, 0.9); c.Margin != 0 {
		t.Errorf("9 rows can: %+v", c)
	}
	text, err := json.Marshal(conformal.Split{Level: 0.9, Margin: conformal.Margin(math.Inf(1))})
	var again conformal.Split
	if err != nil || string(text) != `{"level":0.9,"rows":0,"margin":null}` || json.Unmarshal(text, &again) != nil || !math.IsInf(float64(again.Margin), 1) {
		t.Errorf("%s, %v, %v", text, again, err)
	}
	y[3] = math.NaN()
	if c, _ = conformal.FitSplit(y, make([]float64, 9), nil, 0.9); !math.IsInf(float64(c.Margin), 1) {
		t.Error("an error that is unknown counts as the largest")
	}
}

func TestBadInputIsRefused(t *testing.T) {
	for _, level := range []float64{0, 1, math.NaN(), -1} {
		if _, err := conformal.FitSplit(nil, nil, nil, level); errs.KindOf(err) != errs.Usage {
			t.Errorf("level %v: %v", level, err)
		}
	}
	if _, err := conformal.FitSplit([]float64{1}, nil, nil, 0.9); errs.KindOf(err) != errs.BadInput {
		t.Error(err)
	}
	if _, err := conformal.FitQuantiles([]float64{1}, []float64{1}, nil, 0.9); errs.KindOf(err) != errs.BadInput {
		t.Error(err)
	}
	if _, err := conformal.FitMondrian([]float64{1}, []float64{1}, []float64{1, 2}, []string{""}, 0.9); errs.KindOf(err) != errs.BadInput {
		t.Error(err)
	}
}
