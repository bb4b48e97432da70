package engine_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/engine"
)

func trip(c car) engine.Trip {
	return engine.NewTrip(fmt.Sprint("trip ", c.seed), slices.Values(c.readings()))
}

// learned is one healthy past for all tests.
var learned = sync.OnceValues(func() (*engine.Model, error) {
	var trips []engine.Trip
	for seed := range uint64(40) {
		trips = append(trips, trip(newCar(seed)))
	}
	return engine.Learn(trips, engine.Options{Vehicle: "test car"})
})

func model(t *testing.T) *engine.Model {
	t.Helper()
	m, err := learned()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestHealthyTripsStayHealthy(t *testing.T) {
	m := model(t)
	wrong := 0
	for seed := uint64(100); seed < 140; seed++ {
		tr := trip(newCar(seed))
		if v := m.Judge(&tr); v.Claim != engine.Healthy {
			wrong++
			t.Logf("%s: %s %s %+v", v.Trip, v.Claim, v.Part, v.Reasons)
		} else if v.Near == nil || v.Score > 1 || v.Of != 40 {
			t.Errorf("a healthy verdict says how near it came: %+v", v)
		}
	}
	if wrong > 2 {
		t.Errorf("%d of 40 healthy trips flagged", wrong)
	}
}

func faults() map[engine.Part]func(*car) {
	return map[engine.Part]func(*car){
		engine.Thermostat:    func(c *car) { c.thermostat = 72 },
		engine.CoolantSensor: func(c *car) { c.stuckAt = 40 },
		engine.Cooling:       func(c *car) { c.thermostat = 118 },
		engine.Charging:      func(c *car) { c.alternator = 12.3 },
		engine.IntakeLeak:    func(c *car) { c.leak = 16 },
		engine.MAPSensor:     func(c *car) { c.bias = 9 },
		engine.Combustion:    func(c *car) { c.rough = 90 },
	}
}

func TestEachFaultIsNamed(t *testing.T) {
	m := model(t)
	for part, spoil := range faults() {
		c := newCar(201)
		c.start, c.drive = 30, part != engine.Combustion
		spoil(&c)
		tr := trip(c)
		v := m.Judge(&tr)
		if v.Claim != engine.Faulty || v.Part != part {
			t.Errorf("%s: said %s %s, %+v, missing %v", part, v.Claim, v.Part, v.Reasons, v.Missing)
			continue
		}
		r := v.Reasons[0]
		if r.Excess <= 1 || len(r.Signals) == 0 || r.At.Before(v.Start) || v.High > 0.15 || len(v.WouldChange) == 0 || !strings.Contains(v.LearnedFrom, "40 healthy trips") {
			t.Errorf("%s: a verdict says why and from what: %+v", part, v)
		}
	}
}

func TestSlowLinesAndForeignUnits(t *testing.T) {
	m := model(t)
	foreign := func(r obd.Reading) obd.Reading {
		switch r.Signal {
		case "ECT", "IAT":
			r.Value, r.Unit = r.Value*1.8+32, "[degF]"
		case "VSS":
			r.Value, r.Unit = r.Value/1.609344, "[mi_i]/h"
		case "MAP":
			r.Value, r.Unit = r.Value/6.894757293168361, "[psi]"
		case "VPWR":
			r.Value, r.Unit = r.Value*1000, "mV"
		}
		return r
	}
	for _, pace := range []float64{1, 4} {
		c := newCar(202)
		c.pace, c.twist = pace, foreign
		tr := trip(c)
		if v := m.Judge(&tr); v.Claim != engine.Healthy {
			t.Errorf("every %g s: %s %s %+v", pace, v.Claim, v.Part, v.Reasons)
		}
		c.alternator = 12.3
		tr = trip(c)
		if v := m.Judge(&tr); v.Part != engine.Charging {
			t.Errorf("every %g s: %s %s", pace, v.Claim, v.Part)
		}
	}
}

func TestUnitsThatCannotBeConvertedAreRefusedAndSaid(t *testing.T) {
	c := newCar(203)
	c.twist = func(r obd.Reading) obd.Reading {
		if r.Signal == "VPWR" {
			r.Unit = "kPa"
		}
		return r
	}
	tr := trip(c)
	v := model(t).Judge(&tr)
	if !slices.ContainsFunc(v.Missing, func(s string) bool { return strings.Contains(s, `VPWR in "kPa"`) }) || slices.Contains(v.Judged, engine.Charging) {
		t.Errorf("missing %v, judged %v", v.Missing, v.Judged)
	}
}

func TestMissingChannelsAreSaidAndTheRestIsJudged(t *testing.T) {
	c := newCar(204)
	c.bias = 9
	var some []obd.Reading
	for _, r := range c.readings() {
		if r.Signal != "VPWR" && r.Signal != "SHRTFT1" {
			some = append(some, r)
		}
	}
	tr := engine.NewTrip("part", slices.Values(some))
	v := model(t).Judge(&tr)
	if v.Part != engine.MAPSensor {
		t.Errorf("said %s %s", v.Claim, v.Part)
	}
	all := strings.Join(v.Missing, "\n")
	if !strings.Contains(all, "charging voltage was not judged: no VPWR") || !strings.Contains(all, "SHRTFT1") {
		t.Errorf("missing: %s", all)
	}
}

func TestTooLittleSaysWhatIsMissingAndNoNumber(t *testing.T) {
	m := model(t)
	few := newCar(1).readings()[:5]
	for name, readings := range map[string][]obd.Reading{"none": nil, "five": few} {
		tr := engine.NewTrip(name, slices.Values(readings))
		v := m.Judge(&tr)
		if v.Claim != engine.NotKnown || v.Score != 0 || v.Of != 0 || len(v.Missing) == 0 {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestGapsAndImpossibleValues(t *testing.T) {
	c := newCar(205)
	var holes []obd.Reading
	for i, r := range c.readings() {
		switch {
		case i%1000 < 300: // a third is lost
			continue
		case i%97 == 0:
			r.Value = math.NaN()
		case i%89 == 0 && r.Signal == "ECT":
			r.Value = -40
		case i%83 == 0 && r.Signal == "RPM":
			r.Value = 16383.75
		}
		holes = append(holes, r)
	}
	tr := engine.NewTrip("holes", slices.Values(holes))
	if v := model(t).Judge(&tr); v.Claim != engine.Healthy {
		t.Errorf("%s %s %+v", v.Claim, v.Part, v.Reasons)
	}
	if len(tr.Notes) == 0 {
		t.Error("what was left out is not said")
	}
}

func TestAClockThatJumpsDoesNotLoseTheTrip(t *testing.T) {
	c := newCar(206)
	c.alternator = 12.3
	rs := c.readings()
	for i := range 10 {
		rs[i].At = rs[i].At.AddDate(-40, 0, 0)
	}
	tr := engine.NewTrip("jump", slices.Values(rs))
	if v := model(t).Judge(&tr); v.Part != engine.Charging || !strings.Contains(strings.Join(v.Missing, " "), "10 readings") {
		t.Errorf("%s %s %v", v.Claim, v.Part, v.Missing)
	}
}

func TestFewTripsAreNoPast(t *testing.T) {
	_, err := engine.Learn([]engine.Trip{trip(newCar(1))}, engine.Options{})
	if errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
		t.Errorf("%v", err)
	}
}

func TestPhysicalLimitsNeedNoPast(t *testing.T) {
	m := engine.Untrained()
	c := newCar(207)
	c.start = 60
	tr := trip(c)
	if v := m.Judge(&tr); v.Claim != engine.NotKnown || len(v.Missing) == 0 {
		t.Errorf("without a past nothing healthy can be said: %+v", v)
	}
	c.alternator = 11.5
	tr = trip(c)
	if v := m.Judge(&tr); v.Part != engine.Charging || v.Of != 0 {
		t.Errorf("%+v", v)
	}
}

func TestSavedModelsJudgeTheSame(t *testing.T) {
	m := model(t)
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 200_000 {
		t.Errorf("%d bytes", b.Len())
	}
	again, err := engine.Load(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	c := newCar(208)
	c.bias = 5
	tr := trip(c)
	if a, b := m.Judge(&tr), again.Judge(&tr); fmt.Sprintf("%+v", a.Reasons) != fmt.Sprintf("%+v", b.Reasons) || a.Score != b.Score {
		t.Errorf("%+v\n%+v", a, b)
	}
	for _, broken := range []string{"", "{}", `{"version":9}`, `{"version":1,"limits":[{"measure":"x","side":"above","spread":0}]}`,
		strings.Replace(b.String(), `"Coef":[`, `"Coef":[1,`, 1), b.String() + b.String()} {
		if _, err := engine.Load(strings.NewReader(broken)); errs.KindOf(err) != errs.BadInput {
			t.Errorf("%.40q: %v", broken, err)
		}
	}
}

func TestLearningIsDeterministic(t *testing.T) {
	var saved [2]bytes.Buffer
	for i := range saved {
		var trips []engine.Trip
		for seed := range uint64(12) {
			trips = append(trips, trip(newCar(seed)))
		}
		m, err := engine.Learn(trips, engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Save(&saved[i]); err != nil {
			t.Fatal(err)
		}
	}
	if saved[0].String() != saved[1].String() {
		t.Error("the same trips gave two models")
	}
}
