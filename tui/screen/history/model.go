// Package history is what was kept of the vehicle in view, or of all: its scans, the codes that came and went, and
// what changed between two scans.
package history

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/widget"
)

// Keeper has what was kept. A vehicle is named by its id in the garage, all of them by "".
type Keeper interface {
	// KeptScans and KeptCodes give the newest first.
	KeptScans(ctx context.Context, vehicle string) ([]Scan, error)
	KeptCodes(ctx context.Context, vehicle string) ([]Code, error)
	// OpenScan tells a scan of the past to every screen, and the vehicle that it is of.
	OpenScan(ctx context.Context, id string) error
	// CompareScans holds two scans against each other, the older one first whatever their order here.
	CompareScans(ctx context.Context, one, other string) (compare.Result, error)
	// DeleteScan deletes a scan for good.
	DeleteScan(ctx context.Context, id string) error
}

// Scan is one that was kept.
type Scan struct {
	fleet.ScanInfo
	Vehicle string // what it is called
}

// Code is what became of one trouble code.
type Code struct {
	fleet.CodeHistory
	Vehicle     string // what it is called
	Description string
	Severity    string // the catalogue's word
}

// Screen is the page.
type Screen struct {
	keeper  Keeper
	ctx     context.Context // of the program
	visit   context.Context // of the visit, nil before the first
	look    screen.Look
	vehicle screen.Vehicle
	all     bool // of every vehicle

	scans   []Scan
	codes   []Code
	loaded  bool
	failure error
	of      string // the vehicle of what is shown

	list    widget.Table // of scans
	course  widget.Table // of codes
	inCodes bool         // the codes have the keys
	marked  []string     // ids of scans to compare, two at the most, in the order of marking

	result *compare.Result // the comparison in front, nil for the lists
	top    widget.Scroll   // first line of the comparison shown
}

// New makes the page; what is asked for beyond a visit ends with ctx.
func New(ctx context.Context, k Keeper) *Screen { return &Screen{keeper: k, ctx: ctx} }

// Name is the folder.
func (s *Screen) Name() string { return "history" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) {
	s.look = l
	s.rows()
}

// Enter reads what was kept: it may be more than at the last visit.
func (s *Screen) Enter(ctx context.Context) tea.Cmd {
	s.visit = ctx
	return s.load()
}

// here tells that a person looks at the page.
func (s *Screen) here() bool { return s.visit != nil && s.visit.Err() == nil }

// which is the vehicle that is asked for.
func (s *Screen) which() string {
	if s.all {
		return ""
	}
	return s.vehicle.ID
}

func (s *Screen) load() tea.Cmd {
	vehicle := s.which()
	return screen.Do(s.visit, func(ctx context.Context) (kept, error) {
		scans, err := s.keeper.KeptScans(ctx, vehicle)
		if err != nil {
			return kept{}, err
		}
		codes, err := s.keeper.KeptCodes(ctx, vehicle)
		return kept{scans, codes}, err
	}, func(k kept, err error) tea.Msg { return loadedMsg{vehicle, k, err} })
}

type kept struct {
	scans []Scan
	codes []Code
}

// chosen is the scan under the cursor.
func (s *Screen) chosen() (Scan, bool) {
	if i := s.list.Chosen(); i >= 0 && i < len(s.scans) {
		return s.scans[i], true
	}
	return Scan{}, false
}

// pair are the ids to compare: the marked ones, or the scan under the cursor with the marked one or else with the one
// before it of the same vehicle; nil when there is none.
func (s *Screen) pair() []string {
	if len(s.marked) == 2 {
		return s.marked
	}
	under, ok := s.chosen()
	if !ok {
		return nil
	}
	id := under.ID.String()
	if len(s.marked) == 1 {
		if s.marked[0] == id {
			return nil
		}
		return []string{s.marked[0], id}
	}
	i := slices.IndexFunc(s.scans, func(x Scan) bool { return x.VehicleID == under.VehicleID && x.Started.Before(under.Started) })
	if i < 0 {
		return nil
	}
	return []string{s.scans[i].ID.String(), id}
}
