package engine_test

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// car is a small petrol engine on wheels, simple and physical: a throttle feeds a manifold, burnt air warms
// the coolant, a thermostat holds it, an alternator charges. What is wrong with it is set by the test.
type car struct {
	seed  uint64
	pace  float64 // seconds between samples; 1
	start float64 // coolant at the start, Cel
	air   float64 // outside, Cel
	drive bool    // else it idles

	thermostat float64                         // temperature that it holds; 88
	stuckAt    float64                         // what the coolant sensor says, 0 where it works
	leak       float64                         // % of lean
	alternator float64                         // volts that it gives; 13.9
	bias       float64                         // kPa of the manifold sensor
	rough      float64                         // 1/min of uneven idle
	twist      func(r obd.Reading) obd.Reading // what the line makes of a reading; nil for nothing
}

func newCar(seed uint64) car {
	r := rand.New(rand.NewPCG(seed, 3))
	return car{seed: seed, pace: 1, start: 20 + 60*r.Float64(), air: 15 + 10*r.Float64(), drive: seed%3 != 0, thermostat: 88, alternator: 13.9}
}

// readings are those of fifteen minutes and a little more.
func (c car) readings() []obd.Reading {
	r := rand.New(rand.NewPCG(c.seed, 7))
	start := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	var out []obd.Reading
	heat, throttle, speed, trim := c.start, 16.0, 0.0, 2*r.NormFloat64()
	rpm := 800.0
	last := math.Inf(-1)
	for s := range 1100 {
		if c.drive && s > 60 {
			switch phase := (s / 25) % 5; phase {
			case 0:
				throttle, speed, rpm = 16, 0, 800
			case 4:
				throttle, speed, rpm = 16, math.Max(0, speed-2), 1000+10*speed
			default:
				throttle = 22 + 4*float64(phase) + 0.2*r.NormFloat64()
				speed = math.Min(speed+1.5, 60)
				rpm = 1000 + 30*speed
			}
		}
		turn := rpm + 4*r.NormFloat64()
		if speed == 0 {
			turn += c.rough * r.NormFloat64()
		}
		press := math.Min(100, 100*math.Min(1, 2.2*(throttle-8)*100/rpm/4)) + 0.5*r.NormFloat64()
		flow := press * rpm / 60 / 300
		if c.leak > 0 && speed == 0 {
			press += c.leak / 3
		}
		gap := heat - c.air
		heat += 0.05 + 0.012*flow*10 - 0.0015*gap
		if heat > c.thermostat {
			heat -= (heat - c.thermostat) * 0.3
		}
		if float64(s)-last < c.pace {
			continue
		}
		last = float64(s)
		told := math.Round(heat + 0.3*r.NormFloat64())
		if c.stuckAt != 0 {
			told = c.stuckAt
		}
		at := start.Add(time.Duration(s) * time.Second)
		add := func(signal, unit string, v float64) {
			reading := obd.Reading{At: at, Signal: signal, Unit: unit, Value: v}
			if c.twist != nil {
				reading = c.twist(reading)
			}
			out = append(out, reading)
		}
		add("RPM", "/min", turn)
		add("VSS", "km/h", math.Round(speed))
		add("TP", "%", throttle)
		add("MAP", "kPa", math.Round(press+c.bias))
		add("ECT", "Cel", told)
		add("IAT", "Cel", math.Round(c.air+5))
		add("VPWR", "V", c.alternator+0.05*r.NormFloat64())
		add("SHRTFT1", "%", r.NormFloat64())
		add("LONGFT1", "%", trim+c.leak)
	}
	return out
}
