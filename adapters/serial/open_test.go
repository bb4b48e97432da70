package serial_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	line "go.bug.st/serial"

	"github.com/fleetms/obdctl/adapters/serial"
)

// lateLine is a line that tells when it is closed.
type lateLine struct {
	line.Port
	closed bool
}

func (l *lateLine) Close() error { l.closed = true; return nil }

// TestSlowOpen lets a Bluetooth port take a minute to open.
func TestSlowOpen(t *testing.T) {
	for _, row := range []struct {
		name   string
		cancel time.Duration
		limit  time.Duration
		after  time.Duration
		err    error
	}{
		{"cancelled", time.Second, 5 * time.Second, time.Second, context.Canceled},
		{"too slow", time.Hour, 5 * time.Second, 5 * time.Second, os.ErrDeadlineExceeded},
		{"slow", time.Hour, 2 * time.Minute, time.Minute, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			late := &lateLine{}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			time.AfterFunc(row.cancel, cancel)
			start := time.Now()
			_, err := serial.OpenLine(ctx, row.limit, func() (line.Port, error) {
				time.Sleep(time.Minute)
				return late, nil
			})
			if took := time.Since(start); !errors.Is(err, row.err) || took != row.after {
				t.Errorf("%s: %v after %s", row.name, err, took)
			}
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			if late.closed != (row.err != nil) {
				t.Errorf("%s: closed %v", row.name, late.closed)
			}
		})
	}
}
