package adaptertest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/link/linktest"
)

// far is the other node of a wire.
type far struct {
	wire *linktest.Wire
	node *linktest.Node
	got  []can.Frame
}

func (f *far) Send(frame can.Frame) error { return f.node.Send(context.Background(), frame) }
func (f *far) Hangup() error              { f.wire.Off(errors.New("bus-off")); return nil }

func (f *far) Received() []can.Frame {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		frame, err := f.node.Receive(ended)
		if err != nil {
			return f.got
		}
		f.got = append(f.got, frame)
	}
}

func TestWire(t *testing.T) {
	adaptertest.Bus(t, func(*testing.T) (link.Bus, adaptertest.BusPeer) {
		w := linktest.NewWire(0)
		return w.Node("tester"), &far{wire: w, node: w.Node("ecu")}
	})
}

func TestWireTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := linktest.NewWire(500_000)
		a, b := w.Node("a"), w.Node("b")
		start := time.Now()
		for range 10 {
			if err := a.Send(t.Context(), can.New(0x7E0, 1, 2, 3, 4, 5, 6, 7, 8)); err != nil {
				t.Fatal(err)
			}
		}
		for range 10 {
			if _, err := b.Receive(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 2700*time.Microsecond {
			t.Errorf("ten full frames took %s, want 2.7 ms", took)
		}
	})
}
