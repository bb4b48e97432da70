package simulator

import (
	"os"
	"sync/atomic"
	"time"
)

// Sizes of the two lanes of a port in bytes. A client that writes on is held up; what it never reads is
// lost, as on a serial line without handshake.
const (
	inRoom  = 64 << 10
	outRoom = 128 << 10 // 16 bytes of memory each, and there may be 32 clients
)

// port is the client's end of the line to a simulated adapter. It is a link.Port and a link.SpeedSetter.
type port struct {
	name  string
	clock clock
	in    *lane // to the adapter
	out   *lane // to the client
	slow  time.Duration
	baud  atomic.Int64
	free  atomic.Int64 // when the line to the adapter is idle again
	done  chan struct{}
}

// newPort starts an adapter on the car; it runs until Close. A port that is served to another program
// cannot know that program's speed, so there both ends always agree.
func newPort(name string, o options, c *car, k clock, served bool) *port {
	p := &port{
		name: name, clock: k, slow: o.slow,
		in: newLane(k, inRoom), out: newLane(k, outRoom), done: make(chan struct{}),
	}
	p.baud.Store(int64(o.baud))
	a := newAdapter(o, c, k, p.in, p.out)
	go func() {
		defer close(p.done)
		if served {
			a.run(func() int { return a.baud })
			return
		}
		a.run(p.Speed)
	}()
	return p
}

// Name is the address by which the port was opened.
func (p *port) Name() string { return p.name }

// Read returns what the adapter has sent; see link.Port.
func (p *port) Read(b []byte) (int, error) { return p.out.read(b) }

// Write sends to the adapter and waits only when the adapter has fallen far behind.
func (p *port) Write(b []byte) (int, error) {
	sent := 0
	for sent < len(b) {
		_, _, changed, err := p.in.peek()
		if err != nil {
			return sent, err
		}
		n, err := p.in.put(b[sent:], p.arrival())
		sent += n
		if err != nil {
			return sent, err
		}
		if sent < len(b) {
			<-changed
		}
	}
	return sent, nil
}

// arrival gives each byte its time on the serial line; the line carries one at a time.
func (p *port) arrival() func(int) time.Duration {
	if p.clock.instant() {
		return func(int) time.Duration { return 0 }
	}
	each := byteTime(p.Speed())
	start := p.clock.now() + p.slow
	return func(int) time.Duration {
		at := max(start, time.Duration(p.free.Load())) + each
		p.free.Store(int64(at))
		return at
	}
}

// SetReadDeadline sets the end of waiting of present and later reads; the zero time means none.
func (p *port) SetReadDeadline(t time.Time) error {
	p.out.setDeadline(t)
	return nil
}

// SetSpeed changes the client's line speed and drops what was not read. At a speed other than the
// adapter's both sides read noise.
func (p *port) SetSpeed(baud int) error {
	p.baud.Store(int64(baud))
	p.out.flush()
	p.in.poke()
	return nil
}

// Speed returns the client's line speed in bits per second.
func (p *port) Speed() int { return int(p.baud.Load()) }

// Close ends the adapter and every call under way.
func (p *port) Close() error {
	p.out.close(os.ErrClosed)
	p.in.close(os.ErrClosed)
	<-p.done
	return nil
}

// byteTime is the time of ten bits: start, eight data bits, stop.
func byteTime(baud int) time.Duration {
	return 10 * time.Second / time.Duration(max(baud, 1))
}
