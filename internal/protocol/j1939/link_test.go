package j1939_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
	"github.com/fleetms/obdctl/internal/protocol/j1939/j1939test"
)

func engine() *j1939test.Node {
	return &j1939test.Node{Address: 0, Name: j1939.Name{Identity: 5}, Groups: map[uint32][]byte{
		j1939.PGNEngine1: {0, 0, 0, 0x68, 0x13, 0, 0, 0}, j1939.PGNVehicleID: []byte("1XPTR0CK5EXAMPLE7*"), j1939.PGNEngineHours: {1, 0, 0, 0, 0, 0, 0, 0},
	}, Broadcast: map[uint32]time.Duration{j1939.PGNEngine1: 50 * time.Millisecond}}
}

func TestListeningSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := j1939test.New(engine())
		l, err := j1939.Dial(t.Context(), bus, j1939.Options{Settings: j1939.Settings{Passive: true}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		n := 0
		if err := l.Listen(ctx, func(link.ParameterGroup) bool { n++; return true }); err != nil || n < 18 {
			t.Errorf("heard %d, %v", n, err)
		}
		if _, err := l.Request(t.Context(), j1939.PGNVehicleID, 0); errs.KindOf(err) != errs.Denied || bus.Count() > 0 {
			t.Errorf("%v, %d frames sent", err, bus.Count())
		}
		if nodes, err := l.Nodes(t.Context()); err != nil || len(nodes) != 1 || bus.Count() > 0 {
			t.Errorf("nodes %v, %v", nodes, err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
	})
}

func TestRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := &j1939test.Node{Address: 3, Mute: true}
		bus := j1939test.New(engine(), busy)
		l, err := j1939.Dial(t.Context(), bus, j1939.Options{})
		if err != nil || bus.Count() != 0 {
			t.Fatalf("%v, %d frames sent before the first request", err, bus.Count())
		}
		groups, err := l.Request(t.Context(), j1939.PGNVehicleID, 0)
		if err != nil || len(groups) != 1 || string(groups[0].Data) != "1XPTR0CK5EXAMPLE7*" {
			t.Errorf("long answer: %v, %v", groups, err)
		}
		groups, err = l.Request(t.Context(), j1939.PGNDM5, 0)
		if refusal, ok := errors.AsType[*link.Refusal](groups[0].Err); err != nil || !ok || refusal.Code != link.AckNegative {
			t.Errorf("refusal: %v, %v", groups, err)
		}
		start := time.Now()
		if _, err := l.Request(t.Context(), j1939.PGNDM5, 3); !errors.Is(err, link.ErrNoReply) || time.Since(start) > 1300*time.Millisecond {
			t.Errorf("silence: %v after %v", err, time.Since(start))
		}
		sent := bus.Count()
		if _, err := l.Request(t.Context(), j1939.PGNDM11, 0); errs.KindOf(err) != errs.Denied || bus.Count() != sent {
			t.Errorf("DM11: %v, %d frames more", err, bus.Count()-sent)
		}
		for _, f := range bus.Sent {
			if err := j1939.Check(link.ReadOnly(), &f); err != nil {
				t.Errorf("%s#%X was sent: %v", f.ID, f.Payload(), err)
			}
		}
		if _, err := l.Exchange(t.Context(), link.Request{Data: []byte{1, 0}}); errs.KindOf(err) != errs.Unsupported || l.Describe().Protocol != obd.J1939 {
			t.Errorf("a service: %v", err)
		}
		_ = bus.Close()
		if _, err := l.Request(t.Context(), j1939.PGNDM5, 0); !link.IsLost(err) {
			t.Errorf("closed bus: %v", err)
		}
		_ = l.Close()
		time.Sleep(3 * time.Second)
	})
}

func TestADeadBusIsToldSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := j1939.Dial(t.Context(), j1939test.New(), j1939.Options{})
		if errs.KindOf(err) != errs.NoVehicle || errs.HintOf(err) == "" {
			t.Errorf("got %v", err)
		}
		time.Sleep(time.Second)
	})
}

func TestTheGuardLetsOnlyReadingOut(t *testing.T) {
	for _, c := range []struct {
		id   uint32
		data string
		ok   bool
	}{
		{0x18EA00F9, "CAFE00", true}, {0x18EA00F9, "D3FE00", false}, {0x18EA00F9, "CCFE00", false}, {0x18EA00F9, "00C300", false},
		{0x18EEFFF9, "0102030405060708", true}, {0x18EE00F9, "0102030405060708", false}, {0x1CEC00F9, "110101FFFFECFE00", true},
		{0x1CEC00F9, "1014000301B0FE00", false}, {0x1CEB00F9, "0101020304050607", false}, {0x0C0000F9, "0102030405060708", false},
		{0x18E8FFF9, "01FFFFFF00CAFE00", true}, {0x18E8FFF9, "00FFFFFF00CAFE00", false}, {0x18DA00F1, "0104", false},
	} {
		f := frame(c.id, c.data)
		if err := j1939.Check(link.ReadOnly(), &f); (err == nil) != c.ok {
			t.Errorf("%08X#%s: %v", c.id, c.data, err)
		}
	}
	clearing, one := frame(0x18EA00F9, "D3FE00"), frame(0x18EA00F9, "00C300")
	if err := j1939.Check(link.ReadOnly().With(obd.ServiceClear), &clearing); err != nil {
		t.Error(err)
	}
	if err := j1939.Check(link.ReadOnly().WithPGN(49920), &one); err != nil {
		t.Error(err)
	}
	if f := (can.Frame{ID: 0x7DF, Len: 2}); j1939.Check(link.ReadOnly(), &f) == nil {
		t.Error("11 bits passed")
	}
}
