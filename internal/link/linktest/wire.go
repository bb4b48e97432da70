// Package linktest holds a CAN bus in memory with the timing of a real one, for tests.
package linktest

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// Wire is one bus. A frame takes its bits, with the most stuffing that can be, at the bit rate; frames of
// several nodes follow each other. Within testing/synctest the time is virtual.
type Wire struct {
	bitrate int

	mu    sync.Mutex
	free  time.Time // when the frame under way ends
	nodes []*Node
	count int
	off   error
}

// NewWire returns a bus of so many bits per second; 0 takes no time.
func NewWire(bitrate int) *Wire { return &Wire{bitrate: bitrate} }

// Bits returns the length of a frame on the wire with its gap and the most stuff bits (ISO 11898-1). A CAN
// FD frame is counted as if all of it had the slower bit rate.
func Bits(f *can.Frame) int {
	n := 8 * len(f.Payload())
	if f.ID.IsExtended() {
		return 67 + n + (53+n)/4
	}
	return 47 + n + (33+n)/4
}

// Time returns how long a frame takes on a bus.
func Time(f *can.Frame, bitrate int) time.Duration {
	return time.Duration(Bits(f)) * time.Second / time.Duration(bitrate)
}

// Frames returns how many frames were sent.
func (w *Wire) Frames() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count
}

// Off makes every node fail with err for good, as a controller does that left the bus.
func (w *Wire) Off(err error) {
	w.mu.Lock()
	nodes := w.nodes
	w.off = err
	w.mu.Unlock()
	for _, n := range nodes {
		n.fail(err)
	}
}

// Node joins the bus.
func (w *Wire) Node(name string) *Node {
	n := &Node{wire: w, name: name, came: make(chan struct{}, 1), over: make(chan struct{})}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.nodes = append(w.nodes, n)
	return n
}

// put sends a frame and returns when it is over.
func (w *Wire) put(from *Node, f can.Frame) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if w.free.Before(now) {
		w.free = now
	}
	w.count++
	if w.bitrate > 0 {
		w.free = w.free.Add(Time(&f, w.bitrate))
	}
	end := w.free
	f.At = end
	nodes := w.nodes
	deliver := func() {
		for _, n := range nodes {
			if n != from {
				n.take(f)
			}
		}
	}
	if w.bitrate == 0 {
		deliver()
		return end
	}
	time.AfterFunc(end.Sub(now), deliver)
	return end
}

// queueLimit bounds what a node keeps that nobody receives.
const queueLimit = 4096

// Node is one controller on the bus, a [link.Bus].
type Node struct {
	wire *Wire
	name string
	came chan struct{}
	over chan struct{}
	once sync.Once

	mu     sync.Mutex
	queue  []can.Frame
	health link.BusHealth
	masks  []link.Mask
	final  error
}

func (n *Node) take(f can.Frame) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.masks) > 0 && !slices.ContainsFunc(n.masks, func(m link.Mask) bool { return m.Match(f.ID) }) {
		return
	}
	if len(n.queue) >= queueLimit {
		n.queue = n.queue[1:]
		n.health.Overruns++
	}
	n.queue = append(n.queue, f)
	select {
	case n.came <- struct{}{}:
	default:
	}
}

func (n *Node) fail(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.final == nil {
		n.final = &link.Fault{Lost: true, Err: err}
	}
	n.once.Do(func() { close(n.over) })
}

// Disturb sets what Health answers.
func (n *Node) Disturb(h link.BusHealth) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.health = h
}

// Filter keeps frames out that match none of the masks.
func (n *Node) Filter(masks ...link.Mask) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.masks = masks
	return nil
}

// Health says what was set by Disturb.
func (n *Node) Health() link.BusHealth {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.health
}

// Name is the node's name.
func (n *Node) Name() string { return n.name }

// Send returns when the frame is on the wire.
func (n *Node) Send(ctx context.Context, f can.Frame) error {
	n.mu.Lock()
	final := n.final
	n.mu.Unlock()
	if final != nil {
		return final
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	wait := time.Until(n.wire.put(n, f))
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Receive gives the next frame.
func (n *Node) Receive(ctx context.Context) (can.Frame, error) {
	for {
		n.mu.Lock()
		if len(n.queue) > 0 {
			f := n.queue[0]
			n.queue = n.queue[1:]
			n.mu.Unlock()
			return f, nil
		}
		final := n.final
		n.mu.Unlock()
		if final != nil {
			return can.Frame{}, final
		}
		select {
		case <-n.came:
		case <-n.over:
		case <-ctx.Done():
			return can.Frame{}, ctx.Err()
		}
	}
}

// Close takes the node off the bus.
func (n *Node) Close() error {
	n.fail(errors.Join(errors.New("node "+n.name), os.ErrClosed))
	return nil
}

var _ link.Bus = (*Node)(nil)
