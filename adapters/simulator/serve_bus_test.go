package simulator_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/can"
)

// cable is one end of a line in memory.
type cable struct{ in, out chan can.Frame }

func (c cable) Send(ctx context.Context, f can.Frame) error {
	select {
	case c.out <- f:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c cable) Receive(ctx context.Context) (can.Frame, error) {
	select {
	case f, ok := <-c.in:
		if !ok {
			return f, io.EOF
		}
		return f, nil
	case <-ctx.Done():
		return can.Frame{}, ctx.Err()
	}
}
func (c cable) Close() error { return nil }
func (c cable) Name() string { return "cable" }

// TestServeBus: a tester on another node of the line reads the car.
func TestServeBus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		a, b := make(chan can.Frame, 64), make(chan can.Frame, 64)
		done := make(chan error)
		go func() { done <- simulator.ServeBus(ctx, "sim:four-ecu?at=engine-off", cable{a, b}) }()
		tester := cable{b, a}
		put(t, tester, "7E0#0209020000000000")
		if got := heard(t, tester, 100*time.Millisecond); !cmp.Equal(got, frames("7E8#1014490201335657")) {
			t.Errorf("first frame %q", got)
		}
		put(t, tester, "7E0#3000000000000000")
		if got := heard(t, tester, 100*time.Millisecond); !cmp.Equal(got, frames("7E8#21443137414A3648 7E8#224D323030343137")) {
			t.Errorf("the rest %q", got)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("end: %v", err)
		}
		lost := make(chan can.Frame)
		close(lost)
		if err := simulator.ServeBus(t.Context(), "sim:four-ecu", cable{lost, b}); !errors.Is(err, io.EOF) {
			t.Errorf("a line that fails: %v", err)
		}
		if err := simulator.ServeBus(t.Context(), "sim:kwp", cable{a, b}); err == nil {
			t.Error("a car without a CAN line was served")
		}
	})
}
