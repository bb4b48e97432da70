package replay

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/can/framelog"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// OpenBus is [Player.Open] for a recording of frames.
//
// A frame that is sent is looked for in the recording; what was received behind it comes then. Flow
// control that the recording does not have is taken in silence: the frames that it would bring are there.
// With Listen, and as long as nothing is sent, everything that the recording holds is heard.
func (p *Player) OpenBus(ctx context.Context) (link.Bus, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next >= len(p.rec.sessions) {
		return nil, ErrEnd
	}
	s := &p.rec.sessions[p.next]
	p.next++
	b := &bus{player: p, events: &s.frames, used: map[int32]bool{}, changed: make(chan struct{}, 1), places: map[string][]int32{}}
	b.queue.speed = p.o.Speed
	for _, i := range b.events.sent {
		e := b.events.get(int(i))
		b.places[e.key()] = append(b.places[e.key()], i)
	}
	b.play(0, p.at, anyone)
	p.current = b
	return b, nil
}

// key is what a request is found by: its message without padding, whoever it went to.
func (e *frameEvent) key() string { return string(trim(&e.frame)) }

// trim cuts the padding off a frame of ISO 15765-2; other frames stay whole.
func trim(f *can.Frame) []byte {
	data := f.Payload()
	if len(data) == 0 {
		return data
	}
	switch n := int(data[0]); {
	case n >= 1 && n <= 7 && n < len(data):
		return data[:n+1]
	case n>>4 == 3 && len(data) >= 3:
		return data[:1] // flow control: block size and gap are the sender's choice
	}
	return data
}

// bus plays one session of frames.
type bus struct {
	player  *Player
	events  *tape
	places  map[string][]int32 // requests by their message
	changed chan struct{}

	mu      sync.Mutex
	used    map[int32]bool
	next    int // where the recording goes on
	spoken  bool
	queue   queue
	looks   int
	missing []string
	final   error
}

func (b *bus) Name() string { return b.player.name() }

// play lines up what was received from event i on, up to the next frame that was sent; of all or of one
// identifier only.
func (b *bus) play(i int, sent time.Duration, only can.ID) {
	b.next = b.events.nextSent(i)
	b.queue.line(b.events, i, b.next, sent, only)
	b.wake()
}

func (b *bus) wake() {
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// Send takes a frame and lines up the answer to it.
func (b *bus) Send(ctx context.Context, f can.Frame) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.final != nil {
		return b.final
	}
	b.spoken, b.looks = true, 0
	b.queue.dropSilence()
	if b.next < b.events.n && b.events.get(b.next).frame.Same(f) {
		b.take(b.next, anyone)
		return nil
	}
	if b.player.o.Strict {
		return b.difference(&f)
	}
	b.answer(&f)
	return nil
}

// take plays the answer to event i, a frame that was sent.
func (b *bus) take(i int, only can.ID) {
	b.used[int32(i)] = true
	at := b.events.get(i).at
	b.player.reach(at)
	b.play(i+1, at, only)
}

// answer finds a frame that does not come next.
func (b *bus) answer(f *can.Frame) {
	data := f.Payload()
	isFlow := len(data) > 0 && data[0]>>4 == 3
	wanted := frameEvent{frame: *f}
	places := b.places[wanted.key()]
	if i := b.find(places, func(id can.ID) bool { return id == f.ID }); i >= 0 && !(isFlow && i != b.next) {
		b.take(i, anyone)
		return
	}
	if isFlow {
		return
	}
	// One ECU's answer is part of what all ECUs answer.
	if i := b.find(places, isFunctional29or11); i >= 0 && isPhysical(f.ID) {
		b.take(i, replyTo(f.ID))
		return
	}
	if len(b.missing) < 100 && len(data) > 1 {
		b.missing = append(b.missing, string(framelog.AppendFrame(nil, f)))
		b.player.setMissing(b.missing)
	}
}

// find returns the place to play: the next one not played yet, else an earlier one not played, else the
// one played last; -1 for none.
func (b *bus) find(places []int32, fits func(can.ID) bool) int {
	best, bestRank := -1, 0
	for _, i := range places {
		if !fits(b.events.get(int(i)).frame.ID) {
			continue
		}
		rank := 1
		switch {
		case !b.used[i] && int(i) >= b.next:
			return int(i)
		case !b.used[i]:
			rank = 2
		}
		if rank > bestRank || rank == 1 && bestRank == 1 {
			best, bestRank = int(i), rank
		}
	}
	return best
}

// isFunctional29or11 tells the identifiers that address every ECU.
func isFunctional29or11(id can.ID) bool {
	return id == 0x7DF || id.IsExtended() && id.Raw()&0x03FFFFFF == 0x00DB33F1
}

func isPhysical(id can.ID) bool { return !isFunctional29or11(id) }

// replyTo is where the ECU that is asked at id answers (ISO 15765-4).
func replyTo(id can.ID) can.ID {
	if id.IsExtended() {
		raw := id.Raw()
		return can.Extended | can.ID(raw&0xFFFF0000|raw&0xFF<<8|raw>>8&0xFF)
	}
	return id + 8
}

// difference says where a strict replay left the recording.
func (b *bus) difference(f *can.Frame) error {
	sent := framelog.AppendFrame(nil, f)
	if b.next >= b.events.n {
		return errs.New(errs.BadInput, "replay: sent %s, but the recording sends nothing more", sent)
	}
	e := b.events.get(b.next)
	return errs.New(errs.BadInput, "replay: sent %s, but line %d of the recording sends %s", sent, e.line, framelog.AppendFrame(nil, &e.frame)).
		WithHint("this program asks otherwise than the recording; without strict=1 it is answered all the same")
}

// Receive gives what is due. Without waiting (speed 0), silence ends a wait that has an end at once.
func (b *bus) Receive(ctx context.Context) (can.Frame, error) {
	for {
		b.mu.Lock()
		f, err, done := b.pop(ctx)
		wait := b.untilNext()
		b.mu.Unlock()
		if done {
			return f, err
		}
		if err := b.wait(ctx, wait); err != nil {
			return can.Frame{}, err
		}
	}
}

// wait blocks until something may be due.
func (b *bus) wait(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-b.changed:
		return nil
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *bus) untilNext() time.Duration {
	if d := b.queue.peek(); d != nil {
		return time.Until(d.when)
	}
	return time.Hour
}

// pop gives out what is due at the head of the queue.
func (b *bus) pop(ctx context.Context) (f can.Frame, err error, done bool) {
	instant := b.player.o.Speed <= 0
	_, limited := ctx.Deadline()
	ended := ctx.Err()
	for b.final == nil {
		if b.queue.peek() == nil && b.player.o.Listen && !b.spoken && ended == nil && !b.listenOn() {
			b.final = &link.Fault{Lost: true, Err: fmt.Errorf("%w: %w", ErrEnd, io.EOF)}
			break
		}
		d := b.queue.peek()
		if d == nil {
			break
		}
		if !instant && time.Now().Before(d.when) {
			return f, ended, ended != nil
		}
		if d.what == wordTimeout && ended != nil {
			break // nothing was waited for
		}
		b.queue.drop()
		b.player.reach(d.at)
		b.looks = 0
		switch d.what {
		case wordFrameGot, wordFrameSent:
			d.frame.At = b.player.rec.Header.Started.Add(d.at)
			return d.frame, nil, true
		case wordLost:
			b.final = &link.Fault{Lost: true, Err: fmt.Errorf("recorded: %s: %w", d.text, io.EOF)}
		case wordTimeout:
			if instant && limited {
				return f, context.DeadlineExceeded, true
			}
		}
	}
	switch {
	case b.final != nil:
		return f, b.final, true
	case ended != nil:
		return f, ended, true
	case instant && limited:
		return f, context.DeadlineExceeded, true
	}
	return f, nil, false
}

// listenOn lines up the next part of a recording on which nobody asks: frames that were sent are heard too.
func (b *bus) listenOn() bool {
	if b.next >= b.events.n {
		return false
	}
	b.used[int32(b.next)] = true
	i := b.next
	b.next = b.events.nextSent(i + 1)
	b.queue.line(b.events, i, b.next, b.player.reached(), anyone)
	b.wake()
	return true
}

// look counts a look at the clock, and takes the silence that the recorded program saw at the same one.
func (b *bus) look() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if d := b.queue.peek(); d != nil && d.what == wordPause && d.text == strconv.Itoa(b.looks) {
		b.player.reach(d.at)
		b.queue.drop()
		b.looks = 0
	}
	b.looks++
}

func (b *bus) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.final = &link.Fault{Lost: true, Err: errClosed}
	b.wake()
	return nil
}

// isFrameLog tells another program's log of frames.
func isFrameLog(data []byte) bool {
	_, ok := framelog.Detect(bytes.TrimLeft(data, "\ufeff"))
	return ok
}
