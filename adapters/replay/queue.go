package replay

import (
	"time"

	"github.com/fleetms/obdctl/internal/can"
)

// dueFrame is an event with the moment from which it is seen.
type dueFrame struct {
	frameEvent
	when time.Time
}

// stretch is a part of a tape that is played: what came behind one frame that was sent.
type stretch struct {
	reel
	until int           // the first event that is not part of it
	sent  time.Duration // when the frame was sent, by the recording
	began time.Time     // and now
	only  can.ID        // frames of others are left out; anyone for none
	quiet bool          // waits that were recorded are left out
}

// anyone is no identifier.
const anyone = ^can.ID(0)

// queue is what will be received: stretches one behind the other, read as they are needed.
type queue struct {
	speed     float64 // of the replay; 0 plays at once
	stretches []stretch
	head      *dueFrame // read ahead
}

// line appends events i to until of a tape, which follow a frame that was sent.
func (q *queue) line(t *tape, i, until int, sent time.Duration, only can.ID) {
	q.stretches = append(q.stretches, stretch{reel: t.from(i), until: until, sent: sent, began: time.Now(), only: only})
}

// peek returns the next event, nil when nothing is lined up.
func (q *queue) peek() *dueFrame {
	for q.head == nil && len(q.stretches) > 0 {
		s := &q.stretches[0]
		e, ok := frameEvent{}, false
		if s.index < s.until {
			e, ok = s.next()
		}
		if !ok {
			q.stretches = q.stretches[1:]
			continue
		}
		waits := e.what == wordTimeout || e.what == wordPause
		if s.quiet && waits || s.only != anyone && e.what == wordFrameGot && e.frame.ID != s.only {
			continue
		}
		d := dueFrame{frameEvent: e}
		if q.speed > 0 {
			d.when = s.began.Add(time.Duration(float64(max(e.at-s.sent, 0)) / q.speed))
		}
		q.head = &d
	}
	return q.head
}

// drop takes the next event away.
func (q *queue) drop() { q.head = nil }

// dropSilence forgets waits that were recorded and not waited for this time.
func (q *queue) dropSilence() {
	for i := range q.stretches {
		q.stretches[i].quiet = true
	}
	if q.head != nil && (q.head.what == wordTimeout || q.head.what == wordPause) {
		q.head = nil
	}
}
