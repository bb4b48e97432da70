package elm327

import (
	"bytes"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// maxLine bounds a line that is held back; the longest one that an adapter takes is far shorter.
const maxLine = 8 << 10

// Guard returns p with every line checked before it reaches the adapter: a request whose service is not
// on the list is refused with kind [errs.Denied], and so are commands by which an adapter would send one
// by itself, now or later, or that change the adapter for good. Unknown commands are refused too.
//
// Bytes are held back until their carriage return, so that nothing slips through in parts; only blanks at
// the start of a line, which break off what the adapter does, pass at once. After a refusal the
// rest of that Write is dropped. The result is a [link.SpeedSetter] when p is one.
func Guard(p link.Port, allow link.Allow) link.Port {
	g := &guardedPort{port: p, judge: judgeLine{allow: allow}}
	if s, ok := p.(link.SpeedSetter); ok {
		return &guardedSpeedPort{guardedPort: g, speed: s}
	}
	return g
}

// guardedPort names the methods of link.Port one by one and embeds nothing, so that a new one cannot slip past.
type guardedPort struct {
	port link.Port

	mu    sync.Mutex
	held  []byte // a line without its end
	judge judgeLine
}

func (g *guardedPort) Read(b []byte) (int, error)        { return g.port.Read(b) }
func (g *guardedPort) SetReadDeadline(t time.Time) error { return g.port.SetReadDeadline(t) }
func (g *guardedPort) Name() string                      { return g.port.Name() }
func (g *guardedPort) Close() error                      { return g.port.Close() }

// Write passes on the lines that are permitted.
func (g *guardedPort) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, c := range b {
		switch {
		case len(g.held) == 0 && (c == '\n' || c == 0):
			// The second half of CR LF, or what an adapter ignores: need not reach it.
		case len(g.held) == 0 && c == ' ':
			if _, err := g.port.Write([]byte{c}); err != nil {
				return i, err
			}
		case c != '\r':
			if len(g.held) >= maxLine {
				g.held = nil
				return i, errs.New(errs.Denied, "line to the adapter is longer than %d bytes", maxLine)
			}
			g.held = append(g.held, c)
		default:
			line := bytes.Clone(g.held)
			g.held = g.held[:0]
			if err := g.judge.check(line); err != nil {
				return i, err
			}
			if _, err := g.port.Write(append(line, '\r')); err != nil {
				return i, err
			}
		}
	}
	return len(b), nil
}

// guardedSpeedPort is a guarded port whose speed can be changed.
type guardedSpeedPort struct {
	*guardedPort
	speed link.SpeedSetter
}

func (g *guardedSpeedPort) SetSpeed(baud int) error { return g.speed.SetSpeed(baud) }
func (g *guardedSpeedPort) Speed() int              { return g.speed.Speed() }
