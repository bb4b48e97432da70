package simulator

import (
	"context"
	"sync"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// Peer is a further node on the line of a simulated car, for the conformance suite.
type Peer struct {
	*bus
	mu   sync.Mutex
	sent []can.Frame
}

// OpenPeer opens the bus of a car whose line another node shares.
func OpenPeer(ctx context.Context, address string) (*Peer, error) {
	b, err := OpenBus(ctx, address)
	if err != nil {
		return nil, err
	}
	return &Peer{bus: b.(*bus)}, nil
}

// Send is the tester's; what went out is remembered.
func (p *Peer) Send(ctx context.Context, f can.Frame) error {
	if err := p.bus.Send(ctx, f); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, f)
	return nil
}

// Put makes a frame come from the other node.
func (p *Peer) Put(f can.Frame) error {
	p.bus.mu.Lock()
	defer p.bus.mu.Unlock()
	f.At = p.clock.moment(p.now())
	p.keep(f)
	p.tell()
	return nil
}

// Sent returns what the tester has sent.
func (p *Peer) Sent() []can.Frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]can.Frame(nil), p.sent...)
}

// Pull takes the controller away.
func (p *Peer) Pull() error {
	p.bus.mu.Lock()
	defer p.bus.mu.Unlock()
	p.shut()
	return nil
}

var _ link.Bus = (*Peer)(nil)
