// Package j1939test is a SAE J1939 network in memory for tests: a bus with the timing of 250 kbit/s and
// nodes that answer requests.
package j1939test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// frameTime is how long a full 29-bit frame takes at 250 kbit/s.
const frameTime = 560 * time.Microsecond

// Bus is the tester's end of the network. Every frame takes its time on the line.
type Bus struct {
	Sent []can.Frame // by the tester

	mu     sync.Mutex
	nodes  []*Node
	in     chan can.Frame
	closed chan struct{}
	once   sync.Once
	free   time.Time // when the line is free again
}

// New returns a network of some nodes; broadcasts start at once.
func New(nodes ...*Node) *Bus {
	b := &Bus{nodes: nodes, in: make(chan can.Frame, 8192), closed: make(chan struct{})}
	for _, n := range nodes {
		n.bus = b
		if n.Delay == 0 {
			n.Delay = 20 * time.Millisecond
		}
		n.machine = j1939.NewMachine(j1939.Settings{Address: n.Address, Name: n.Name, Assigned: true})
	}
	for _, n := range nodes {
		for pgn, every := range n.Broadcast {
			n.repeat(pgn, every)
		}
	}
	return b
}

// Put puts a frame on the line as some other node would.
func (b *Bus) Put(f can.Frame) { b.transmit(f, nil) }

// transmit gives a frame to everyone but its sender once its time on the line is over.
func (b *Bus) transmit(f can.Frame, from *Node) {
	b.mu.Lock()
	now := time.Now()
	if b.free.Before(now) {
		b.free = now
	}
	b.free = b.free.Add(frameTime)
	wait := b.free.Sub(now)
	b.mu.Unlock()
	time.AfterFunc(wait, func() {
		select {
		case <-b.closed:
			return
		default:
		}
		f.At = time.Now()
		if from != nil {
			select {
			case b.in <- f:
			default:
			}
		}
		for _, n := range b.nodes {
			if n != from {
				n.handle(f)
			}
		}
	})
}

// Send hands a frame of the tester to the line.
func (b *Bus) Send(_ context.Context, f can.Frame) error {
	select {
	case <-b.closed:
		return errClosed
	default:
	}
	b.mu.Lock()
	b.Sent = append(b.Sent, f)
	b.mu.Unlock()
	b.transmit(f, nil)
	return nil
}

var errClosed = &link.Fault{Lost: true, Err: errors.New("bus is closed")}

// Receive waits for a frame.
func (b *Bus) Receive(ctx context.Context) (can.Frame, error) {
	select {
	case f := <-b.in:
		return f, nil
	default:
	}
	select {
	case f := <-b.in:
		return f, nil
	case <-b.closed:
		return can.Frame{}, errClosed
	case <-ctx.Done():
		return can.Frame{}, ctx.Err()
	}
}

// Close ends the network.
func (b *Bus) Close() error {
	b.once.Do(func() { close(b.closed) })
	return nil
}

// Name names the bus.
func (b *Bus) Name() string { return "memory" }

// Count returns how many frames the tester sent.
func (b *Bus) Count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.Sent)
}

// Node is one node: it holds groups, broadcasts some and answers requests for all.
type Node struct {
	Address   uint8
	Name      j1939.Name
	Groups    map[uint32][]byte
	Broadcast map[uint32]time.Duration
	Mute      bool            // never refuses what it does not have
	Accepts   map[uint32]bool // requests that are acknowledged, such as DM11
	Delay     time.Duration   // before it answers; 0 means 20 ms

	mu      sync.Mutex
	machine *j1939.Machine
	bus     *Bus
}

func (n *Node) repeat(pgn uint32, every time.Duration) {
	time.AfterFunc(every, func() {
		select {
		case <-n.bus.closed:
			return
		default:
		}
		n.mu.Lock()
		_ = n.machine.Send(time.Now(), link.ParameterGroup{PGN: pgn, Destination: j1939.Global, Priority: 6, Data: n.Groups[pgn]}, nil)
		n.flush()
		n.mu.Unlock()
		n.repeat(pgn, every)
	})
}

// flush sends what the machine has and comes back at its deadline. The lock is held.
func (n *Node) flush() {
	for _, f := range n.machine.Frames() {
		n.bus.transmit(f, n)
	}
	if due, ok := n.machine.Deadline(); ok {
		time.AfterFunc(max(0, time.Until(due)), func() {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.machine.Advance(time.Now())
			n.flush()
		})
	}
}

func (n *Node) handle(f can.Frame) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.machine.Handle(time.Now(), &f)
	for _, g := range n.machine.Messages() {
		mine := g.Destination == n.Address || g.Destination == j1939.Global
		if pgn, err := j1939.ParseRequest(g.Data); g.PGN == j1939.PGNRequest && err == nil && mine {
			time.AfterFunc(n.Delay, func() { n.answer(pgn, g) })
		}
	}
	n.flush()
}

func (n *Node) answer(pgn uint32, g link.ParameterGroup) {
	n.mu.Lock()
	defer n.mu.Unlock()
	data, ok := n.Groups[pgn]
	out := link.ParameterGroup{PGN: pgn, Destination: g.Source, Priority: 6, Data: data}
	switch {
	case pgn == j1939.PGNAddressClaim:
		out.Data, out.Destination = nameBytes(n.Name), j1939.Global
	case n.Accepts[pgn]:
		out.PGN, out.Destination = j1939.PGNAcknowledge, j1939.Global
		out.Data = j1939.Acknowledgement{Control: link.AckPositive, Address: g.Source, PGN: pgn}.Bytes()
	case !ok && (n.Mute || g.Destination == j1939.Global):
		return
	case !ok:
		out.PGN, out.Destination = j1939.PGNAcknowledge, j1939.Global
		out.Data = j1939.Acknowledgement{Control: link.AckNegative, Address: g.Source, PGN: pgn}.Bytes()
	case !j1939.IsPDU1(pgn) && len(data) <= 8, g.Destination == j1939.Global:
		out.Destination = j1939.Global
	}
	_ = n.machine.Send(time.Now(), out, nil)
	n.flush()
}

func nameBytes(n j1939.Name) []byte {
	v := n.Number()
	out := make([]byte, 8)
	for i := range out {
		out[i] = byte(v >> (8 * i))
	}
	return out
}
