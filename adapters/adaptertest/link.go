package adaptertest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Car says what a link under test must find at its other end.
type Car struct {
	VIN  string // as service 09 InfoType 02 gives it; "" when the car has none
	ECUs int    // how many answer service 01 PID 00
	CAN  bool   // whether the replies are ISO 15765-2 transfers
}

// RunLink checks the contract of [link.Link] on a link that permits [link.ReadOnly].
func RunLink(t *testing.T, car Car, open func(t *testing.T) link.Link) {
	cases := []struct {
		name string
		run  func(*testing.T, Car, link.Link)
	}{
		{"SupportedPIDs", supportedPIDs},
		{"VIN", vin},
		{"UnknownRequest", unknownRequest},
		{"PhysicalRequest", physicalRequest},
		{"GuardHolds", guardHolds},
		{"CancelEndsExchange", cancelEndsExchange},
		{"DescribesItself", describesItself},
		{"CloseTwice", linkCloseTwice},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := open(t)
			t.Cleanup(func() { _ = l.Close() }) // most cases leave it open
			c.run(t, car, l)
		})
	}
}

func exchange(t *testing.T, l link.Link, target obd.Address, data ...byte) []link.Reply {
	t.Helper()
	replies, err := l.Exchange(t.Context(), link.Request{Target: target, Data: data})
	if err != nil {
		t.Fatalf("Exchange(% X): %v", data, err)
	}
	return replies
}

func supportedPIDs(t *testing.T, car Car, l link.Link) {
	replies := exchange(t, l, obd.Functional, 0x01, 0x00)
	seen := map[obd.Address]bool{}
	for _, r := range replies {
		if r.Err != nil || len(r.Data) < 6 || r.Data[0] != 0x41 || r.Data[1] != 0x00 {
			t.Errorf("reply % X from %s, %v", r.Data, r.ECU, r.Err)
		}
		if seen[r.ECU] {
			t.Errorf("%s answered twice", r.ECU)
		}
		if r.At.IsZero() {
			t.Errorf("reply of %s has no time", r.ECU)
		}
		seen[r.ECU] = true
	}
	if len(replies) != car.ECUs {
		t.Errorf("%d ECUs answer, want %d", len(replies), car.ECUs)
	}
}

// vin reads a message of several frames.
func vin(t *testing.T, car Car, l link.Link) {
	if car.VIN == "" {
		return
	}
	for _, r := range exchange(t, l, obd.Functional, 0x09, 0x02) {
		if n := len(r.Data); n >= 17 && string(r.Data[n-17:]) == car.VIN {
			return
		}
	}
	t.Errorf("no ECU gives the VIN %s", car.VIN)
}

func unknownRequest(t *testing.T, _ Car, l link.Link) {
	replies, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x01, 0xE3}})
	for _, r := range replies {
		if _, negative := r.Negative(); !negative {
			t.Errorf("answer % X to a PID that no car has", r.Data)
		}
	}
	if len(replies) == 0 && !errors.Is(err, link.ErrNoReply) {
		t.Errorf("Exchange: %v, want ErrNoReply", err)
	}
	exchange(t, l, obd.Functional, 0x01, 0x00) // and the link still works
}

func physicalRequest(t *testing.T, car Car, l link.Link) {
	if !car.CAN {
		return
	}
	for _, r := range exchange(t, l, obd.Functional, 0x01, 0x00) {
		one := exchange(t, l, r.ECU, 0x01, 0x00)
		if len(one) != 1 || one[0].ECU != r.ECU {
			t.Errorf("asked %s, got %d replies: %v", r.ECU, len(one), one)
		}
	}
}

func guardHolds(t *testing.T, _ Car, l link.Link) {
	for _, data := range [][]byte{{0x04}, {0x08, 0x01}, {0x2E, 0xF1, 0x90, 0x00}, {0x31, 0x01, 0x00, 0x01}, {0x10, 0x03}, nil} {
		if _, err := l.Exchange(t.Context(), link.Request{Data: data}); errs.KindOf(err) != errs.Denied {
			t.Errorf("Exchange(% X): %v, want it denied", data, err)
		}
	}
	exchange(t, l, obd.Functional, 0x01, 0x00)
}

func cancelEndsExchange(t *testing.T, _ Car, l link.Link) {
	exchange(t, l, obd.Functional, 0x01, 0x00)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	start := time.Now()
	if _, err := l.Exchange(ctx, link.Request{Data: []byte{0x01, 0x00}}); !errors.Is(err, context.Canceled) {
		t.Errorf("Exchange: %v, want it cancelled", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancelled := make(chan time.Time, 1)
	time.AfterFunc(3*time.Millisecond, func() { cancelled <- time.Now(); cancel() })
	for ctx.Err() == nil {
		_, _ = l.Exchange(ctx, link.Request{Data: []byte{0x01, 0x0C}, Slow: true})
	}
	if took := time.Since(<-cancelled); took > 100*time.Millisecond {
		t.Errorf("Exchange ended %s after the cancellation, want less than 100 ms", took)
	}
	if time.Since(start) > Patience {
		t.Error("cancelled exchanges took too long")
	}
}

func describesItself(t *testing.T, car Car, l link.Link) {
	d := l.Describe()
	if d.Adapter.Address == "" || d.Protocol == obd.ProtocolUnknown || d.Protocol.IsCAN() != car.CAN || d.MaxRequest < 7 {
		t.Errorf("description %+v", d)
	}
}

func linkCloseTwice(t *testing.T, _ Car, l link.Link) {
	for range 2 {
		if err := l.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x01, 0x00}}); err == nil {
		t.Error("Exchange works after Close")
	}
}
