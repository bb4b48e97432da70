package simulator_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/link/linktest"
)

// TestServeBus asks a car that is a node on another bus.
func TestServeBus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire := linktest.NewWire(500_000)
		tester, node := wire.Node("tester"), wire.Node("car")
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- simulator.ServeBus(ctx, "sim:petrol-misfire", node) }()
		if err := tester.Send(ctx, can.New(0x7DF, 2, 1, 0, 0, 0, 0, 0, 0)); err != nil {
			t.Fatal(err)
		}
		limited, done := context.WithTimeout(ctx, time.Second)
		defer done()
		f, err := tester.Receive(limited)
		if err != nil || f.ID != 0x7E8 || f.Data[1] != 0x41 {
			t.Errorf("answer %s % X, %v", f.ID, f.Payload(), err)
		}
		cancel()
		if err := <-served; err != nil {
			t.Errorf("ServeBus: %v", err)
		}
	})
}

func TestServeBusEnds(t *testing.T) {
	wire := linktest.NewWire(0)
	node := wire.Node("car")
	wire.Off(errors.New("bus-off"))
	if err := simulator.ServeBus(t.Context(), "sim:", node); !link.IsLost(err) {
		t.Errorf("a bus that is off: %v", err)
	}
	if err := simulator.ServeBus(t.Context(), "sim:kwp", node); errs.KindOf(err) != errs.Unsupported {
		t.Errorf("a car without CAN: %v", err)
	}
	if err := simulator.ServeBus(t.Context(), "sim:nope", node); errs.KindOf(err) != errs.Usage {
		t.Errorf("no car: %v", err)
	}
}
