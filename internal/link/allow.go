package link

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

// Allow is the list of services that may be sent to a vehicle. The guards of all three seams ask it:
// [Guard] for a Link, elm327.Guard for a Port, isotp.Guard for a Bus. The zero Allow permits nothing.
type Allow struct {
	services [256]bool
	latched  [256]bool // permitted once latch is open
	latch    *Latch
	// Sessions other than the default one are permitted, or once latch is open.
	sessions, latchedSessions bool
	// SAE J1939 parameter groups that may be requested although they change something, or once latch is open.
	groups, latchedGroups []uint32
}

// Latch holds services back until a person confirmed them. The zero Latch is closed.
type Latch struct{ open atomic.Bool }

// Open permits the services behind the latch from now on.
func (l *Latch) Open() { l.open.Store(true) }

// Shut holds them back again, for a session that goes on after what was confirmed is done.
func (l *Latch) Shut() { l.open.Store(false) }

// Behind returns the list with services added that are permitted only while l is open, for a session that
// reads first and changes something later.
func (a Allow) Behind(l *Latch, services ...obd.Service) Allow {
	a.latch = l
	for _, s := range services {
		a.latched[s] = true
		a.latchedSessions = a.latchedSessions || s == sessionControl
	}
	return a
}

// ReadOnly permits what cannot change a vehicle: reading by SAE J1979, and of ISO 14229-1 only
// ReadDTCInformation, ReadDataByIdentifier, TesterPresent and the default session. Service 05 is
// absent from CAN but harmless; 04, 08 and everything else are refused. Service 21
// (ISO 14230-3 readDataByLocalIdentifier) reads like 22.
func ReadOnly() Allow {
	var a Allow
	for _, s := range []obd.Service{0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x09, 0x0A, 0x10, 0x19, 0x1A, 0x21, 0x22, 0x3E} {
		a.services[s] = true
	}
	return a
}

// With returns the list with services added, after the person confirmed each.
func (a Allow) With(services ...obd.Service) Allow {
	for _, s := range services {
		a.services[s] = true
		a.sessions = a.sessions || s == sessionControl
	}
	return a
}

const (
	sessionControl     obd.Service = 0x10
	programmingSession byte        = 0x02
)

// neverSent tells what no confirmation opens: upload and download (34 to 38), writing to memory (3D) and the
// programming session. This program does not flash control units.
func neverSent(data []byte) bool {
	switch s := data[0]; {
	case s >= 0x34 && s <= 0x38, s == 0x3D:
		return true
	case s == byte(sessionControl):
		return len(data) >= 2 && data[1]&0x7F == programmingSession
	}
	return false
}

// Programs tells a message that begins or goes on with programming a control unit: no confirmation lets it pass.
func Programs(data []byte) bool { return len(data) > 0 && neverSent(data) }

// Permits tells whether the message may be sent. Of DiagnosticSessionControl only the default session
// (10 01, or KWP 10 81) passes until service 10 was opened; an empty message never does, nor does programming.
func (a Allow) Permits(data []byte) bool {
	if len(data) == 0 || neverSent(data) {
		return false
	}
	if behind := a.latched[data[0]] && a.latch.open.Load(); !a.services[data[0]] && !behind {
		return false
	}
	if data[0] == byte(sessionControl) && !a.sessions && !(a.latchedSessions && a.latch.open.Load()) {
		return len(data) >= 2 && (data[1]&0x7F == 0x01)
	}
	return true
}

// Check returns a Denied error for a message that is not permitted.
func (a Allow) Check(data []byte) error {
	if a.Permits(data) {
		return nil
	}
	return errs.New(errs.Denied, "service %s is not allowed in read-only mode", serviceText(data)).
		WithHint("nothing was sent; commands that change the vehicle ask for an explicit confirmation")
}

func serviceText(data []byte) string {
	if len(data) == 0 {
		return "(empty)"
	}
	return fmt.Sprintf("%02X", data[0])
}

// Guard returns l with every request checked against the list before it is sent. Text commands
// ([Console]) are not reachable through it; guard the Port below for those.
func Guard(l Link, allow Allow) Link {
	if n, ok := l.(Network); ok {
		return &guardedNetwork{guarded{link: l, allow: allow}, n}
	}
	return &guarded{link: l, allow: allow}
}

// guarded names its methods one by one and embeds nothing, so that a new method of Link cannot slip past.
type guarded struct {
	link  Link
	allow Allow
}

func (g *guarded) Exchange(ctx context.Context, req Request) ([]Reply, error) {
	if err := g.allow.Check(req.Data); err != nil {
		return nil, err
	}
	return g.link.Exchange(ctx, req)
}

func (g *guarded) Describe() Description { return g.link.Describe() }
func (g *guarded) Close() error          { return g.link.Close() }

func (g *guarded) SupplyVoltage(ctx context.Context) (float64, error) {
	if v, ok := g.link.(Voltmeter); ok {
		return v.SupplyVoltage(ctx)
	}
	return 0, errs.New(errs.Unsupported, "this adapter cannot measure the supply voltage")
}
