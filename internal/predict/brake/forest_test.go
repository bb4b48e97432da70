package brake_test

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/brake"
)

// habitual makes vehicles whose scale follows their effort with the given strength.
func habitual(r *rand.Rand, n int, strength float64) (pads []brake.Pads, habits []brake.Habit) {
	for range n {
		effort := r.NormFloat64()
		pads = append(pads, vehicle(r, 0.03*math.Exp(strength*effort+0.05*r.NormFloat64()), 2500, 8))
		habits = append(habits, brake.Habit{MassKg: 1300 + 500*r.Float64(), WorkPerKm: r.Float64(), HardPerKm: r.Float64(), StopPerKm: r.Float64(), SpeedKmh: 50 * r.Float64(), Effort: effort})
	}
	return pads, habits
}

func TestHabitsAreListenedToOnlyWhereTheyTell(t *testing.T) {
	for strength, told := range map[float64]bool{0: false, 0.25: true} {
		pads, habits := habitual(rand.New(rand.NewPCG(1, 1)), 150, strength)
		f, err := brake.LearnForest(context.Background(), pads, habits, brake.ByWork, 1)
		if err != nil {
			t.Fatal(err)
		}
		low, high := f.Prior(brake.Habit{Effort: -1.5}), f.Prior(brake.Habit{Effort: 1.5})
		if moved := high.LogScale-low.LogScale > 0.3 && high.Spread < f.Plain.Spread; moved != told {
			t.Errorf("strength %g: gain %.2f, %+v to %+v", strength, f.Gain, low, high)
		}
	}
}

func TestASavedForestSaysTheSame(t *testing.T) {
	pads, habits := habitual(rand.New(rand.NewPCG(2, 2)), 60, 0.25)
	f, err := brake.LearnForest(context.Background(), pads, habits, brake.ByWork, 1)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Save(&b); err != nil {
		t.Fatal(err)
	}
	back, err := brake.LoadForest(&b)
	if err != nil || back.Prior(habits[3]) != f.Prior(habits[3]) {
		t.Errorf("%v", err)
	}
}

func FuzzLoadForest(f *testing.F) {
	pads, habits := habitual(rand.New(rand.NewPCG(3, 3)), 12, 0.25)
	grown, err := brake.LearnForest(context.Background(), pads, habits, brake.ByWork, 1)
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := grown.Save(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1,"plain":{"measure":"work","log_scale":-3,"spread":1},"forest":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		forest, err := brake.LoadForest(bytes.NewReader(data))
		if err != nil {
			return
		}
		if w, ok := brake.Estimate(forest.Prior(habits[0]), pads[0]); ok && !(w.Pct >= 0 && w.Pct <= 100) {
			t.Errorf("%+v", w)
		}
	})
}
