package ble

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// The limits of a connection. A device that sleeps advertises every second or two.
const (
	findLimit    = 15 * time.Second
	connectLimit = 20 * time.Second
	writeLimit   = 5 * time.Second
)

// What a write carries: the least ATT_MTU without the three bytes of its header, and the longest value.
const (
	leastChunk = 20
	mostChunk  = 512
)

// Options say how an adapter is opened.
type Options struct {
	Name   string // the address for messages
	Wish   Wish
	Notify func(text string) // is told what happens; may be nil
}

// Port is the serial line of a connected adapter; it implements [link.Port].
type Port struct {
	name  string
	stack Stack
	peer  Peer
	write Characteristic
	in    *inbox

	turn    sync.Mutex // of writers
	ctx     context.Context
	cancel  context.CancelFunc
	closing sync.Once
	closed  error
}

// Open finds the device by its address or its name, connects and subscribes to its serial line. Without a
// target the likeliest adapter in sight is taken. The stack belongs to the port from then on.
//
// Errors are of kind [errs.NoAdapter] or [errs.Unsupported] with a hint, or ctx's.
func Open(ctx context.Context, stack Stack, target string, o Options) (*Port, error) {
	p, err := open(ctx, stack, target, o)
	if err != nil {
		_ = stack.Close() // the first error is the one to tell
		return nil, err
	}
	return p, nil
}

func open(ctx context.Context, stack Stack, target string, o Options) (*Port, error) {
	if o.Notify == nil {
		o.Notify = func(string) {}
	}
	device, err := find(ctx, stack, target, o.Notify)
	if err != nil {
		return nil, err
	}
	if o.Name == "" {
		o.Name = "ble://" + device.Address
	}
	limited, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	peer, err := stack.Connect(limited, device.Address)
	if err != nil {
		return nil, notInTime(ctx, err, "connect to "+device.label())
	}
	p, err := start(limited, stack, peer, o)
	if err != nil {
		_ = peer.Close() // as above
		return nil, notInTime(ctx, err, "set "+device.label()+" up")
	}
	return p, nil
}

// start subscribes to the serial line of a connected device.
func start(ctx context.Context, stack Stack, peer Peer, o Options) (*Port, error) {
	all, err := peer.Characteristics(ctx)
	if err != nil {
		return nil, err
	}
	pair, err := Choose(all, o.Wish)
	if err != nil {
		return nil, err
	}
	p := &Port{name: o.Name, stack: stack, peer: peer, write: pair.Write, in: newInbox()}
	if err := pair.Notify.Notify(ctx, p.in.put); err != nil {
		return nil, err
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	go p.watch()
	return p, nil
}

func (d Device) label() string {
	if d.Name == "" {
		return d.Address
	}
	return d.Name + " (" + d.Address + ")"
}

// notInTime explains the end of our own limit; ctx's end stays what it is.
func notInTime(ctx context.Context, err error, what string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errs.New(errs.NoAdapter, "%s: it does not answer in time", what).
			WithHint("bring it nearer, and disconnect it from telephones: most adapters serve one program at a time")
	}
	return err
}

// watch waits for the end of the connection.
func (p *Port) watch() {
	select {
	case <-p.peer.Gone():
		p.in.end(p.lost(io.EOF))
		p.cancel()
	case <-p.ctx.Done():
	}
}

func (p *Port) Read(b []byte) (int, error) { return p.in.read(b) }

// Write delivers all of b in pieces that the connection carries, or fails within a few seconds.
func (p *Port) Write(b []byte) (int, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	ctx, cancel := context.WithTimeout(p.ctx, writeLimit)
	defer cancel()
	response := p.write.Properties()&CanWriteCommand == 0
	sent := 0
	for sent < len(b) {
		n := min(p.chunk(), len(b)-sent)
		if err := p.write.Write(ctx, b[sent:sent+n], response); err != nil {
			return sent, p.stuck(err)
		}
		sent += n
	}
	return sent, p.closedError()
}

// chunk is how much one write carries; the MTU is agreed on after the connection and may grow.
func (p *Port) chunk() int { return min(max(p.write.MTU()-3, leastChunk), mostChunk) }

// closedError tells that Close was called.
func (p *Port) closedError() error {
	p.in.mu.Lock()
	defer p.in.mu.Unlock()
	return p.in.closed
}

func (p *Port) stuck(err error) error {
	if closed := p.closedError(); closed != nil {
		return closed
	}
	return p.lost(err)
}

func (p *Port) lost(err error) error {
	lost := errs.New(errs.Adapter, "%s is gone: %w", p.name, err).
		WithHint("is the adapter in reach and the ignition on? It may have gone to sleep or connected to a telephone")
	return &link.Fault{Lost: true, Err: lost}
}

// SetReadDeadline works like that of net.Conn.
func (p *Port) SetReadDeadline(t time.Time) error {
	p.in.setDeadline(t)
	return nil
}

// Name returns the address by which the port was opened.
func (p *Port) Name() string { return p.name }

// Close ends every Read and Write that is under way and disconnects.
func (p *Port) Close() error {
	p.closing.Do(func() {
		p.in.close(fmt.Errorf("%s: %w", p.name, os.ErrClosed))
		p.cancel()
		p.closed = errors.Join(p.peer.Close(), p.stack.Close())
	})
	return p.closed
}

var _ link.Port = (*Port)(nil)
