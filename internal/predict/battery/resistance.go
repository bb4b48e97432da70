package battery

import (
	"math"
	"slices"
	"time"
)

// Sample is a voltage with the current at the same moment, positive when it charges.
type Sample struct {
	At    time.Time
	Volts float64
	Amps  float64
	TempC float64 // NaN where it is not known
}

// Resistance is what a change of current did to the voltage.
type Resistance struct {
	MilliOhm  float64       // median of the steps
	Low       float64       // interval of 95 % of the median
	High      float64       //
	Steps     int           // that it rests on
	Over      time.Duration // median time of a step
	At25      float64       // MilliOhm brought to 25 degrees Celsius; NaN without a temperature
	Polarised bool          // the steps are so slow that the battery's chemistry is in it, not its resistance alone
}

// The steps of current that tell a resistance.
const (
	stepAmps = 5.0
	stepOver = 10 * time.Second
	ohmic    = 100 * time.Millisecond // within which only the resistance answers
	minSteps = 6
	// cold is how much the resistance rises for each kelvin below 25 degrees.
	cold = 0.005
)

// ResistanceOf takes it from samples in order of time; it is false where there are too few steps of current. Only
// steps within discharge count: where the current changes its direction the voltage moves by far more than
// the resistance makes it.
func ResistanceOf(samples []Sample) (Resistance, bool) {
	var ratio, temps []float64
	var over []time.Duration
	for i := 1; i < len(samples); i++ {
		a, b := samples[i-1], samples[i]
		dt, di := b.At.Sub(a.At), b.Amps-a.Amps
		if dt <= 0 || dt > stepOver || a.Amps > 0 || b.Amps > 0 || !(math.Abs(di) >= stepAmps) || !plausible(a) || !plausible(b) {
			continue
		}
		ratio, over = append(ratio, 1000*(b.Volts-a.Volts)/di), append(over, dt)
		if !math.IsNaN(b.TempC) {
			temps = append(temps, b.TempC)
		}
	}
	if len(ratio) < minSteps {
		return Resistance{Steps: len(ratio)}, false
	}
	r := Resistance{MilliOhm: middle(ratio), Steps: len(ratio), Over: middle(over), At25: math.NaN()}
	r.Low, r.High = medianInterval(ratio)
	r.Polarised = r.Over > ohmic
	if len(temps) > 0 {
		r.At25 = r.MilliOhm / (1 + cold*(reference-middle(temps)))
	}
	return r, r.MilliOhm > 0
}

func plausible(s Sample) bool {
	return s.Volts >= supplyLow && s.Volts <= supplyTop && math.Abs(s.Amps) < 2000
}

// medianInterval is the interval of 95 % of a median by order statistics (normal approximation of the binomial).
func medianInterval(v []float64) (low, high float64) {
	s := slices.Clone(v)
	slices.Sort(s)
	n := float64(len(s))
	d := 1.96 * math.Sqrt(n) / 2
	return s[max(int(math.Floor(n/2-d)), 0)], s[min(int(math.Ceil(n/2+d)), len(s)-1)]
}
