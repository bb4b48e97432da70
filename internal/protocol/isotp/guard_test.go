package isotp_test

import (
	"context"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// tape is a Bus that remembers what was sent.
type tape struct{ sent []can.Frame }

func (b *tape) Send(_ context.Context, f can.Frame) error { b.sent = append(b.sent, f); return nil }
func (b *tape) Receive(context.Context) (can.Frame, error) {
	return can.Frame{ID: 0x7E8, Len: 1}, nil
}
func (b *tape) Close() error { return nil }
func (b *tape) Name() string { return "tape" }

func frame(t *testing.T, id can.ID, data string) can.Frame {
	t.Helper()
	b := wire(t, data)
	f := can.Frame{ID: id, Len: uint8(len(b))}
	copy(f.Data[:], b)
	return f
}

func TestGuard(t *testing.T) {
	const bmw = can.ID(0x6F1)
	for _, row := range []struct {
		name   string
		id     can.ID
		frames string // separated by ";", the last one decides
		passes bool
	}{
		{"current data", 0x7DF, "02 01 0C 00 00 00 00 00", true},
		{"clear codes", 0x7DF, "01 04 00 00 00 00 00 00", false},
		{"read by identifier", 0x7E0, "03 22 F1 90", true},
		{"write by identifier", 0x7E0, "04 2E F1 90 01", false},
		{"default session", 0x7E0, "02 10 01", true},
		{"programming session", 0x7E0, "02 10 02", false},
		{"ECU reset", 0x7E0, "02 11 01", false},
		{"long allowed request", 0x7E0, "10 09 22 F1 87 F1 88 F1", true},
		{"its rest", 0x7E0, "10 09 22 F1 87 F1 88 F1; 21 89 F1 90", true},
		{"more than its rest", 0x7E0, "10 09 22 F1 87 F1 88 F1; 21 89 F1 90; 22 00", false},
		{"long forbidden request", 0x7E0, "10 09 2E F1 90 01 02 03", false},
		{"its rest", 0x7E0, "10 09 2E F1 90 01 02 03; 21 04 05 06", false},
		{"rest of nothing", 0x7E0, "21 04 05 06", false},
		{"rest after a new request", 0x7E0, "10 09 22 F1 87 F1 88 F1; 02 01 0C; 21 89 F1 90", false},
		{"flow control", 0x7E0, "30 00 00 00 00 00 00 00", true},
		{"flow control with block size", 0x7E0, "30 08 14", true},
		{"flow control that ECU 30 reads as a reset", 0x7E0, "30 02 11 01", false},
		{"no frame of ISO 15765-2", 0x7E0, "F1 02 11 01", false},
		{"nothing", 0x7E0, "", false},
		{"CAN FD single frame", 0x7E0, "00 09 22 F1 87 F1 88 F1 89 F1 90 CC", true},
		{"CAN FD forbidden", 0x7E0, "00 09 2E F1 87 F1 88 F1 89 F1 90 CC", false},
		{"extended: read", bmw, "12 03 22 F1 90", true},
		{"extended: reset", bmw, "12 02 11 01", false},
		{"extended: reset that looks like current data", bmw, "02 01 11", false},
		{"extended: flow control", bmw, "12 30 02 11", true},
		{"extended: rest for another ECU", bmw, "12 10 08 22 F1 90 F1 87; 13 21 F1 88 F1", false},
		{"not listed: read", 0x714, "03 22 F1 90", true},
		{"not listed: codes", 0x714, "03 19 02 FF 00 00 00 00", true},
		{"not listed: long read", 0x714, "10 09 22 F1 87 F1 88 F1; 21 89 F1 90", true},
		{"not listed: current data that ECU 02 reads as clear codes", 0x6F2, "02 01 04", false},
		{"not listed: rest that ECU 21 reads as clear codes", 0x6F2, "10 09 22 F1 87 F1 88 F1; 21 01 04", false},
		{"not listed: long read that ECU 12 reads as a write", 0x6F2, "12 10 09 2E F1 90 01 02", false},
		{"29 bit: current data", can.Extended | 0x18DB33F1, "02 01 04", true},
		{"29 bit: engine", can.Extended | 0x18DA10F1, "02 01 04", true},
		{"29 bit with address byte: clear codes", can.Extended | 0x18CE10F1, "02 01 04", false},
	} {
		bus := &tape{}
		g := isotp.Guard(bus, link.ReadOnly(), bmw)
		var err error
		lines := strings.Split(row.frames, ";")
		for _, l := range lines {
			err = g.Send(context.Background(), frame(t, row.id, strings.TrimSpace(l)))
		}
		if (err == nil) != row.passes {
			t.Errorf("%s: %s: error %v", row.name, row.frames, err)
		}
		if err != nil && (errs.KindOf(err) != errs.Denied || len(bus.sent) >= len(lines)) {
			t.Errorf("%s: kind %v, %d frames sent", row.name, errs.KindOf(err), len(bus.sent))
		}
	}
}

func TestGuardHandsOnTheRest(t *testing.T) {
	g := isotp.Guard(&tape{}, link.Allow{})
	if f, err := g.Receive(context.Background()); err != nil || f.ID != 0x7E8 {
		t.Errorf("receive: %v, %v", f.ID, err)
	}
	if g.Name() != "tape" || g.Close() != nil {
		t.Error("name or close is not the bus's")
	}
}

func TestGuardIsBounded(t *testing.T) {
	g := isotp.Guard(&tape{}, link.ReadOnly())
	var err error
	for id := range can.ID(0x700) {
		if err = g.Send(context.Background(), frame(t, id, "10 09 22 F1 87 F1 88 F1")); err != nil {
			break
		}
	}
	if err == nil {
		t.Error("unfinished requests are remembered without end")
	}
}
