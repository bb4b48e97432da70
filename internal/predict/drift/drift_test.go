package drift_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/drift"
)

// drives makes trips whose rows wander around a level of their own, as real ones do.
func drives(n int, level float64, seed uint64) []drift.Trip {
	r := rand.New(rand.NewPCG(seed, 9))
	trips := make([]drift.Trip, n)
	for i := range trips {
		own := level + 3*r.NormFloat64()
		v := make([]float64, 300)
		for k := range v {
			v[k] = own + r.NormFloat64()
		}
		trips[i] = drift.Trip{ID: fmt.Sprint(i), Values: map[string][]float64{"IAT": v}}
	}
	return trips
}

func TestSameDrivingIsSilentThoughRowsDiffer(t *testing.T) {
	alarms := 0
	for seed := range uint64(40) {
		s := drift.Compare(drives(15, 20, seed), drives(15, 20, seed+1000), drift.Options{Rounds: 999, Level: 0.05})[0]
		if s.Alarm {
			alarms++
		}
	}
	if alarms > 5 { // 2 are expected at a level of 5 %
		t.Errorf("%d of 40 comparisons of the same driving alarm", alarms)
	}
	s := drift.Compare(drives(15, 20, 1), drives(15, 20, 1001), drift.Options{Rounds: 999})[0]
	if s.PSILimit < 0.25 {
		t.Errorf("the limit %.2f is not above the usual 0.25, which whole trips exceed by themselves", s.PSILimit)
	}
}

func TestAShiftAlarmsAndSaysFromWhereToWhere(t *testing.T) {
	s := drift.Compare(drives(15, 20, 1), drives(12, 2, 2), drift.Options{})[0]
	if !s.Alarm || s.From < 15 || s.To > 7 || s.PSI < s.PSILimit || s.KS < s.KSLimit {
		t.Errorf("%+v", s)
	}
}

func TestFewTripsSaySoAndNeverAlarm(t *testing.T) {
	s := drift.Compare(drives(3, 20, 1), drives(30, 0, 2), drift.Options{})[0]
	if s.Alarm || s.Missing == "" {
		t.Errorf("%+v", s)
	}
	if got := drift.Compare(nil, nil, drift.Options{}); len(got) != 0 {
		t.Errorf("no trips gave %v", got)
	}
}

func TestHostileValues(t *testing.T) {
	odd := drives(10, 20, 1)
	for i := range odd {
		odd[i].Values["IAT"][0] = math.NaN()
		odd[i].Values["IAT"][1] = math.Inf(1)
		odd[i].Values["flat"] = []float64{7, 7}
		odd[i].Values["none"] = []float64{math.NaN()}
	}
	for _, s := range drift.Compare(odd, odd, drift.Options{Rounds: 99}) {
		if s.Alarm || math.IsNaN(s.PSI) || math.IsInf(s.PSI, 0) {
			t.Errorf("%+v", s)
		}
	}
}

func TestTheSeedDecides(t *testing.T) {
	a := drift.Compare(drives(10, 20, 1), drives(10, 19, 2), drift.Options{Seed: 4, Rounds: 499})
	b := drift.Compare(drives(10, 20, 1), drives(10, 19, 2), drift.Options{Seed: 4, Rounds: 499})
	if a[0] != b[0] {
		t.Errorf("%+v and %+v", a[0], b[0])
	}
}

func TestWindowKeepsWhatHasOneMean(t *testing.T) {
	w := drift.NewWindow(0.002)
	r := rand.New(rand.NewPCG(1, 1))
	draw := func(p float64) float64 {
		if r.Float64() < p {
			return 1
		}
		return 0
	}
	for range 2000 {
		if w.Add(draw(0.1)) {
			t.Fatal("cut a steady stream")
		}
	}
	if w.Len() != 2000 || math.Abs(w.Mean()-0.1) > 0.03 {
		t.Fatalf("holds %d of mean %.3f", w.Len(), w.Mean())
	}
	late := 0
	for !w.Add(draw(0.5)) {
		if late++; late > 300 {
			t.Fatal("did not see errors rise from 10 % to 50 %")
		}
	}
	for range 300 {
		w.Add(draw(0.5))
	}
	if w.Len() > 1000 || math.Abs(w.Mean()-0.5) > 0.1 {
		t.Errorf("after the change it holds %d of mean %.3f", w.Len(), w.Mean())
	}
}

func TestWindowLeavesOutWhatIsNoNumber(t *testing.T) {
	w := drift.NewWindow(-1)
	w.Add(math.NaN())
	w.Add(math.Inf(1))
	if w.Len() != 1 || w.Mean() != 1 {
		t.Errorf("%d of mean %v", w.Len(), w.Mean())
	}
}
