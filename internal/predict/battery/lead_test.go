package battery_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/battery"
)

// car writes the readings of days of driving.
type car struct {
	now  time.Time
	list []obd.Reading
	temp float64
}

func newCar() *car { return &car{now: time.Date(2026, 2, 2, 7, 0, 0, 0, time.UTC), temp: 20} }

func (c *car) put(signal string, v float64) {
	c.list = append(c.list, obd.Reading{At: c.now, Signal: signal, Value: v})
}

// day stands over night, turns the key, cranks down to a voltage and drives for ten minutes.
func (c *car) day(rest, lowest, held float64) *car {
	c.put("AAT", c.temp)
	for range 10 {
		c.put("RPM", 0)
		c.put("VPWR", rest)
		c.now = c.now.Add(500 * time.Millisecond)
	}
	for i := range 5 {
		c.put("RPM", 200)
		c.put("VPWR", []float64{lowest + 0.4, lowest, lowest + 0.1, lowest + 0.2, lowest + 0.5}[i])
		c.now = c.now.Add(200 * time.Millisecond)
	}
	for range 600 {
		c.put("RPM", 1800)
		c.put("VPWR", held)
		c.put("AAT", c.temp)
		c.now = c.now.Add(time.Second)
	}
	c.put("RPM", 0)
	c.now = c.now.Add(24 * time.Hour)
	return c
}

func (c *car) predict() (lead, charging fleet.Prediction, o battery.Observed) {
	o = battery.Observe(slices.Values(c.list))
	all := battery.Predict(o)
	return all[0], all[1], o
}

func TestASoundBatteryAndAlternator(t *testing.T) {
	c := newCar()
	for range 6 {
		c.day(12.5, 10.4, 14.3)
	}
	lead, charging, o := c.predict()
	if len(o.Starts) != 6 || len(o.Charges) != 6 || len(o.Rests) != 6 || !o.Starts[2].Dip || o.Starts[2].Lowest != 10.4 {
		t.Fatalf("%d starts, %d charges, %d rests: %+v", len(o.Starts), len(o.Charges), len(o.Rests), o.Starts)
	}
	if lead.Urgency != fleet.UrgencyNone || math.Abs(*lead.Value-0.82) > 0.03 {
		t.Errorf("%s %v: %s", lead.Urgency, *lead.Value, lead.Claim)
	}
	if charging.Urgency != fleet.UrgencyNone || math.Abs(*charging.Value-14.21) > 0.01 {
		t.Errorf("%s %v: %s", charging.Urgency, *charging.Value, charging.Claim)
	}
}

func TestAWeakBatteryIsToldFromAColdOne(t *testing.T) {
	weak, frost := newCar(), newCar()
	frost.temp = -18
	for range 4 {
		weak.day(12.3, 8.8, 14.3)
		frost.day(12.3, 8.8, 14.3)
	}
	if lead, _, _ := weak.predict(); lead.Urgency != fleet.UrgencyNow {
		t.Errorf("weak: %s: %s", lead.Urgency, lead.Claim)
	}
	if lead, _, _ := frost.predict(); lead.Urgency != fleet.UrgencyNone {
		t.Errorf("frost: %s: %s", lead.Urgency, lead.Claim)
	}
}

func TestADeclineIsForetoldWithItsInterval(t *testing.T) {
	c := newCar()
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 60 {
		c.day(12.5, 11-0.02*float64(i)+0.05*r.NormFloat64(), 14.3)
	}
	lead, _, _ := c.predict()
	if lead.Horizon == nil || lead.Horizon.Unit != "d" || math.Abs(lead.Horizon.Value-11) > 5 || lead.Urgency != fleet.UrgencySoon {
		t.Errorf("%+v %s: %s", lead.Horizon, lead.Urgency, lead.Claim)
	}
	steady := newCar()
	for range 60 {
		steady.day(12.5, 10.6+0.05*r.NormFloat64(), 14.3)
	}
	if lead, _, _ := steady.predict(); lead.Horizon != nil {
		t.Errorf("steady: %s", lead.Claim)
	}
}

func TestChargingFaults(t *testing.T) {
	for want, held := range map[fleet.Urgency]float64{fleet.UrgencySoon: 12.1, fleet.UrgencyNow: 15.8} {
		c := newCar()
		for range 3 {
			c.day(12.4, 10.2, held)
		}
		if _, charging, _ := c.predict(); charging.Urgency != want {
			t.Errorf("%g V: %s: %s", held, charging.Urgency, charging.Claim)
		}
	}
	steered := newCar().day(12.5, 10.4, 12.8).day(12.5, 10.4, 12.8)
	for range 200 {
		steered.put("RPM", 1500)
		steered.now = steered.now.Add(time.Second)
	}
	steered.day(12.5, 10.4, 14.6)
	if _, charging, _ := steered.predict(); charging.Urgency != fleet.UrgencyWatch {
		t.Errorf("%s: %s", charging.Urgency, charging.Claim)
	}
}

func TestABatteryFoundEmptyTwice(t *testing.T) {
	c := newCar().day(11.8, 10.0, 14.3).day(11.7, 9.9, 14.3)
	lead, _, _ := c.predict()
	if lead.Urgency != fleet.UrgencySoon || !strings.Contains(lead.Claim, "more than once") {
		t.Errorf("%s: %s", lead.Urgency, lead.Claim)
	}
}

func TestTrucksHaveTwentyFourVolts(t *testing.T) {
	c := newCar()
	for range 3 {
		c.day(25.0, 20.8, 28.4)
	}
	lead, charging, o := c.predict()
	if !o.Double || lead.Urgency != fleet.UrgencyNone || charging.Urgency != fleet.UrgencyNone {
		t.Errorf("%v %s: %s %s", o.Double, lead.Urgency, lead.Claim, charging.Claim)
	}
}

func TestMillivoltsAndFahrenheitAreTurned(t *testing.T) {
	c := newCar()
	for range 6 {
		c.day(12.5, 10.4, 14.3)
	}
	for i, r := range c.list {
		switch r.Signal {
		case "VPWR":
			c.list[i].Value, c.list[i].Unit = 1000*r.Value, "mV"
		case "AAT":
			c.list[i].Value, c.list[i].Unit = r.Value*1.8+32, "[degF]"
		}
	}
	if lead, charging, _ := c.predict(); math.Abs(*lead.Value-0.82) > 0.03 || math.Abs(*charging.Value-14.21) > 0.01 {
		t.Errorf("%s %s", lead.Claim, charging.Claim)
	}
}

func TestNoNumberOutOfNothing(t *testing.T) {
	five := newCar()
	for range 5 {
		five.put("VPWR", 12.4)
		five.now = five.now.Add(time.Second)
	}
	hostile := newCar()
	for i := range 500 {
		hostile.put("VPWR", []float64{math.NaN(), -3, 900, math.Inf(1)}[i%4])
		hostile.put("RPM", []float64{math.NaN(), -1, 1e9}[i%3])
		hostile.now = hostile.now.Add(time.Second)
	}
	slow := newCar() // one voltage in five seconds sees no dip
	for i := range 200 {
		slow.put("RPM", []float64{0, 900}[min(i/20, 1)])
		slow.put("VPWR", []float64{12.5, 14.2}[min(i/20, 1)])
		slow.now = slow.now.Add(5 * time.Second)
	}
	for name, c := range map[string]*car{"nothing": newCar(), "five readings": five, "hostile": hostile} {
		lead, charging, _ := c.predict()
		if lead.Value != nil || charging.Value != nil || lead.Told() || charging.Told() || len(lead.Missing) == 0 || len(charging.Missing) == 0 {
			t.Errorf("%s: %+v %+v", name, lead, charging)
		}
	}
	lead, charging, _ := slow.predict()
	if lead.Quantity == "cranking voltage above the limit" || !charging.Told() || !slices.ContainsFunc(lead.Missing, func(m string) bool { return strings.Contains(m, "several times a second") }) {
		t.Errorf("%+v %+v", lead, charging)
	}
}

func TestOneVoltageOfAScanProvesOnlyWhatItsErrorLeaves(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		spot   battery.Spot
		lead   fleet.Urgency
		charge fleet.Urgency
	}{
		{battery.Spot{Volts: 12.4}, fleet.UrgencyUnknown, fleet.UrgencyUnknown},
		{battery.Spot{Volts: 11.4}, fleet.UrgencyWatch, fleet.UrgencyUnknown},
		{battery.Spot{Volts: 11.4, Adapter: true}, fleet.UrgencyUnknown, fleet.UrgencyUnknown},
		{battery.Spot{Volts: 10.2, Adapter: true}, fleet.UrgencyWatch, fleet.UrgencyUnknown},
		{battery.Spot{Volts: 14.2, Running: true}, fleet.UrgencyUnknown, fleet.UrgencyUnknown},
		{battery.Spot{Volts: 12.1, Running: true}, fleet.UrgencyUnknown, fleet.UrgencyWatch},
		{battery.Spot{Volts: 16.4, Running: true}, fleet.UrgencyUnknown, fleet.UrgencySoon},
		{battery.Spot{Volts: 32.6, Running: true}, fleet.UrgencyUnknown, fleet.UrgencySoon},
		{battery.Spot{Volts: math.NaN(), Running: true}, fleet.UrgencyUnknown, fleet.UrgencyUnknown},
	} {
		c.spot.At = at
		said := battery.WithSpots(battery.Predict(battery.Observed{}), []battery.Spot{c.spot})
		if said[0].Urgency != c.lead || said[1].Urgency != c.charge || said[0].Told() != (said[0].Value != nil) {
			t.Errorf("%+v: %s and %s", c.spot, said[0].Urgency, said[1].Urgency)
		}
	}
	sound := newCar().day(12.5, 10.4, 14.3)
	lead, _, o := sound.predict()
	if again := battery.WithSpots(battery.Predict(o), []battery.Spot{{At: at, Volts: 9}})[0]; again.Claim != lead.Claim {
		t.Errorf("a spot overrules a start: %s", again.Claim)
	}
}

func TestResistanceFromStepsOfCurrent(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	var s []battery.Sample
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range 100 {
		amps := -10 - 20*float64(i/5%2)
		s = append(s, battery.Sample{At: at, Amps: amps, Volts: 12.6 + 0.006*amps + 0.002*r.NormFloat64(), TempC: 5})
		at = at.Add(50 * time.Millisecond)
	}
	got, ok := battery.ResistanceOf(s)
	if !ok || math.Abs(got.MilliOhm-6) > 0.2 || got.Low > 6 || got.High < 6 || got.Polarised || got.At25 >= got.MilliOhm {
		t.Errorf("%+v %v", got, ok)
	}
	if few, ok := battery.ResistanceOf(s[:20]); ok {
		t.Errorf("three steps make a resistance: %+v", few)
	}
	for i := range s {
		s[i].Amps = 10 * float64(1-2*(i%2)) // charging and discharging by turns
	}
	if got, ok := battery.ResistanceOf(s); ok {
		t.Errorf("%+v", got)
	}
}

func FuzzObserve(f *testing.F) {
	f.Add([]byte{0, 125, 1, 0, 0, 90, 1, 200, 0, 142})
	f.Fuzz(func(t *testing.T, data []byte) {
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		var list []obd.Reading
		for i := 0; i+1 < len(data); i += 2 {
			v := float64(data[i+1])
			switch data[i] % 4 {
			case 0:
				list = append(list, obd.Reading{At: at, Signal: "VPWR", Value: v / 10})
			case 1:
				list = append(list, obd.Reading{At: at, Signal: "RPM", Value: v * 10})
			case 2:
				list = append(list, obd.Reading{At: at, Signal: "AAT", Value: v - 100})
			default:
				at = at.Add(time.Duration(v*v) * time.Second)
			}
			at = at.Add(time.Duration(data[i]) * 10 * time.Millisecond)
		}
		for _, p := range battery.Predict(battery.Observe(slices.Values(list))) {
			if (p.Value == nil) != !p.Told() || p.Claim == "" || p.Value != nil && (math.IsNaN(*p.Value) || math.Abs(*p.Value) > 200) {
				t.Errorf("%+v", p)
			}
		}
	})
}
