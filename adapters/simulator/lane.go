package simulator

import (
	"math"
	"os"
	"sync"
	"time"
)

// lane carries bytes one way. Every byte has the moment of the car's time at which it arrives.
type lane struct {
	clock clock
	room  int

	mu       sync.Mutex
	bytes    []timed
	end      error // what a reader gets once the bytes are used up
	shut     error // what a reader gets at once
	deadline time.Time
	changed  chan struct{} // closes when anything above changes; nil while nobody waits
}

type timed struct {
	b  byte
	at time.Duration
}

func newLane(c clock, room int) *lane {
	return &lane{clock: c, room: room}
}

// tell wakes everyone who waits; the caller holds the lock.
func (l *lane) tell() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// news returns a channel that closes at the next change; the caller holds the lock.
func (l *lane) news() <-chan struct{} {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}

// put appends what fits and returns how much that was. moment gives the arrival of byte i.
func (l *lane) put(p []byte, moment func(i int) time.Duration) (n int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shut != nil || l.end != nil {
		return 0, os.ErrClosed
	}
	for n < len(p) && len(l.bytes) < l.room {
		l.bytes = append(l.bytes, timed{p[n], moment(n)})
		n++
	}
	if n > 0 {
		l.tell()
	}
	return n, nil
}

// read fills p with what has arrived and waits for the first byte.
func (l *lane) read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		l.mu.Lock()
		n, next, err := l.arrived(p)
		if n > 0 || err != nil {
			l.mu.Unlock()
			return n, err
		}
		changed, deadline := l.news(), l.deadline
		l.mu.Unlock()
		wait := forever
		if next >= 0 {
			wait = l.clock.until(next)
		}
		if !deadline.IsZero() {
			wait = min(wait, time.Until(deadline))
		}
		pause(wait, changed)
	}
}

// arrived moves what is there into p; otherwise it says when the next byte comes, -1 for unknown.
func (l *lane) arrived(p []byte) (n int, next time.Duration, err error) {
	if l.shut != nil {
		return 0, 0, l.shut
	}
	if !l.deadline.IsZero() && !time.Now().Before(l.deadline) {
		return 0, 0, os.ErrDeadlineExceeded
	}
	now := l.clock.now()
	for n < len(p) && n < len(l.bytes) && l.bytes[n].at <= now {
		p[n] = l.bytes[n].b
		n++
	}
	if n > 0 {
		l.bytes = l.bytes[n:]
		l.tell()
		return n, 0, nil
	}
	if len(l.bytes) > 0 {
		return 0, l.bytes[0].at, nil
	}
	return 0, -1, l.end
}

// peek returns the first byte, if there is one, and a channel that closes when anything changes.
func (l *lane) peek() (first timed, ok bool, changed <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shut != nil {
		return timed{}, false, l.news(), l.shut
	}
	if len(l.bytes) == 0 {
		return timed{}, false, l.news(), l.end
	}
	return l.bytes[0], true, l.news(), nil
}

// poke wakes everyone who waits.
func (l *lane) poke() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tell()
}

// drop removes the first byte.
func (l *lane) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.bytes) > 0 {
		l.bytes = l.bytes[1:]
		l.tell()
	}
}

// flush removes every byte.
func (l *lane) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bytes = nil
	l.tell()
}

func (l *lane) setDeadline(t time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deadline = t
	l.tell()
}

// finish lets a reader have what is there, then end.
func (l *lane) finish(end error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.end == nil {
		l.end = end
		l.tell()
	}
}

// close ends everything at once.
func (l *lane) close(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shut == nil {
		l.shut, l.bytes = err, nil
		l.tell()
	}
}

// forever is a wait that only a change ends.
const forever = time.Duration(math.MaxInt64)

// pause waits for a time, not at all when it has passed, or for the channel.
func pause(wait time.Duration, changed <-chan struct{}) {
	if wait == forever {
		<-changed
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	}
}
