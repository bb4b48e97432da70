package live

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/live/trace"
	"github.com/fleetms/obdctl/tui/widget"
)

// face is how the values are shown.
type face uint8

const (
	numbers face = iota
	gauges
	plots
	faces
)

// spans are how much time a plot shows.
func spans() []time.Duration {
	return []time.Duration{
		10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour,
	}
}

// Screen is the page.
type Screen struct {
	car    Car
	ctx    context.Context // of the program
	board  *trace.Board
	look   screen.Look
	link   screen.Link
	busy   bool // a scan has the car
	menu   *Menu
	chosen []string
	preset string // name of what was chosen, "" for signals of one's own choice

	visit    context.Context // nil while another page is in front
	visits   int
	stop     context.CancelFunc // of what is watched
	watches  int
	watching bool
	failure  error
	asked    bool // the menu is being read

	face    face
	rows    []trace.Row // as of the last frame; they stand still during a pause and for screen readers
	newest  time.Time
	drawn   time.Time // when the last frame was
	table   widget.Table
	plotted []trace.Key // nil: the first two
	span    int         // of spans
	paused  bool
	cursor  int           // part of the plot under the cursor, -1 for none
	past    time.Duration // how far back the right edge of the plot lies during a pause
	markers []time.Time
	began   time.Time // of the recording, by the time of the values
}

// New makes the page; recordings end with ctx.
func New(ctx context.Context, c Car) *Screen {
	return &Screen{car: c, ctx: ctx, board: trace.New(), span: 1, cursor: -1}
}

// Name is the folder.
func (s *Screen) Name() string { return "live" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) {
	s.look = l
	s.cursor = min(s.cursor, s.parts()-1)
	s.fill()
}

// Enter begins to watch when there is a car.
func (s *Screen) Enter(visit context.Context) tea.Cmd {
	s.visit = visit
	s.visits++
	return tea.Batch(s.watch(), s.frame())
}

// row is the signal under the cursor.
func (s *Screen) row() (trace.Row, bool) {
	if i := s.table.Chosen(); i >= 0 && i < len(s.rows) {
		return s.rows[i], true
	}
	return trace.Row{}, false
}

// lines are the signals in the plots, in their order.
func (s *Screen) lines() []trace.Row {
	var out []trace.Row
	for _, r := range s.rows {
		switch {
		case r.Text != "" || r.Count == 0:
		case s.plotted == nil && len(out) < 2, slices.Contains(s.plotted, r.Key):
			out = append(out, r)
		}
	}
	return out
}
