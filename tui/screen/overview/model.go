// Package overview is the page after a scan, and while it streams in: lamp, codes by severity, readiness with the
// verdict of an inspection, supply voltage, what is close to failing, what else is worth a look.
package overview

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/widget"
)

// Scanner reads the car. What it reads comes to every screen as [screen.Scan].
type Scanner interface {
	// Scan makes one complete diagnosis and keeps it. It returns when that is done, with the reason when it
	// ended early.
	Scan(ctx context.Context) error
}

// Screen is the page.
type Screen struct {
	scanner Scanner
	ctx     context.Context // of the program: a scan outlives the visit
	look    screen.Look
	link    screen.Link
	state   screen.Scan
	stop    context.CancelFunc // of a running scan
	asked   bool               // the car at the adapter was scanned, or its scan failed
	spin    int
	top     widget.Scroll // first line shown
}

// New makes the page; scans end with ctx.
func New(ctx context.Context, s Scanner) *Screen { return &Screen{scanner: s, ctx: ctx} }

// Name is the folder.
func (s *Screen) Name() string { return "overview" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) { s.look = l }

// Enter begins a scan when there is a car that was not scanned yet.
func (s *Screen) Enter(context.Context) tea.Cmd {
	if s.asked || !s.link.Up() || s.state.Running {
		return nil
	}
	return s.scan()
}

func (s *Screen) scan() tea.Cmd {
	var ctx context.Context
	ctx, s.stop = context.WithCancel(s.ctx)
	s.asked = true
	return tea.Batch(s.turn(), func() tea.Msg { return scannedMsg{s.scanner.Scan(ctx)} })
}

// faults are the codes of the scan in the order that matters.
func (s *Screen) faults() []screen.Fault {
	if s.state.Scan == nil {
		return nil
	}
	return screen.Faults(s.state.Scan.Codes)
}

// read tells that a step was read in full.
func (s *Screen) read(step obd.Step) bool { return s.state.Has(step) }
