package simulator_test

import (
	"testing"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// neighbour is the other node of the conformance suite.
type neighbour struct{ p *simulator.Peer }

func (n neighbour) Send(f can.Frame) error { return n.p.Put(f) }
func (n neighbour) Received() []can.Frame  { return n.p.Sent() }
func (n neighbour) Hangup() error          { return n.p.Pull() }

func TestBusConforms(t *testing.T) {
	adaptertest.Bus(t, func(t *testing.T) (link.Bus, adaptertest.BusPeer) {
		p, err := simulator.OpenPeer(t.Context(), "sim:no-ignition")
		if err != nil {
			t.Fatal(err)
		}
		return p, neighbour{p}
	})
}
