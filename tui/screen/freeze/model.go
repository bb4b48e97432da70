// Package freeze is the page of freeze frames: for each control unit the moments that it kept when it set a code, with every
// value of the one under the cursor.
package freeze

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// Screen is the page.
type Screen struct {
	look  screen.Look
	link  screen.Link
	state screen.Scan

	frames []obd.FreezeFrame // in the order of the rows
	rows   []int             // of each row the index of its frame, -1 for a head
	table  widget.Table
	top    int // first line of the values
}

// New makes the page.
func New() *Screen { return &Screen{table: widget.Table{Bare: true}} }

// Name is the folder.
func (s *Screen) Name() string { return "freeze" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) {
	s.look = l
	s.fill()
}

// Enter has nothing to begin: what there is to see came with the scan.
func (s *Screen) Enter(context.Context) tea.Cmd { return nil }

// arrange orders the frames by control unit, in the order in which the units told them, and stays with the frame in view.
func (s *Screen) arrange() {
	before, had := s.chosen()
	s.frames = nil
	if s.state.Scan != nil {
		s.frames = byUnit(s.state.Scan.FreezeFrames)
	}
	s.fill()
	if !had {
		return
	}
	for row, i := range s.rows {
		if i >= 0 && same(s.frames[i], before) {
			s.table.Move(row - s.table.Cursor)
			return
		}
	}
	s.top = 0
}

func same(a, b obd.FreezeFrame) bool { return a.ECU == b.ECU && a.Index == b.Index && a.Code == b.Code }

func byUnit(all []obd.FreezeFrame) []obd.FreezeFrame {
	var units []obd.Address
	for _, f := range all {
		if !slices.Contains(units, f.ECU) {
			units = append(units, f.ECU)
		}
	}
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b obd.FreezeFrame) int { return slices.Index(units, a.ECU) - slices.Index(units, b.ECU) })
	return out
}

// chosen is the frame under the cursor.
func (s *Screen) chosen() (obd.FreezeFrame, bool) {
	row := s.table.Chosen()
	if row < 0 || row >= len(s.rows) || s.rows[row] < 0 {
		return obd.FreezeFrame{}, false
	}
	return s.frames[s.rows[row]], true
}

// fault is what the scan says of the code that a frame was kept for. A code that was erased since is only its name.
func (s *Screen) fault(f obd.FreezeFrame) screen.Fault {
	for _, d := range screen.Faults(s.state.Scan.Codes) {
		if d.Code == f.Code && d.ECU == f.ECU {
			return d
		}
	}
	return screen.Fault{DTC: obd.DTC{Code: f.Code, ECU: f.ECU}, Severity: theme.Unsure}
}

// unit is what a control unit is called.
func (s *Screen) unit(a obd.Address) string {
	for _, e := range s.state.Scan.ECUs {
		if e.Address == a && e.Name != "" {
			return a.String() + "  " + e.Name
		}
	}
	return a.String()
}
