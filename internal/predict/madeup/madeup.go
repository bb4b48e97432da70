// Package madeup drives a car that does not exist, for tests: a few equations of a petrol engine, its coolant, its
// alternator and its starter, with faults that can be switched on. It shows that the ways from a reading to a prediction
// hold; it is no evidence that a model is good, and nothing is ever learned from it that is shipped.
package madeup

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Fault is what is wrong with the car.
type Fault string

// The faults.
const (
	Healthy    Fault = ""
	Alternator Fault = "alternator" // charges 1.4 V less
	Thermostat Fault = "thermostat" // opens 25 K too early
	Leak       Fault = "leak"       // air behind the throttle: lean and a higher manifold pressure at idle
	Starter    Fault = "starter"    // a weak battery: the starter pulls it far down
)

// Faults lists them.
func Faults() []Fault { return []Fault{Alternator, Thermostat, Leak, Starter} }

// Drive is one journey of the car: it begins with the ignition on, then the starter turns, then it drives
// through traffic.
type Drive struct {
	Start   time.Time
	Fault   Fault
	Seed    uint64
	Seconds int // of driving; 900 when 0
}

// seconds of a drive.
const (
	waiting = 8 // with the ignition on
	turning = 2 // of the starter
	driving = 900
)

// Readings are what the car tells, once a second, the voltage ten times a second around the start.
func (d Drive) Readings() []obd.Reading {
	r := rand.New(rand.NewPCG(d.Seed, 11))
	c := &car{rand: r, coolant: 18 + 10*r.Float64(), air: 14 + 8*r.Float64(), opens: 87, charge: 14.1, dip: 10.6 + 0.2*r.Float64(), trim: 1.5 * r.NormFloat64()}
	switch d.Fault {
	case Alternator:
		c.charge -= 1.4
	case Thermostat:
		c.opens -= 25
	case Leak:
		c.leak = 14
	case Starter:
		c.dip = 8.1 + 0.2*r.Float64()
	}
	say := func(at time.Duration, signal, unit string, v float64) {
		c.out = append(c.out, obd.Reading{ECU: obd.CAN11(0x7E8), At: d.Start.Add(at), Signal: signal, Unit: unit, Value: v})
	}
	for tenth := range (waiting + turning) * 10 {
		at := time.Duration(tenth) * 100 * time.Millisecond
		volts := 12.55 + 0.01*r.NormFloat64()
		if tenth >= waiting*10 {
			volts = c.dip + 0.6*float64(tenth-waiting*10)/float64(turning*10) + 0.02*r.NormFloat64()
		}
		say(at, "VPWR", "V", round(volts, 3))
		if tenth%10 == 0 {
			say(at, "RPM", "/min", 0)
			say(at, "AAT", "Cel", math.Round(c.air))
		}
	}
	for s := range cmp.Or(d.Seconds, driving) {
		c.second(s)
		c.tell(time.Duration(waiting+turning+s)*time.Second, say)
	}
	return c.out
}

// car is the state of the car.
type car struct {
	rand                                   *rand.Rand
	coolant, air, opens, charge, dip, leak float64
	trim                                   float64 // %, of this drive
	speed, throttle, rpm, pressure, flow   float64
	out                                    []obd.Reading
}

// second lets a second pass: 40 s of acceleration and cruise, 20 s of braking and standing, again and again.
func (c *car) second(s int) {
	switch phase := s % 60; {
	case s < 40 || phase >= 52:
		c.throttle, c.speed = 14, math.Max(0, c.speed-2.5)
	case phase < 15:
		c.throttle, c.speed = 38+6*c.rand.Float64(), math.Min(c.speed+3, 62)
	case phase < 40:
		c.throttle, c.speed = 24+2*c.rand.Float64(), c.speed+0.2*c.rand.NormFloat64()
	default:
		c.throttle, c.speed = 14, math.Max(0, c.speed-4)
	}
	c.speed = math.Max(0, c.speed)
	c.rpm = 820 + 32*c.speed
	c.pressure = math.Min(100, 18+1.9*(c.throttle-8)*820*1.6/(c.rpm+400))
	if c.speed == 0 && c.leak > 0 {
		c.pressure += c.leak * 0.7
	}
	c.flow = c.pressure * c.rpm / 36_000
	c.coolant += 0.09 + 0.05*c.flow - 0.0016*(c.coolant-c.air) - 0.0004*c.speed*(c.coolant-c.air)/10
	if c.coolant > c.opens {
		c.coolant -= 0.4 * (c.coolant - c.opens)
	}
}

func (c *car) tell(at time.Duration, say func(time.Duration, string, string, float64)) {
	noise := func(sd float64) float64 { return sd * c.rand.NormFloat64() }
	lean := c.leak
	if c.speed > 0 {
		lean /= 4
	}
	say(at, "RPM", "/min", round(c.rpm+noise(6), 2))
	say(at, "VSS", "km/h", math.Round(c.speed))
	say(at, "ECT", "Cel", math.Round(c.coolant+noise(0.2)))
	say(at, "IAT", "Cel", math.Round(c.air+6))
	say(at, "VPWR", "V", round(c.charge+noise(0.03), 3))
	say(at, "MAP", "kPa", math.Round(c.pressure+noise(0.5)))
	say(at, "LOAD_PCT", "%", round(math.Min(100, c.pressure*0.95+noise(0.5)), 1))
	say(at, "TP", "%", round(c.throttle, 1))
	say(at, "SHRTFT1", "%", round(c.trim+lean+noise(1), 2))
	say(at, "LONGFT1", "%", round(c.trim+lean/2, 2))
	say(at, "AAT", "Cel", math.Round(c.air))
}

func round(v float64, digits int) float64 {
	scale := math.Pow(10, float64(digits))
	return math.Round(v*scale) / scale
}

// WriteCSV writes readings as a log with one column a signal.
func WriteCSV(w io.Writer, readings []obd.Reading) error {
	var names []string
	for _, r := range readings {
		if !slices.Contains(names, r.Signal) {
			names = append(names, r.Signal)
		}
	}
	out := csv.NewWriter(w)
	if err := out.Write(append([]string{"time"}, names...)); err != nil {
		return err
	}
	for i := 0; i < len(readings); {
		at := readings[i].At
		row := make([]string, len(names)+1)
		row[0] = at.UTC().Format("2006-01-02T15:04:05.000Z")
		for ; i < len(readings) && readings[i].At.Equal(at); i++ {
			row[1+slices.Index(names, readings[i].Signal)] = fmt.Sprint(readings[i].Value)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
