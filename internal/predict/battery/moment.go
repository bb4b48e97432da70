package battery

import (
	"time"
)

// start notes a start of the engine, and the rest before it where the vehicle stood long enough.
func (w *watch) start(now time.Time) {
	var before, crank []float64
	for _, v := range w.volts {
		if now.Sub(v.time) > lookBack {
			before = append(before, v.value)
		} else {
			crank = append(crank, v.value)
		}
	}
	if len(before) == 0 && len(crank) > 1 {
		before, crank = crank[:1], crank[1:]
	}
	if len(before) == 0 {
		return
	}
	s := Start{At: now, Before: middle(before), TempC: w.temperature(now, true)}
	s.Lowest = s.Before
	for _, v := range crank {
		s.Lowest = min(s.Lowest, v)
	}
	s.Dip = s.Before-s.Lowest >= seenDip
	w.out.Starts = append(w.out.Starts, s)
	if !w.rested && (w.idle >= stood || w.idle == 0) {
		w.out.Rests = append(w.out.Rests, Rest{At: now, Volts: s.Before, Stood: w.idle, TempC: s.TempC})
	}
	w.rested = true
}

// stop ends a run of the engine and keeps the voltage that it held.
func (w *watch) stop() {
	since := w.running
	w.running = time.Time{}
	if since.IsZero() {
		return
	}
	defer func() { w.volts = w.volts[:0] }()
	var held []float64
	var first, last time.Time
	highest := 0.0
	for _, v := range w.volts {
		if v.time.Sub(since) < settled {
			continue
		}
		if first.IsZero() {
			first = v.time
		}
		last = v.time
		held, highest = append(held, v.value), max(highest, v.value)
	}
	if last.Sub(first) < longRun || len(held) < 5 {
		return
	}
	w.out.Charges = append(w.out.Charges, Charge{At: last, Volts: middle(held), Highest: highest, Ran: last.Sub(since), TempC: w.temperature(last, false)})
}
