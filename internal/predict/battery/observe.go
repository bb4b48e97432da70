package battery

import (
	"iter"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/obd"
)

// Observed is what readings show of a 12 V battery and of what charges it. Voltages of a 24 V system are halved.
type Observed struct {
	From     time.Time
	Until    time.Time
	Voltages int           // readings of the voltage
	Rejected int           // readings that no vehicle's supply has
	Every    time.Duration // median time between two voltages
	Engine   bool          // the engine's speed was told
	Double   bool          // the supply is a 24 V system
	Starts   []Start
	Rests    []Rest
	Charges  []Charge
}

// Start is one start of the engine.
type Start struct {
	At     time.Time
	Before float64  // voltage before, engine off
	Lowest float64  // while the starter turned
	Dip    bool     // the dip was seen: the sampling may have missed it
	TempC  *float64 // of the air outside or, before the engine warms it, at the intake
}

// Rest is the voltage before the first start after the vehicle stood.
type Rest struct {
	At    time.Time
	Volts float64
	Stood time.Duration // 0 where the readings do not reach back
	TempC *float64
}

// Charge is the voltage that was held while the engine ran for minutes.
type Charge struct {
	At      time.Time
	Volts   float64 // median
	Highest float64
	Ran     time.Duration
	TempC   *float64
}

// Signals lists the readings that [Observe] looks at.
func Signals() []string { return []string{"VPWR", "BAT_PWR", "RPM", "AAT", "IAT"} }

// What tells the states apart.
const (
	turning   = 400.0            // rpm: above this the engine runs on its own, starters turn it at 150 to 300
	stood     = 3 * time.Hour    // until the charge on the plates' surface has gone
	lull      = time.Minute      // without readings that ends a run of the engine
	settled   = time.Minute      // after a start, while the battery takes back what the start took
	longRun   = 2 * time.Minute  // of settled running that make a charge
	seenDip   = 0.4              // V below the voltage before that only a starter makes
	lookBack  = 3 * time.Second  // before the engine runs, in which the starter turned
	freshTemp = 30 * time.Minute // how long a temperature holds
	supplyLow = 4.0              // V: a control unit does not work below
	supplyTop = 36.0
)

// Observe reads a stream in order of time. It keeps voltages of one run of the engine, so that years of
// readings cost no memory; what comes out of order is left out.
func Observe(readings iter.Seq[obd.Reading]) Observed {
	w := watch{}
	units := map[string]string{"VPWR": "V", "BAT_PWR": "V", "RPM": "/min", "AAT": "Cel", "IAT": "Cel"}
	for r := range readings {
		v, known := unit.Into(r.Value, r.Unit, units[r.Signal])
		if known && !r.Absent && !r.At.IsZero() && !r.At.Before(w.last) {
			r.Value = v
			w.take(r)
		}
	}
	w.stop()
	w.out.Every = middle(w.gaps)
	w.halve()
	return w.out
}

// watch is the state between two readings.
type watch struct {
	out     Observed
	last    time.Time // of any reading
	volts   []at      // of the last seconds, or of the run
	gaps    []time.Duration
	source  source    // whose voltage is taken: of two, the offsets would mix
	running time.Time // since when the engine runs; zero when it does not
	off     bool      // the engine is known to stand
	rested  bool      // the rest voltage of this stop is taken
	idle    time.Duration
	outside at
	intake  at
}

type source struct {
	signal string
	ecu    obd.Address
}

type at struct {
	time  time.Time
	value float64
}

func (w *watch) take(r obd.Reading) {
	if pause := r.At.Sub(w.last); pause > lull {
		w.stop()
		w.off, w.rested, w.idle = false, false, pause
		if w.last.IsZero() {
			w.idle = 0
		}
	}
	w.last = r.At
	switch r.Signal {
	case "VPWR", "BAT_PWR":
		w.voltage(r)
	case "RPM":
		w.turn(r)
	case "AAT":
		w.outside = at{r.At, r.Value}
	case "IAT":
		w.intake = at{r.At, r.Value}
	}
}

func (w *watch) voltage(r obd.Reading) {
	from := source{r.Signal, r.ECU}
	if w.source.signal == "" {
		w.source = from
	}
	if from != w.source {
		return
	}
	if !(r.Value >= supplyLow && r.Value <= supplyTop) {
		w.out.Rejected++
		return
	}
	if w.out.Voltages++; w.out.Voltages == 1 {
		w.out.From = r.At
	} else if gap := r.At.Sub(w.out.Until); gap < lull && len(w.gaps) < maxGaps {
		w.gaps = append(w.gaps, gap)
	}
	w.out.Until = r.At
	if w.running.IsZero() && len(w.volts) > 0 && len(w.volts) >= maxVolts {
		w.volts = slices.Delete(w.volts, 0, len(w.volts)/2)
	}
	if len(w.volts) < maxVolts {
		w.volts = append(w.volts, at{r.At, r.Value})
	}
}

// maxVolts and maxGaps bound the memory: an hour at ten a second.
const (
	maxVolts = 36_000
	maxGaps  = 10_000
)

// turn takes the engine's speed and sees starts and stops in it.
func (w *watch) turn(r obd.Reading) {
	if !(r.Value >= 0 && r.Value < 20_000) {
		return
	}
	w.out.Engine = true
	switch {
	case r.Value >= turning && w.running.IsZero():
		if w.off {
			w.start(r.At)
		}
		w.running, w.off = r.At, false
		w.volts = w.volts[:0]
	case r.Value < turning && !w.running.IsZero() && r.Value == 0:
		w.stop()
		w.off, w.rested, w.idle = true, true, 0 // a voltage soon after a run is no rest
	case r.Value == 0 && !w.off:
		w.off = true
		w.trim(r.At)
	}
}

// trim forgets voltages from before the engine was known to stand.
func (w *watch) trim(now time.Time) {
	w.volts = slices.DeleteFunc(w.volts, func(v at) bool { return now.Sub(v.time) > lookBack })
}

// temperature is the best one that is fresh.
func (w *watch) temperature(now time.Time, cold bool) *float64 {
	for _, t := range []at{w.outside, w.intake} {
		if fresh := !t.time.IsZero() && now.Sub(t.time) < freshTemp; fresh && t.value > -60 && t.value < 70 && (cold || t == w.outside) {
			v := t.value
			return &v
		}
	}
	return nil
}

// halve brings a 24 V system to the scale of 12 V.
func (w *watch) halve() {
	var all []float64
	for _, c := range w.out.Charges {
		all = append(all, c.Volts)
	}
	for _, r := range w.out.Rests {
		all = append(all, r.Volts)
	}
	for _, s := range w.out.Starts {
		all = append(all, s.Before)
	}
	if len(all) == 0 || middle(all) < 18 {
		return
	}
	w.out.Double = true
	for i := range w.out.Charges {
		w.out.Charges[i].Volts, w.out.Charges[i].Highest = w.out.Charges[i].Volts/2, w.out.Charges[i].Highest/2
	}
	for i := range w.out.Rests {
		w.out.Rests[i].Volts /= 2
	}
	for i := range w.out.Starts {
		w.out.Starts[i].Before, w.out.Starts[i].Lowest = w.out.Starts[i].Before/2, w.out.Starts[i].Lowest/2
	}
}

// middle is the median, 0 of nothing.
func middle[T float64 | time.Duration](v []T) T {
	if len(v) == 0 {
		return 0
	}
	s := slices.Clone(v)
	slices.Sort(s)
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
