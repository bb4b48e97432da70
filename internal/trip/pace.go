package trip

import "time"

// Limits of what counts as hard, in m/s2: common to driver scoring, about 0.3 g.
const (
	hardBrake = -3.0
	hardStart = 3.0
)

// pace watches how quickly the speed changes. Speeds come in whole km/h, so a difference over a short time
// says more about rounding than about the driver: it is taken over at least three quarters of a second.
type pace struct {
	window []sampled
	hard   string // the event that goes on
}

const (
	paceShort = 750 * time.Millisecond
	paceLong  = 2500 * time.Millisecond // across a longer time nothing sudden can be told
)

// add takes a speed in km/h and returns the event that begins with it, "" for none, with its acceleration.
func (p *pace) add(at time.Time, v float64) (string, float64) {
	p.window = append(p.window, sampled{value: v, at: at, known: true})
	old := 0
	for len(p.window)-old > 2 && at.Sub(p.window[old+1].at) >= paceShort {
		old++
	}
	p.window = append(p.window[:0], p.window[old:]...) // moved down, so that the window never grows
	dt := at.Sub(p.window[0].at)
	if dt < paceShort || dt > paceLong {
		if dt > paceLong {
			p.window = append(p.window[:0], sampled{value: v, at: at, known: true})
			p.hard = ""
		}
		return "", 0
	}
	a := (v - p.window[0].value) / 3.6 / dt.Seconds()
	kind := ""
	switch {
	case a <= hardBrake:
		kind = "hard_brake"
	case a >= hardStart:
		kind = "hard_start"
	}
	begins := kind != "" && kind != p.hard
	p.hard = kind
	if !begins {
		return "", 0
	}
	return kind, a
}
