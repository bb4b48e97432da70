package replay

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// due is an item with the moment from which a Read sees it.
type due struct {
	item
	when time.Time
}

// port plays one session.
//
// Without waiting (speed 0) the wall clock plays no part: what was recorded is there at once, and where
// the recording has silence a Read with a deadline ends at once, as if the time had passed.
type port struct {
	player *Player

	mu       sync.Mutex
	changed  *sync.Cond
	script   *script
	typed    []byte // sent and not ended by a carriage return
	queue    []due
	looks    int // at the clock since the last event
	deadline time.Time
	expired  bool // the deadline had passed when it was set
	alarm    *time.Timer
	final    error
}

// typedLimit bounds a line in bytes; an ELM327 takes far less.
const typedLimit = 64 << 10

func newPort(p *Player, sc *script, greeting []item) *port {
	q := &port{player: p, script: sc}
	q.changed = sync.NewCond(&q.mu)
	q.play(greeting, p.at)
	p.current = q
	return q
}

func (q *port) Name() string { return q.player.name() }

// Write takes commands and lines up their answers.
func (q *port) Write(b []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.final != nil {
		return 0, q.final
	}
	q.dropSilence()
	q.looks = 0
	for n := range b {
		q.typed = append(q.typed, b[n])
		if !q.step() {
			q.typed = append(q.typed, b[n+1:]...)
			return n, q.difference()
		}
		if len(q.typed) > typedLimit {
			q.typed = q.typed[:0]
		}
	}
	q.changed.Broadcast()
	return len(b), nil
}

// step answers if what was typed so far is a whole command; false means that a strict replay cannot go on.
func (q *port) step() bool {
	x, whole := q.script.inOrder(q.typed)
	switch {
	case whole:
		q.player.reach(x.at)
		q.play(q.script.take(q.script.next))
		q.typed = q.typed[:0]
	case x != nil:
		// the recorded command goes on
	case q.player.o.Strict:
		return false
	case q.typed[len(q.typed)-1] == '\r':
		q.play(q.script.answer(q.typed))
		q.player.setMissing(q.script.missing)
		q.typed = q.typed[:0]
	}
	return true
}

// difference says where a strict replay left the recording.
func (q *port) difference() error {
	sent := appendEscaped(nil, q.typed)
	if q.script.next >= len(q.script.exchanges) {
		return errs.New(errs.BadInput, "replay: sent %q, but the recording sends nothing more", short(string(sent)))
	}
	x := q.script.exchanges[q.script.next]
	want := appendEscaped(nil, x.sent)
	return errs.New(errs.BadInput, "replay: sent %q, but line %d of the recording sends %q", short(string(sent)), x.line, short(string(want))).
		WithHint("this program asks otherwise than the recording; without strict=1 it is answered all the same")
}

// play lines up items; sent is the recorded time of their command.
func (q *port) play(items []item, sent time.Duration) {
	now := time.Now()
	for _, it := range items {
		d := due{item: it}
		if speed := q.player.o.Speed; speed > 0 {
			d.when = now.Add(time.Duration(float64(max(it.at-sent, 0)) / speed))
		}
		q.queue = append(q.queue, d)
	}
}

// dropSilence forgets waits that were recorded and not waited for this time.
func (q *port) dropSilence() {
	kept := q.queue[:0]
	for _, d := range q.queue {
		if d.what == wordGot || d.what == wordLost {
			kept = append(kept, d)
		}
	}
	q.queue = kept
}

func (q *port) Read(b []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		switch {
		case q.final != nil:
			return 0, q.final
		case q.isPast():
			return 0, os.ErrDeadlineExceeded
		case len(b) == 0:
			return 0, nil
		}
		if n, err, done := q.pop(b); done {
			return n, err
		}
		q.wait()
	}
}

// pop gives out what is due at the head of the queue.
func (q *port) pop(b []byte) (int, error, bool) {
	instant := q.player.o.Speed <= 0
	for len(q.queue) > 0 {
		d := &q.queue[0]
		if !instant && time.Now().Before(d.when) {
			return 0, nil, false
		}
		q.player.reach(d.at)
		q.looks = 0
		switch d.what {
		case wordGot:
			n := copy(b, d.data)
			d.data = d.data[n:]
			if len(d.data) == 0 {
				q.queue = q.queue[1:]
			}
			if n > 0 {
				return n, nil, true
			}
			continue
		case wordLost:
			q.final = &link.Fault{Lost: true, Err: fmt.Errorf("recorded: %s: %w", d.data, io.EOF)}
			return 0, q.final, true
		case wordTimeout:
			q.queue = q.queue[1:]
			if instant && !q.deadline.IsZero() {
				return 0, os.ErrDeadlineExceeded, true
			}
			continue
		}
		q.queue = q.queue[1:]
	}
	if instant && !q.deadline.IsZero() {
		return 0, os.ErrDeadlineExceeded, true
	}
	return 0, nil, false
}

// isPast tells that the deadline ends a Read whatever is there.
func (q *port) isPast() bool {
	if q.player.o.Speed <= 0 {
		return q.expired
	}
	return !q.deadline.IsZero() && !time.Now().Before(q.deadline)
}

// wait sleeps until something changes or the next item is due.
func (q *port) wait() {
	if len(q.queue) > 0 && q.player.o.Speed > 0 {
		timer := time.AfterFunc(time.Until(q.queue[0].when), q.wake)
		defer timer.Stop()
	}
	q.changed.Wait()
}

// look counts a look at the clock, and takes the silence that the recorded program saw at the same one.
func (q *port) look() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.queue) > 0 && q.queue[0].what == wordPause && string(q.queue[0].data) == strconv.Itoa(q.looks) {
		q.player.reach(q.queue[0].at)
		q.queue, q.looks = q.queue[1:], 0
	}
	q.looks++
}

func (q *port) wake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.changed.Broadcast()
}

func (q *port) SetReadDeadline(t time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.alarm != nil {
		q.alarm.Stop()
		q.alarm = nil
	}
	q.deadline = t
	wait := time.Until(t)
	q.expired = !t.IsZero() && wait <= 0
	if !t.IsZero() && wait > 0 && q.player.o.Speed > 0 {
		q.alarm = time.AfterFunc(wait, q.wake)
	}
	q.changed.Broadcast()
	return nil
}

func (q *port) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.final = errClosed
	if q.alarm != nil {
		q.alarm.Stop()
	}
	q.changed.Broadcast()
	return nil
}
