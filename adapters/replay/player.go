package replay

import (
	"context"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Options say how a recording is played.
type Options struct {
	// Speed is the factor to the recorded times: 1 as recorded, 2 twice as fast, 0 without any waiting.
	Speed float64
	// Strict makes the first command that differs from the recording an error.
	Strict bool
	// Name is the address for messages when the recording has none.
	Name string
	// Listen lets a bus be heard as it was recorded, frames that were sent included, without sending anything.
	Listen bool
}

// Player plays a recording: each Open gives the next session of the recording as a port.
type Player struct {
	rec *Recording
	o   Options

	mu      sync.Mutex
	next    int           // session
	at      time.Duration // recorded time reached
	ids     identities
	missing []string
	current interface{ look() } // what is open
}

// NewPlayer returns a player at the beginning of rec.
func NewPlayer(rec *Recording, o Options) *Player {
	return &Player{rec: rec, o: o, ids: identities{session: rec.Header.ID}}
}

// Recording returns what is played.
func (p *Player) Recording() *Recording { return p.rec }

// Open returns the port of the next session; behind the last one it fails, as the adapter did not come
// back. A recording of a serial line gives a [link.SpeedSetter].
func (p *Player) Open(ctx context.Context) (link.Port, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next >= len(p.rec.sessions) {
		return nil, ErrEnd
	}
	s := p.rec.sessions[p.next]
	p.next++
	port := newPort(p, newScript(s, p.rec.defaults), s.greeting)
	if p.rec.Header.Speed > 0 {
		return &linePort{port: port, speed: p.rec.Header.Speed}, nil
	}
	return port, nil
}

// Now is the recorded time of the last event played, in the recorded offset.
func (p *Player) Now() time.Time {
	p.mu.Lock()
	current := p.current
	p.mu.Unlock()
	if current != nil {
		current.look()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rec.Header.Started.Add(p.at)
}

// NewID returns the identifiers that the recorded session had, in the same order.
func (p *Player) NewID() uuid.UUID {
	now := p.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ids.next(now)
}

// Missing lists requests to the vehicle that the recording does not hold, at most a hundred; they were
// answered with NO DATA.
func (p *Player) Missing() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.missing...)
}

func (p *Player) setMissing(commands []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missing = commands
}

// reach moves the clock forward.
func (p *Player) reach(at time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = max(p.at, at)
}

// reached is the recorded time that was played up to.
func (p *Player) reached() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

func (p *Player) name() string {
	switch {
	case p.rec.Header.Address != "":
		return p.rec.Header.Address
	case p.o.Name != "":
		return p.o.Name
	}
	return "replay:"
}

// linePort is the port of a recorded serial line.
type linePort struct {
	*port
	mu    sync.Mutex
	speed int
}

func (p *linePort) Speed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.speed
}

func (p *linePort) SetSpeed(baud int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.speed = baud
	return nil
}

// ErrEnd says that a connection was lost in the recording and did not come back.
var ErrEnd error = errs.New(errs.NoAdapter, "replay: the recording ends here")

var errClosed error = errs.New(errs.Adapter, "replay: %w", os.ErrClosed)
