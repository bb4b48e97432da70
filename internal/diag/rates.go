package diag

import (
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Rate tells how a polled command fares.
type Rate struct {
	Name     string // the command's
	Signals  []string
	ECU      obd.Address
	Wanted   float64       // per second, 0 for as many as possible
	Achieved float64       // per second, of late
	Latency  time.Duration // from request to answer, of late
	Samples  int
	Misses   int // requests that it did not answer
}

// Rates returns the rates of everything wanted, in the order of the wants. It may be called while Run runs.
func (p *Poller) Rates() []Rate {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Rate, 0, len(p.items))
	for _, it := range p.items {
		r := Rate{
			Name: it.want.Command.Name, ECU: it.ecu, Wanted: it.want.Rate,
			Achieved: it.rate.perSecond(), Latency: time.Duration(it.rate.latency),
			Samples: it.rate.samples, Misses: it.rate.misses,
		}
		for _, s := range it.keep {
			r.Signals = append(r.Signals, s.ID)
		}
		out = append(out, r)
	}
	return out
}

// rate is a moving average over the last dozen samples or so.
type rate struct {
	last     time.Time
	interval float64 // nanoseconds
	latency  float64 // nanoseconds
	samples  int
	misses   int
}

const smoothing = 0.15

func (r *rate) add(at time.Time, latency time.Duration) {
	if r.samples == 0 {
		r.latency = float64(latency)
	}
	r.latency += smoothing * (float64(latency) - r.latency)
	if r.samples > 0 {
		interval := float64(at.Sub(r.last))
		if r.samples == 1 {
			r.interval = interval
		}
		r.interval += smoothing * (interval - r.interval)
	}
	r.last = at
	r.samples++
}

func (r *rate) perSecond() float64 {
	if r.interval <= 0 {
		return 0
	}
	return float64(time.Second) / r.interval
}
