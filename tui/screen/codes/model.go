// Package codes is the page of trouble codes: every list of every control unit, and for the code under the cursor what it
// means, what may cause it, what to check, the freeze frame that was kept with it, and what became of it on this car.
package codes

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/widget"
)

// Explanation is what is known of a code beyond its words.
type Explanation struct {
	Description string
	Known       bool   // false: only the family is known
	Family      string // "powertrain, generic (SAE J2012): ignition system or misfire"
	Failure     string // what a failure type byte means
	Feels       string // what the driver notices
	Causes      []string
	Checks      []string
	Note        string
}

// Shop explains codes, remembers them and clears them.
type Shop interface {
	// Explain looks a code up; it takes no time.
	Explain(d obd.DTC) Explanation
	// Past is when the code was there on a vehicle of the garage, in any list and control unit.
	Past(ctx context.Context, vehicle, code string) ([]fleet.CodeHistory, error)
	// Standstill tells whether codes may be cleared: an error says why not. known is false when the car does not tell whether
	// its engine runs.
	Standstill(ctx context.Context) (known bool, err error)
	// Clear reads everything, saves it, clears the codes and reads everything again. anyway says that a person has
	// looked where the car does not tell whether its engine runs.
	Clear(ctx context.Context, anyway bool) (Cleared, error)
}

// Cleared is what came of clearing.
type Cleared struct {
	Done  int    // control units that did it
	Saved string // where the scan from before is
}

// Screen is the page.
type Screen struct {
	shop    Shop
	ctx     context.Context // of the program: clearing outlives the visit
	look    screen.Look
	link    screen.Link
	vehicle screen.Vehicle
	state   screen.Scan

	faults []screen.Fault // in the order of the rows
	rows   []int          // of each row the index of its fault, -1 for a head
	table  widget.Table
	past   map[string][]fleet.CodeHistory // by code, of this vehicle
	asked  map[string]bool                // whose past is read

	clearing bool
	open     bool          // the code under the cursor has the whole page
	top      widget.Scroll // first line of it
}

// New makes the page; what it starts ends with ctx.
func New(ctx context.Context, s Shop) *Screen {
	p := &Screen{shop: s, ctx: ctx}
	p.table = widget.Table{Bare: true}
	p.forget()
	return p
}

// Name is the folder.
func (s *Screen) Name() string { return "codes" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) {
	s.look = l
	s.fill()
}

// Enter reads what became of the code under the cursor.
func (s *Screen) Enter(context.Context) tea.Cmd { return s.remember() }

func (s *Screen) forget() {
	s.past, s.asked = map[string][]fleet.CodeHistory{}, map[string]bool{}
}

// arrange orders the faults by control unit, each with the worst first.
func (s *Screen) arrange() {
	chosen, had := s.chosen()
	s.faults = nil
	if s.state.Scan != nil {
		all := screen.Faults(s.state.Scan.Codes)
		for _, ecu := range s.units(all) {
			for _, f := range all {
				if f.ECU == ecu {
					s.faults = append(s.faults, f)
				}
			}
		}
	}
	s.fill()
	if !had {
		return
	}
	for row, i := range s.rows {
		if i >= 0 && s.faults[i].Code == chosen.Code && s.faults[i].ECU == chosen.ECU {
			s.table.Cursor = row
			s.table.Move(0)
			return
		}
	}
}

// units are the control units that have codes, in the order in which the worst code of each stands.
func (s *Screen) units(all []screen.Fault) []obd.Address {
	var out []obd.Address
	for _, f := range all {
		if !slices.Contains(out, f.ECU) {
			out = append(out, f.ECU)
		}
	}
	return out
}

// chosen is the fault under the cursor.
func (s *Screen) chosen() (screen.Fault, bool) {
	row := s.table.Chosen()
	if row < 0 || row >= len(s.rows) || s.rows[row] < 0 {
		return screen.Fault{}, false
	}
	return s.faults[s.rows[row]], true
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
