package doip

import (
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// Guard returns p with every message checked before it is sent: diagnostic ones against the list, and no
// others than those that a reading tester needs. Each Write must hold whole messages.
func Guard(p link.Port, allow link.Allow) link.Port { return &guarded{port: p, allow: allow} }

type guarded struct {
	port  link.Port
	allow link.Allow
}

// Write passes the bytes on when every message among them may be sent; otherwise nothing is sent.
func (g *guarded) Write(b []byte) (int, error) {
	var s iso13400.Stream
	s.Push(b)
	size := 0
	for {
		m, err := s.Next()
		if errors.Is(err, iso13400.ErrMore) {
			break
		}
		if err != nil {
			return 0, errs.New(errs.Denied, "this is no DoIP message: %w", err).WithHint("nothing was sent")
		}
		if err := g.check(m.Payload); err != nil {
			return 0, err
		}
		size += len(m.Marshal())
	}
	if size != len(b) {
		return 0, errs.New(errs.Denied, "this is a part of a DoIP message").WithHint("nothing was sent")
	}
	return g.port.Write(b)
}

func (g *guarded) check(p iso13400.Payload) error {
	switch p := p.(type) {
	case iso13400.Diagnostic:
		return g.allow.Check(p.Data)
	case iso13400.HeaderNack, iso13400.Activation, iso13400.AliveCheckReply, iso13400.Identify,
		iso13400.IdentifyEID, iso13400.IdentifyVIN, iso13400.EntityStatus, iso13400.PowerMode:
		return nil
	}
	return errs.New(errs.Denied, "a tester does not send a %s", p.Type()).WithHint("nothing was sent")
}

func (g *guarded) Read(b []byte) (int, error)        { return g.port.Read(b) }
func (g *guarded) SetReadDeadline(t time.Time) error { return g.port.SetReadDeadline(t) }
func (g *guarded) Name() string                      { return g.port.Name() }
func (g *guarded) Close() error                      { return g.port.Close() }
