// Package garage is the page of the vehicles that are known: in what state each was last seen, found as a person types, added
// by its VIN, and opened with its last scan.
package garage

import (
	"context"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/widget"
)

// Keeper has the vehicles. Each is named by its id.
type Keeper interface {
	// Garage gives all vehicles, the last scanned first, those that never were behind.
	Garage(ctx context.Context) ([]Vehicle, error)
	// OpenVehicle tells a vehicle and its last scan to every screen.
	OpenVehicle(ctx context.Context, id uuid.UUID) error
	// DecodeVIN says what a VIN tells, as a person typed it; it takes no time.
	DecodeVIN(vin string) obd.Vehicle
	// AddVehicle adds one by its VIN.
	AddVehicle(ctx context.Context, vin string) (fleet.Vehicle, error)
}

// Vehicle is one vehicle with its last scan, nil when there was none.
type Vehicle struct {
	fleet.Vehicle
	Last *fleet.ScanInfo
}

// Screen is the page.
type Screen struct {
	keeper Keeper
	ctx    context.Context // of the program: a vehicle that is being opened outlives the visit
	visit  context.Context // of the visit, nil before the first
	look   screen.Look
	link   screen.Link
	atPlug screen.Vehicle // the vehicle at the adapter
	busy   bool           // the car is being read

	all     []Vehicle
	found   []Vehicle // those that the search leaves, in the order of the rows
	loaded  bool
	failure error
	table   widget.Table
	search  textinput.Model
	want    uuid.UUID // comes under the cursor with the next list
}

// New makes the page; commands end with ctx.
func New(ctx context.Context, k Keeper) *Screen {
	s := &Screen{keeper: k, ctx: ctx, search: textinput.New(), table: widget.Table{Bare: true}}
	s.search.Prompt, s.search.CharLimit = "", 80
	return s
}

// Name is the folder.
func (s *Screen) Name() string { return "garage" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) {
	s.look = l
	s.fill()
}

// Enter reads what is known.
func (s *Screen) Enter(ctx context.Context) tea.Cmd {
	s.visit = ctx
	return s.load()
}

// Typing tells that letters go into the search.
func (s *Screen) Typing() bool { return s.search.Focused() }

func (s *Screen) here() bool { return s.visit != nil && s.visit.Err() == nil }

func (s *Screen) load() tea.Cmd {
	return screen.Do(s.visit, s.keeper.Garage, func(v []Vehicle, err error) tea.Msg { return loadedMsg{v, err} })
}

// chosen is the vehicle under the cursor.
func (s *Screen) chosen() (Vehicle, bool) {
	if i := s.table.Chosen(); i >= 0 && i < len(s.found) {
		return s.found[i], true
	}
	return Vehicle{}, false
}

// sift takes what the search leaves, and keeps the vehicle under the cursor there.
func (s *Screen) sift() {
	id := s.want
	if v, ok := s.chosen(); ok && id == uuid.Nil {
		id = v.ID
	}
	words := strings.Fields(strings.ToLower(s.search.Value()))
	s.found = s.found[:0]
	for _, v := range s.all {
		if v.has(words) {
			s.found = append(s.found, v)
		}
	}
	s.table.Cursor = max(0, slices.IndexFunc(s.found, func(v Vehicle) bool { return v.ID == id }))
	s.fill()
}

// has tells that every word is somewhere in what is written of the vehicle. Nobody knows where the blanks of a plate
// are, so that words also find it without.
func (v Vehicle) has(words []string) bool {
	text := strings.ToLower(strings.Join([]string{v.Label, v.Plate, v.VIN, v.Maker, v.Model, v.Engine, year(v.ModelYear), v.ID.String()}, "\n"))
	closed := strings.ReplaceAll(text, " ", "")
	for _, w := range words {
		if !strings.Contains(text, w) && !strings.Contains(closed, w) {
			return false
		}
	}
	return true
}
