package brake_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/brake"
)

// vehicle makes n inspections on the way to the work, of pads that wear by scale points per MJ.
func vehicle(r *rand.Rand, scale, work float64, n int) brake.Pads {
	p := brake.Pads{Km: work * 12, WorkMJ: work, FromNew: true}
	for i := range n {
		w := work * float64(i+1) / float64(n+1)
		p.Inspections = append(p.Inspections, brake.Inspection{Km: w * 12, WorkMJ: w, WearPct: min(100, max(0, scale*w+1.2*r.NormFloat64()))})
	}
	return p
}

// fleetOf makes vehicles whose scales scatter by 20 % around 0.03 points per MJ.
func fleetOf(r *rand.Rand, n int) (pads []brake.Pads, scales []float64) {
	for range n {
		s := 0.03 * math.Exp(0.2*r.NormFloat64())
		pads, scales = append(pads, vehicle(r, s, 2500, 8)), append(scales, s)
	}
	return pads, scales
}

func learned(t *testing.T) brake.Prior {
	t.Helper()
	pads, _ := fleetOf(rand.New(rand.NewPCG(1, 1)), 200)
	prior, err := brake.Learn(pads, brake.ByWork)
	if err != nil {
		t.Fatal(err)
	}
	return prior
}

func TestAFleetTellsItsScaleAndSpread(t *testing.T) {
	p := learned(t)
	if scale := math.Exp(p.LogScale); math.Abs(scale-0.03) > 0.001 || math.Abs(p.Spread-0.2) > 0.03 || p.Vehicles != 200 {
		t.Errorf("%+v", p)
	}
	few, _ := fleetOf(rand.New(rand.NewPCG(1, 1)), 4)
	if _, err := brake.Learn(few, brake.ByWork); err == nil || !strings.Contains(err.Error(), "4 vehicles") {
		t.Errorf("four vehicles make a prior: %v", err)
	}
}

func TestTheIntervalHoldsTheWearAsOftenAsItSays(t *testing.T) {
	prior := learned(t)
	r := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{0, 1, 3, 10} {
		held := 0
		pads, scales := fleetOf(r, 400)
		for i, p := range pads {
			seen := vehicle(r, scales[i], 800, n).Inspections
			w, ok := brake.Estimate(prior, brake.Pads{Km: p.Km, WorkMJ: p.WorkMJ, FromNew: true, Inspections: seen})
			if truth := min(100, scales[i]*p.WorkMJ); ok && w.Low <= truth && truth <= w.High {
				held++
			}
		}
		if held < 372 || held > 398 {
			t.Errorf("after %d inspections %d of 400 intervals of 95 %% hold the wear", n, held)
		}
	}
}

func TestAMeasuredPadCorrectsTheVehicle(t *testing.T) {
	prior := learned(t)
	r := rand.New(rand.NewPCG(3, 3))
	before, _ := brake.Estimate(prior, brake.Pads{Km: 24000, WorkMJ: 2000, FromNew: true})
	after, _ := brake.Estimate(prior, brake.Pads{Km: 24000, WorkMJ: 2000, FromNew: true, Inspections: vehicle(r, 0.045, 1000, 3).Inspections})
	if math.Abs(before.Pct-60) > 3 || math.Abs(after.Pct-90) > 5 || after.High-after.Low > (before.High-before.Low)/2 {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestOneWrongInspectionDoesNotOverrule(t *testing.T) {
	prior := learned(t)
	p := vehicle(rand.New(rand.NewPCG(4, 4)), 0.03, 1500, 6)
	p.Inspections[3].WearPct = 95
	if w, _ := brake.Estimate(prior, p); math.Abs(w.Pct-45) > 2 || w.Used != 6 {
		t.Errorf("%+v", w)
	}
}

func TestNewPadsBeginAgain(t *testing.T) {
	prior := learned(t)
	p := brake.Pads{Km: 40000, WorkMJ: 3400, FromNew: true}
	for _, i := range [][2]float64{{1000, 30}, {2000, 60}, {2800, 84}, {3000, 5}, {3200, 11}} {
		p.Inspections = append(p.Inspections, brake.Inspection{Km: i[0] * 12, WorkMJ: i[0], WearPct: i[1]})
	}
	if w, ok := brake.Estimate(prior, p); !ok || w.Used != 2 || math.Abs(w.Pct-17) > 3 {
		t.Errorf("%+v", w)
	}
}

func TestPadsOfUnknownAgeNeedAMeasuredOne(t *testing.T) {
	p := brake.Pads{Km: 10000, WorkMJ: 800}
	told := brake.Predict(p, learned(t))
	if told.Value != nil || told.Urgency != fleet.UrgencyUnknown || !slices.Contains(told.Missing, "a measured pad of this vehicle") {
		t.Errorf("%+v", told)
	}
	p.Inspections = []brake.Inspection{{Km: 0, WorkMJ: 0, WearPct: 40}}
	told = brake.Predict(p, learned(t))
	if told.Value == nil || math.Abs(*told.Value-64) > 3 || told.Interval.Low > *told.Value || told.Interval.High < *told.Value {
		t.Errorf("%+v", told)
	}
}

func TestEveryPredictionSaysWhatItIs(t *testing.T) {
	for name, p := range map[string]brake.Pads{
		"nothing":       {Km: math.NaN(), WorkMJ: math.NaN()},
		"impossible":    {Km: -5, WorkMJ: math.Inf(1), FromNew: true, Inspections: []brake.Inspection{{WearPct: math.NaN()}, {WearPct: -3}}},
		"distance only": {Km: 30000, WorkMJ: math.NaN(), FromNew: true},
		"work":          {Km: 30000, WorkMJ: 2500, FromNew: true},
	} {
		told := brake.Predict(p)
		if !slices.Contains(told.Marks, fleet.MarkSemiSynthetic) || told.LearnedFrom == "" || len(told.WouldChange) == 0 || told.Claim == "" {
			t.Errorf("%s: %+v", name, told)
		}
		if known := name == "distance only" || name == "work"; known != (told.Value != nil) || known != told.Told() {
			t.Errorf("%s: value %v, urgency %s", name, told.Value, told.Urgency)
		}
	}
}

func TestWearFromThickness(t *testing.T) {
	if w := brake.WearPct(12, 3, 7.5); w != 50 {
		t.Errorf("%g", w)
	}
	for _, c := range [][3]float64{{3, 12, 5}, {12, 3, 14}, {12, 3, -1}, {math.NaN(), 3, 5}} {
		if w := brake.WearPct(c[0], c[1], c[2]); !math.IsNaN(w) {
			t.Errorf("%v gives %g", c, w)
		}
	}
}

// speeds are readings at a rate in Hz.
func speeds(hz float64, kmh ...float64) []obd.Reading {
	var out []obd.Reading
	at := time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	for i, v := range kmh {
		out = append(out, obd.Reading{At: at.Add(time.Duration(float64(i) / hz * float64(time.Second))), Signal: "VSS", Value: v})
	}
	return out
}

func TestWorkIsTheEnergyOfTheStop(t *testing.T) {
	stop := speeds(1, 72, 72, 54, 36, 18, 0, 0)
	w := brake.Measured(slices.Values(stop))
	if w.Stops != 1 || w.PerKgJ < 150 || w.PerKgJ > 200 { // 20 m/s: 200 J/kg, of which rolling and the engine take some
		t.Errorf("%+v", w)
	}
	coast := brake.Measured(slices.Values(speeds(1, 72, 71, 70, 69, 68)))
	if coast.PerKgJ > 0 {
		t.Errorf("coasting is no braking: %+v", coast)
	}
	if fast := brake.Measured(slices.Values(speeds(20, slices.Repeat([]float64{50, 51, 51}, 400)...))); fast.PerKgJ > 0 {
		t.Errorf("rounding counts as braking: %+v", fast)
	}
}

func TestMilesPerHourAreTurned(t *testing.T) {
	stop := speeds(1, 72, 72, 54, 36, 18, 0, 0)
	want := brake.Measured(slices.Values(stop))
	for i := range stop {
		stop[i].Value, stop[i].Unit = stop[i].Value/1.609344, "[mi_i]/h"
	}
	if got := brake.Measured(slices.Values(stop)); math.Abs(got.PerKgJ-want.PerKgJ) > 1e-6 {
		t.Errorf("%+v, want %+v", got, want)
	}
	for i := range stop {
		stop[i].Unit = "kPa"
	}
	if got := brake.Measured(slices.Values(stop)); got != (brake.Work{}) {
		t.Errorf("a pressure is taken for a speed: %+v", got)
	}
}

func TestGapsAndImpossibleSpeedsAreLeftOut(t *testing.T) {
	jump := brake.Measured(slices.Values(speeds(1, 100, 0, 100, 0)))
	gap := brake.Measured(slices.Values(speeds(0.1, 100, 0)))
	if jump.Impossible != 3 || jump.PerKgJ != 0 || gap.TooFarApart != 1 || gap.PerKgJ != 0 {
		t.Errorf("%+v %+v", jump, gap)
	}
	bad := brake.Measured(slices.Values(speeds(1, math.NaN(), -1, 900, math.Inf(1), 50)))
	if bad != (brake.Work{}) {
		t.Errorf("%+v", bad)
	}
}

func TestSavedPriorsComeBack(t *testing.T) {
	var b bytes.Buffer
	priors := []brake.Prior{learned(t), brake.Assumed(brake.ByDistance)}
	if err := brake.Save(&b, priors); err != nil {
		t.Fatal(err)
	}
	back, err := brake.Load(&b)
	if err != nil || !slices.Equal(back, priors) {
		t.Errorf("%+v %v", back, err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"version":1,"priors":[{"measure":"work","log_scale":-3.6,"spread":0.2,"vehicles":9}]}`))
	f.Add([]byte(`{"version":2}`))
	f.Add([]byte(`{"version":1,"priors":[{"measure":"work","log_scale":1e308,"spread":0}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		priors, err := brake.Load(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, p := range priors {
			w, ok := brake.Estimate(p, brake.Pads{Km: 20000, WorkMJ: 2000, FromNew: true})
			if ok && !(w.Low <= w.High && w.Pct >= 0 && w.Pct <= 100) {
				t.Errorf("%+v makes %+v", p, w)
			}
		}
	})
}
