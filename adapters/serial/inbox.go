package serial

import (
	"errors"
	"os"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// inboxLimit bounds what waits to be read, in bytes. An adapter in monitor mode at 2 Mbaud fills it in
// a third of a second; then the line itself has to wait.
const inboxLimit = 64 << 10

var errClosed error = errs.New(errs.Adapter, "the port is closed")

// inbox holds received bytes and gives them out with the read side of [link.Port]: deadlines that wake
// a Read under way, and an end.
type inbox struct {
	mu       sync.Mutex
	changed  *sync.Cond
	data     []byte
	final    error // what Read returns once data is empty
	deadline time.Time
	alarm    *time.Timer
}

func newInbox() *inbox {
	in := &inbox{}
	in.changed = sync.NewCond(&in.mu)
	return in
}

// put appends, and waits while the inbox is full.
func (in *inbox) put(b []byte) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for len(in.data)+len(b) > inboxLimit && in.final == nil {
		in.changed.Wait()
	}
	in.data = append(in.data, b...)
	in.changed.Broadcast()
}

// end makes err the last word; the first one counts, except that errClosed also drops what is unread.
func (in *inbox) end(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if errors.Is(err, errClosed) {
		in.data = nil
		in.final = err
	}
	if in.final == nil {
		in.final = err
	}
	in.changed.Broadcast()
}

func (in *inbox) drop() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.data = nil
	in.changed.Broadcast()
}

func (in *inbox) setDeadline(t time.Time) error {
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
	return nil
}

// wake takes the lock, or it could signal between a reader's look at the clock and its wait.
func (in *inbox) wake() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.changed.Broadcast()
}

func (in *inbox) Read(b []byte) (int, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for {
		if errors.Is(in.final, errClosed) {
			return 0, errClosed
		}
		if !in.deadline.IsZero() && !time.Now().Before(in.deadline) {
			return 0, os.ErrDeadlineExceeded
		}
		if len(b) == 0 {
			return 0, nil
		}
		if len(in.data) > 0 {
			n := copy(b, in.data)
			in.data = in.data[n:]
			in.changed.Broadcast()
			return n, nil
		}
		if in.final != nil {
			return 0, in.final
		}
		in.changed.Wait()
	}
}
