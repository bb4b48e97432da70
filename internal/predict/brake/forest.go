package brake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/fleetms/obdctl/internal/predict/forest"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

// Habit is how a vehicle brakes, where it is known: what a random forest may guess its scale from before any
// pad was measured.
type Habit struct {
	MassKg    float64
	WorkPerKm float64 // MJ of braking
	HardPerKm float64 // brakings that are hard
	StopPerKm float64 // standstills
	SpeedKmh  float64 // mean while braking
	Effort    float64 // mean deceleration while braking, relative
}

func (h Habit) row() []float64 {
	return []float64{h.MassKg, h.WorkPerKm, h.HardPerKm, h.StopPerKm, h.SpeedKmh, h.Effort}
}

// Forest guesses a vehicle's scale from its habits. It only does where that was better than the fleet's mean for vehicles
// that it had not seen (out of bag): pads and discs, which decide most, show in no habit.
type Forest struct {
	Plain Prior   // of the whole fleet
	Gain  float64 // share of the scales' variance that the habits explain out of bag; at most 0 where they do not
	trees *forest.Model
}

// worthwhile is the share of variance that the habits must explain to be listened to.
const worthwhile = 0.05

// LearnForest grows the forest from vehicles with measured pads and their habits, in the same order.
func LearnForest(ctx context.Context, fleet []Pads, habits []Habit, m Measure, seed uint64) (*Forest, error) {
	plain, err := Learn(fleet, m)
	if err != nil {
		return nil, err
	}
	var x [][]float64
	var y []float64
	for i, p := range fleet[:min(len(fleet), len(habits))] {
		if log, _, ok := ownScale(p, m); ok {
			x, y = append(x, habits[i].row()), append(y, log)
		}
	}
	o := forest.Default()
	o.Rows, o.Seed = false, seed
	trees, err := forest.Fit(ctx, x, y, o)
	if err != nil {
		return nil, fmt.Errorf("learn pad wear: %w", err)
	}
	f := &Forest{Plain: plain, trees: trees}
	left := 0.0
	for i, told := range trees.OOB() {
		if d := told - y[i]; !math.IsNaN(d) {
			left += d * d / float64(len(y)-1)
		}
	}
	f.Gain = 1 - left/stat.Variance(y, nil)
	return f, nil
}

// Prior is what the forest believes of a vehicle with this habit.
func (f *Forest) Prior(h Habit) Prior {
	log := f.trees.Predict(h.row())
	if !(f.Gain > worthwhile) || math.IsNaN(log) {
		return f.Plain
	}
	p := f.Plain
	p.LogScale, p.Spread = log, p.Spread*math.Sqrt(1-min(f.Gain, 0.95))
	p.Source += ", by how the vehicle brakes"
	return p
}

type savedForest struct {
	Version int             `json:"version"`
	Plain   Prior           `json:"plain"`
	Gain    float64         `json:"gain"`
	Forest  json.RawMessage `json:"forest"`
}

// Save writes the forest as JSON.
func (f *Forest) Save(w io.Writer) error {
	var trees bytes.Buffer
	if err := f.trees.Save(&trees); err != nil {
		return fmt.Errorf("save pad wear: %w", err)
	}
	if err := json.NewEncoder(w).Encode(savedForest{stateVersion, f.Plain, f.Gain, trees.Bytes()}); err != nil {
		return fmt.Errorf("save pad wear: %w", err)
	}
	return nil
}

// LoadForest reads what Save wrote and refuses what cannot predict.
func LoadForest(r io.Reader) (*Forest, error) {
	var s savedForest
	if err := tree.Decode(r, &s); err != nil {
		return nil, refused("it is no saved forest")
	}
	if s.Version != stateVersion || !s.Plain.sound() || !(s.Gain <= 1) {
		return nil, refused("its version or its scale is impossible")
	}
	trees, err := forest.Load(bytes.NewReader(s.Forest))
	if err != nil {
		return nil, fmt.Errorf("load pad wear: %w", err)
	}
	if want := len(Habit{}.row()); trees.Features() != want {
		return nil, refused(fmt.Sprintf("its forest asks for %d habits, not %d", trees.Features(), want))
	}
	return &Forest{Plain: s.Plain, Gain: s.Gain, trees: trees}, nil
}
