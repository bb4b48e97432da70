package link_test

import (
	"context"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestReadOnlyPermitsWhatCannotChangeACar(t *testing.T) {
	permitted := map[byte]bool{
		0x01: true, 0x02: true, 0x03: true, 0x05: true, 0x06: true, 0x07: true, 0x09: true, 0x0A: true,
		0x19: true, 0x1A: true, 0x21: true, 0x22: true, 0x3E: true,
	}
	allow := link.ReadOnly()
	for service := range 256 {
		if got := allow.Permits([]byte{byte(service), 0x02}); got != permitted[byte(service)] {
			t.Errorf("service %02X: permitted %v", service, got)
		}
	}
	for _, session := range []struct {
		data []byte
		want bool
	}{{[]byte{0x10, 0x01}, true}, {[]byte{0x10, 0x81}, true}, {[]byte{0x10, 0x02}, false}, {[]byte{0x10, 0x03}, false}, {[]byte{0x10}, false}, {nil, false}} {
		if got := allow.Permits(session.data); got != session.want {
			t.Errorf("% X: permitted %v", session.data, got)
		}
	}
}

func TestWithOpensOneServiceOnly(t *testing.T) {
	allow := link.ReadOnly().With(obd.ServiceClear)
	if !allow.Permits([]byte{0x04}) || allow.Permits([]byte{0x08, 0x01}) || link.ReadOnly().Permits([]byte{0x04}) {
		t.Error("With must open the named service, no other one, and leave the list itself alone")
	}
}

func TestALatchOpensItsServicesOnly(t *testing.T) {
	var latch link.Latch
	allow := link.ReadOnly().Behind(&latch, obd.ServiceClear)
	if allow.Permits([]byte{0x04}) || !allow.Permits([]byte{0x01, 0x00}) {
		t.Error("before the confirmation nothing more than reading is permitted")
	}
	latch.Open()
	if !allow.Permits([]byte{0x04}) || allow.Permits([]byte{0x08, 0x01}) {
		t.Error("the latch opens its own services and no other one")
	}
	latch.Shut()
	if allow.Permits([]byte{0x04}) || !allow.Permits([]byte{0x01, 0x00}) {
		t.Error("a shut latch permits reading alone")
	}
}

// deaf is a link that must not be reached.
type deaf struct{ t *testing.T }

func (d deaf) Exchange(context.Context, link.Request) ([]link.Reply, error) {
	d.t.Error("the request reached the car")
	return nil, nil
}
func (d deaf) Describe() link.Description { return link.Description{} }
func (d deaf) Close() error               { return nil }

func TestGuardRefusesBeforeAnythingIsSent(t *testing.T) {
	guarded := link.Guard(deaf{t}, link.ReadOnly())
	for _, data := range [][]byte{{0x04}, {0x2E, 0xF1, 0x90, 0x00}, {0x31, 0x01}, {0x11, 0x01}, {}} {
		_, err := guarded.Exchange(context.Background(), link.Request{Data: data})
		if errs.KindOf(err) != errs.Denied || errs.HintOf(err) == "" {
			t.Errorf("% X: got %v, want a refusal with a hint", data, err)
		}
	}
	if _, ok := guarded.(link.Console); ok {
		t.Error("text commands must not be reachable through the guard")
	}
}

func TestNegativeReplySorts(t *testing.T) {
	reply := link.Reply{ECU: obd.CAN11(0x7EC), Data: []byte{0x7F, 0x0A, 0x11}}
	n, ok := reply.Negative()
	if !ok || n.Reason() != obd.NotSupported || n.Error() != "ECU 7EC refused service 0A: service not supported (NRC 11)" {
		t.Errorf("got %v, %v, %v", n, ok, n.Reason())
	}
	if _, ok := (link.Reply{Data: []byte{0x41, 0x7F, 0x11}}).Negative(); ok {
		t.Error("a positive response is none")
	}
}

func TestSessionsOpenByName(t *testing.T) {
	var latch link.Latch
	allow := link.ReadOnly().Behind(&latch, 0x10)
	if allow.Permits([]byte{0x10, 0x03}) {
		t.Error("before the confirmation only the default session is permitted")
	}
	latch.Open()
	if !allow.Permits([]byte{0x10, 0x03}) || !link.ReadOnly().With(0x10).Permits([]byte{0x10, 0x03}) {
		t.Error("the extended session is permitted once service 10 was opened")
	}
}

func TestProgrammingIsNeverPermitted(t *testing.T) {
	allow := link.ReadOnly()
	for s := range 256 {
		allow = allow.With(obd.Service(s))
	}
	for _, data := range [][]byte{{0x34, 0}, {0x35, 0}, {0x36, 1}, {0x37}, {0x38, 1}, {0x3D, 0}, {0x10, 0x02}, {0x10, 0x82}} {
		if allow.Permits(data) {
			t.Errorf("% X: permitted", data)
		}
	}
}

func TestCommandedTestsAreOpenedByALatch(t *testing.T) {
	var standing link.Latch
	allow := link.ReadOnly().BehindPGN(&standing, link.PGNCommandTest)
	q := link.Query{PGN: 41984, Results: 110}
	if allow.CheckQuery(q) == nil || link.ReadOnly().CheckQuery(q) == nil {
		t.Error("DM7 passes before the vehicle is known to stand")
	}
	standing.Open()
	if err := allow.CheckQuery(q); err != nil {
		t.Error(err)
	}
	if allow.PermitsPGN(65235) {
		t.Error("the latch of DM7 opens DM11")
	}
}
