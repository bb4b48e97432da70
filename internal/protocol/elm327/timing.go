package elm327

import (
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// The steps of AT ST are 4.096 ms.
const (
	step      = 4096 * time.Microsecond
	usualWait = 0x32 // 200 ms, the adapter's default
	// shortWait is 65 ms: above P2 of ISO 15765-4 (50 ms), within which an ECU must begin to answer.
	shortWait = 0x10
	// patienceP2 is P2* of ISO 14229-2: how long an ECU may take after response-pending.
	patienceP2 = 5 * time.Second
	// slowestSeen bounds what is learned: above it the adapter's default wait holds anyway.
	slowestSeen = 300 * time.Millisecond
)

// timing sets how long the adapter waits for replies. Slow requests, and services that once brought
// response-pending, are waited for without adaption, which would cut them. On CAN the wait that follows the
// last reply is as short as the slowest reply seen allows; the older lines keep the adapter's default.
func (l *Link) timing(s *settings, req link.Request) {
	need := l.slow[req.Service()].wait
	if req.Slow {
		need = max(need, longWait)
	}
	switch {
	case need > 0:
		s.adaptive = '0'
		s.wait, s.fivefold = longSteps(need, l.protocol.IsCAN())
	case l.protocol.IsCAN() && l.slowest > 0:
		s.wait = waitFor(l.slowest)
	}
}

// waitFor returns AT ST for the slowest reply: half as much again, rounded up to a step of 32 ms so that it
// does not change with every measurement.
func waitFor(slowest time.Duration) byte {
	const grain = 8
	steps := int((slowest + slowest/2) / step)
	steps = (steps + grain) / grain * grain
	if steps >= usualWait {
		return 0
	}
	return byte(max(steps, shortWait))
}

// patience is how long we wait for the adapter, which itself waits for the vehicle.
func (l *Link) patience(s settings) patience {
	p := patience{quiet: 2500 * time.Millisecond, total: 30 * time.Second}
	if s.adaptive == '0' {
		p.quiet = patienceP2 + time.Second
	}
	if l.protocol.IsKLine() {
		p.quiet = 12 * time.Second // the adapter may have to initialise the line again
	}
	return p
}

// observe stamps the replies and learns from them how slow the vehicle is and what passes.
func (l *Link) observe(req link.Request, replies []link.Reply) {
	for i := range replies {
		replies[i].At = l.o.Now()
		l.caps.LongestReply = max(l.caps.LongestReply, len(replies[i].Data))
		l.caps.LongestRequest = max(l.caps.LongestRequest, len(req.Data))
	}
	if len(replies) == 0 {
		return
	}
	gap := max(l.w.gap-l.nearest, time.Nanosecond) // the way to the adapter and back is not the vehicle's
	if need, is := l.slow[req.Service()]; is {
		l.slow[req.Service()] = need.seen(gap, !slices.ContainsFunc(replies, isPending))
		return
	}
	l.slowest = max(l.slowest, min(gap, slowestSeen))
}

// widen goes back to the adapter's default wait after replies were missed.
func (l *Link) widen() { l.slowest = slowestSeen }

// remembered bounds the requests whose number of ECUs is known.
const remembered = 1024

func answerKey(req link.Request) string { return req.Target.String() + "/" + string(req.Data) }

// remember keeps how many ECUs answered a request.
func (l *Link) remember(req link.Request, replies []link.Reply) {
	key := answerKey(req)
	if _, known := l.answered[key]; known || len(l.answered) < remembered {
		l.answered[key] = max(l.answered[key], countECUs(replies))
	}
}

// missed tells that fewer ECUs answered than before, while the wait is shorter than the default.
func (l *Link) missed(req link.Request, replies []link.Reply) bool {
	return l.is.wait != 0 && l.is.wait < usualWait && countECUs(replies) < l.answered[answerKey(req)]
}

func countECUs(replies []link.Reply) int {
	var seen []obd.Address
	for _, r := range replies {
		if !slices.Contains(seen, r.ECU) {
			seen = append(seen, r.ECU)
		}
	}
	return len(seen)
}
