package ble

import (
	"os"
	"sync"
	"time"
)

// inboxLimit bounds what waits to be read, in bytes: many seconds of the fastest connection.
const inboxLimit = 64 << 10

// inbox holds notified bytes and gives them out with the read side of link.Port.
type inbox struct {
	mu       sync.Mutex
	changed  *sync.Cond
	data     []byte
	final    error // what Read returns once data is empty
	closed   error // what Read returns at once
	deadline time.Time
	alarm    *time.Timer
}

func newInbox() *inbox {
	in := &inbox{}
	in.changed = sync.NewCond(&in.mu)
	return in
}

// put appends and never waits, because the Bluetooth stack waits for it. What does not fit is dropped.
func (in *inbox) put(b []byte) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.data = append(in.data, b[:min(len(b), inboxLimit-len(in.data))]...)
	in.changed.Broadcast()
}

// end makes err the last word behind what is unread.
func (in *inbox) end(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.final == nil {
		in.final = err
	}
	in.changed.Broadcast()
}

// close makes err the only word.
func (in *inbox) close(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = err
	if in.alarm != nil {
		in.alarm.Stop()
	}
	in.changed.Broadcast()
}

func (in *inbox) setDeadline(t time.Time) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.alarm != nil {
		in.alarm.Stop()
		in.alarm = nil
	}
	in.deadline = t
	if wait := time.Until(t); !t.IsZero() && wait > 0 {
		in.alarm = time.AfterFunc(wait, in.wake)
	}
	in.changed.Broadcast()
}

// wake takes the lock, or it could signal between a reader's look at the clock and its wait.
func (in *inbox) wake() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.changed.Broadcast()
}

func (in *inbox) read(b []byte) (int, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for {
		switch {
		case in.closed != nil:
			return 0, in.closed
		case !in.deadline.IsZero() && !time.Now().Before(in.deadline):
			return 0, os.ErrDeadlineExceeded
		case len(b) == 0:
			return 0, nil
		case len(in.data) > 0:
			n := copy(b, in.data)
			in.data = append(in.data[:0], in.data[n:]...)
			return n, nil
		case in.final != nil:
			return 0, in.final
		}
		in.changed.Wait()
	}
}
