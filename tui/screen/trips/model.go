// Package trips is the journeys that were found in readings: a list, and of the one under the cursor its figures, its
// events on a line of time and its speed.
package trips

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/widget"
)

// Keeper has the trips that were kept. A vehicle is named by its id in the garage, all of them by "".
type Keeper interface {
	// KeptTrips gives the newest first.
	KeptTrips(ctx context.Context, vehicle string) ([]Trip, error)
	// TripSpeed is the speed over a trip in km/h, in n buckets; none when no speed was read.
	TripSpeed(ctx context.Context, t fleet.Trip, n int) ([]fleet.Bucket, error)
}

// Trip is one journey.
type Trip struct {
	fleet.Trip
	Vehicle string // what it is called
}

// buckets are as many as the widest plot has columns of dots; narrower ones join them.
const buckets = 480

// Screen is the page.
type Screen struct {
	keeper  Keeper
	visit   context.Context // of the visit, nil before the first
	look    screen.Look
	vehicle screen.Vehicle
	all     bool

	trips   []Trip
	loaded  bool
	failure error
	of      string // the vehicle of what is shown
	list    widget.Table

	speed   []fleet.Bucket // of the trip under the cursor
	speedOf string
	cursor  int // event chosen, -1 for none
}

// New makes the page.
func New(k Keeper) *Screen { return &Screen{keeper: k, cursor: -1} }

// Name is the folder.
func (s *Screen) Name() string { return "trips" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) {
	s.look = l
	s.rows()
}

// Enter reads what was kept.
func (s *Screen) Enter(ctx context.Context) tea.Cmd {
	s.visit = ctx
	return s.load()
}

func (s *Screen) here() bool { return s.visit != nil && s.visit.Err() == nil }

func (s *Screen) which() string {
	if s.all {
		return ""
	}
	return s.vehicle.ID
}

type (
	loadedMsg struct {
		vehicle string
		trips   []Trip
		err     error
	}
	speedMsg struct {
		trip    string
		buckets []fleet.Bucket
		err     error
	}
)

func (s *Screen) load() tea.Cmd {
	vehicle := s.which()
	return screen.Do(s.visit, func(ctx context.Context) ([]Trip, error) { return s.keeper.KeptTrips(ctx, vehicle) },
		func(t []Trip, err error) tea.Msg { return loadedMsg{vehicle, t, err} })
}

// readSpeed reads the speed of the trip under the cursor, once.
func (s *Screen) readSpeed() tea.Cmd {
	t, ok := s.chosen()
	if !ok || t.ID.String() == s.speedOf || !s.here() {
		return nil
	}
	id := t.ID.String()
	s.speed, s.speedOf, s.cursor = nil, id, -1
	return screen.Do(s.visit, func(ctx context.Context) ([]fleet.Bucket, error) { return s.keeper.TripSpeed(ctx, t.Trip, buckets) },
		func(b []fleet.Bucket, err error) tea.Msg { return speedMsg{id, b, err} })
}

func (s *Screen) chosen() (Trip, bool) {
	if i := s.list.Chosen(); i >= 0 && i < len(s.trips) {
		return s.trips[i], true
	}
	return Trip{}, false
}

// Update takes what was kept.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Vehicle:
		other := msg.ID != s.vehicle.ID
		s.vehicle = msg
		if other && s.here() {
			return s.load()
		}
	case loadedMsg:
		return s.take(msg)
	case speedMsg:
		if msg.trip == s.speedOf {
			s.speed = msg.buckets
			return screen.Fail(msg.err)
		}
	case tea.KeyPressMsg, tea.MouseMsg:
		s.list.Update(msg)
		return s.readSpeed()
	}
	return nil
}

func (s *Screen) take(msg loadedMsg) tea.Cmd {
	if msg.vehicle != s.which() {
		return nil // another one is asked for by now
	}
	under, had := s.chosen()
	s.list.Cursor = 0
	if i := slices.IndexFunc(msg.trips, func(t Trip) bool { return t.ID == under.ID }); had && i >= 0 {
		s.list.Cursor = i
	}
	s.loaded, s.failure, s.of, s.trips, s.speedOf = true, msg.err, msg.vehicle, msg.trips, ""
	s.rows()
	return s.readSpeed()
}

// event moves to another event of the trip.
func (s *Screen) event(by int) tea.Cmd {
	if t, ok := s.chosen(); ok && len(t.Events) > 0 {
		s.cursor = max(0, min(s.cursor+by, len(t.Events)-1))
	}
	return nil
}

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.trips.about") }

// Actions are what a person can do here.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	none := ""
	if c, ok := s.chosen(); !ok || len(c.Events) == 0 {
		none = t("tui.trips.no_events")
	}
	scope, short, not := t("tui.history.all"), t("tui.history.all_short"), ""
	if s.all {
		scope, short = t("tui.history.one"), t("tui.history.one_short")
	}
	if s.vehicle.ID == "" {
		not = t("tui.history.is_all")
	}
	return []screen.Action{
		{ID: "trips.next", Title: t("tui.trips.next"), Short: t("tui.trips.next_short"), Keys: []string{"right", "n"}, Not: none, Run: func() tea.Cmd { return s.event(1) }},
		{ID: "trips.previous", Title: t("tui.trips.previous"), Keys: []string{"left", "N"}, Not: none, Run: func() tea.Cmd { return s.event(-1) }},
		{ID: "trips.scope", Title: scope, Short: short, Keys: []string{"a"}, Not: not, Run: func() tea.Cmd {
			s.all = !s.all
			return s.load()
		}},
	}
}
