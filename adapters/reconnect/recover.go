package reconnect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// recover opens the link again and again until it works or the limits are reached. It returns nil when
// the link works, ctx's error, or a lost fault that stays.
func (l *Link) recover(ctx context.Context, why error) error {
	_ = l.current().Close() // it is gone already; what matters is that the device is free again
	start := time.Now()
	limited := ctx
	if l.o.Total > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, l.o.Total)
		defer cancel()
	}
	last := why
	for try := 1; ; try++ {
		l.tell(Event{Kind: Retry, Try: try, After: time.Since(start)})
		opened, err := l.o.Open(limited)
		if err == nil {
			if !l.adopt(opened) {
				return &link.Fault{Lost: true, Err: errors.New("the link was closed")}
			}
			l.hear()
			l.tell(Event{Kind: Back, Try: try, After: time.Since(start)})
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if limited.Err() == nil {
			last = err
		}
		wait := l.wait(try)
		over := limited.Err() != nil || l.o.Tries > 0 && try >= l.o.Tries || l.isFinal(err) || l.isClosed()
		if over {
			return l.giveUp(last, try, time.Since(start))
		}
		l.tell(Event{Kind: Failed, Try: try, Wait: wait, After: time.Since(start), Err: err})
		if !sleep(limited, wait) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return l.giveUp(last, try, time.Since(start))
		}
	}
}

// adopt takes the new link, unless Close was called meanwhile.
func (l *Link) adopt(opened link.Link) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		_ = opened.Close() // nobody is left to be told
		return false
	}
	l.link = opened
	return true
}

func (l *Link) giveUp(last error, try int, after time.Duration) error {
	l.tell(Event{Kind: GaveUp, Try: try, After: after, Err: last})
	l.dead = &link.Fault{Lost: true, Err: fmt.Errorf("not back after %d attempts in %s: %w", try, after.Round(time.Second), last)}
	return l.dead
}

// wait returns the pause behind an attempt.
func (l *Link) wait(try int) time.Duration {
	longest := longestWait
	if shift := try - 1; shift < 10 {
		longest = min(longestWait, firstWait<<shift)
	}
	return time.Duration(l.o.Rand() * float64(longest))
}

// isFinal tells the errors that no further attempt can cure.
func (l *Link) isFinal(err error) bool {
	if err == nil {
		return false
	}
	if l.o.Final != nil && l.o.Final(err) {
		return true
	}
	switch errs.KindOf(err) {
	case errs.Usage, errs.BadInput, errs.Denied, errs.Unsupported:
		return true
	}
	return false
}

// sleep waits and tells whether it was not interrupted.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
