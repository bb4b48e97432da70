package j1939

import (
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/can"
)

// near is how close to a deadline a wait may end that counts as having reached it: the times of a recording
// are rounded.
const near = time.Millisecond

// await receives until done holds, which is asked under the lock; false when the time, ctx or the bus ended.
func (l *Link) await(ctx context.Context, limit time.Duration, done func() bool) bool {
	l.idle.pause()
	defer l.idle.begin()
	end := l.now().Add(limit)
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		l.mu.Lock()
		ready, over, changed := done(), l.err != nil, l.changed
		l.mu.Unlock()
		if ready || over {
			return ready
		}
		select {
		case l.receiving <- struct{}{}:
			more := l.receive(ctx, end)
			<-l.receiving
			if !more {
				l.mu.Lock()
				defer l.mu.Unlock()
				return done()
			}
		case <-changed: // another call received
		case <-timer.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// receive takes one frame, or lets the machine act when its time has come; false when end or ctx's end has.
func (l *Link) receive(ctx context.Context, end time.Time) bool {
	l.mu.Lock()
	due, acts := l.machine.Deadline()
	l.mu.Unlock()
	until := end
	if acts && due.Before(end) {
		until = due
	}
	f, err := l.frame(ctx, until.Sub(l.now()))
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		if _, ok := ParseID(f.ID); ok {
			l.frames++
		}
		at := f.At
		if at.IsZero() {
			at = l.now()
		}
		l.machine.Handle(at, &f)
		l.flush(l.frames == 1)
		return true
	case !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled):
		l.fail(err)
		return false
	}
	now := l.now()
	if !acts || now.Before(due.Add(-near)) { // it was not the machine's time that ended
		return false
	}
	l.machine.Advance(later(now, due))
	l.flush(true)
	return ctx.Err() == nil && now.Before(end)
}

// frame receives within a time. When there is none left the bus is not asked: a look at it that does not wait
// gives another result where a recording plays.
func (l *Link) frame(ctx context.Context, left time.Duration) (can.Frame, error) {
	if left <= 0 {
		return can.Frame{}, context.DeadlineExceeded
	}
	limited, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	return l.bus.Receive(limited)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
