package score

import (
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Speeds come in whole km/h: a difference over a shorter time tells of rounding, over a longer one of nothing sudden.
const (
	paceShort = 750 * time.Millisecond
	paceLong  = 2500 * time.Millisecond
)

// drive takes a speed in km/h.
func (w *watch) drive(r obd.Reading) {
	if r.Value < 0 || r.Value > topKmh {
		return
	}
	old := w.speed
	if !old.known {
		w.speed = sample{r.At, r.Value, true}
		return
	}
	dt := r.At.Sub(old.at)
	if dt < paceShort {
		return
	}
	w.speed = sample{r.At, r.Value, true}
	if dt > hold {
		w.stands = time.Time{}
		return
	}
	s := dt.Seconds()
	km := (old.value + r.Value) / 2 * s / 3600
	a := (r.Value - old.value) / 3.6 / s
	if math.Abs(a) > impossible {
		return // a speed that jumps is no braking and no distance
	}
	w.km += km
	if dt <= paceLong {
		w.dense += km
		w.pace.add(r.At, a)
	}
	if w.limits.Kmh > 0 && old.value > w.limits.Kmh && r.Value > w.limits.Kmh {
		w.over += km
	}
	if w.rpm.fresh(r.At, hold) {
		w.engineKm += km
	}
	if w.lateral && w.side.last.After(r.At.Add(-hold)) || w.yaw.fresh(r.At, hold) {
		w.turnKm += km
	}
	w.stand(r.At, r.Value, s)
}

// stand counts the minutes of a stop beyond what a light or a queue takes.
func (w *watch) stand(at time.Time, kmh, s float64) {
	if kmh > 0 || !w.rpm.fresh(at, hold) || w.rpm.value <= 0 {
		w.stands = time.Time{}
		return
	}
	if w.stands.IsZero() {
		w.stands = at.Add(-time.Duration(s * float64(time.Second)))
	}
	if beyond := at.Sub(w.stands) - w.limits.Idle; beyond > 0 {
		w.idle += math.Min(s, beyond.Seconds()) / 60
	}
}

// turn takes the engine's speed in rpm.
func (w *watch) turn(r obd.Reading) {
	if r.Value < 0 || r.Value > 20_000 {
		return
	}
	w.rpm = sample{r.At, r.Value, true}
	w.revs.add(r.At, r.Value)
}

// counts are the lines that could be measured.
func (w *watch) counts() map[string]Count {
	out := map[string]Count{}
	put := func(id string, on bool, n, km float64) {
		if on && km >= minKm {
			out[id] = Count{n, km}
		}
	}
	harsh := w.pace
	if w.long && w.dense < w.km/2 {
		harsh, w.dense = w.forward, w.km // too slow a line, and a sensor that is quick enough
	}
	put(Braking, w.limits.BrakeMS2 > 0, float64(harsh.lows), w.dense)
	put(Starting, w.limits.StartMS2 > 0, float64(harsh.highs), w.dense)
	put(Cornering, w.limits.CornerMS2 > 0 && w.side.judged, float64(w.side.lows+w.side.highs), w.turnKm)
	put(OverRev, w.limits.RPM > 0 && w.rpm.known, float64(w.revs.highs), w.engineKm)
	put(Idling, w.limits.Idle > 0 && w.rpm.known, w.idle, w.engineKm)
	put(Speeding, w.limits.Kmh > 0, w.over, w.km)
	return out
}
