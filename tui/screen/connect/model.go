package connect

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/widget"
)

// Screen is the page.
type Screen struct {
	adapters Adapters
	ctx      context.Context // of the program: a connection outlives the visit
	visit    context.Context // of the time in front; nil before the first
	look     screen.Look
	first    string // address that is opened with the program

	sights []Sight // with an address, best first; the demo car is last
	blind  []Sight
	table  widget.Table

	link    screen.Link
	trying  string // address that is being opened, "" for none
	stop    context.CancelFunc
	spin    int
	said    []Said
	failure error // of the last attempt
	card    *Card // of the row under the cursor
	cardOf  string
}

// New makes the page. A first address is opened with the program; commands end with ctx.
func New(ctx context.Context, a Adapters, first string) *Screen {
	s := &Screen{adapters: a, ctx: ctx, first: first}
	if d := a.Demos(); len(d) > 0 {
		s.sights = []Sight{{Address: d[0].Address, Medium: mediumDemo, Name: d[0].Title, About: d[0].About}}
	}
	s.table.Columns = []widget.Column{
		{Title: "", Flex: true}, {Title: "", Max: 14}, {Title: "", Max: 30, Drop: 2}, {Title: "", Max: 14, Drop: 1},
	}
	s.table.Bare = true
	return s
}

const (
	mediumDemo = "demo"
	anywhere   = "auto" // the address of a search
)

// Name is the folder.
func (s *Screen) Name() string { return "connect" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) {
	s.look = l
	s.rows()
}

// Enter starts to look for adapters until the page is left.
func (s *Screen) Enter(ctx context.Context) tea.Cmd {
	s.visit = ctx
	return screen.Start(ctx, s.adapters.Look)
}

// Start opens the address that a person named, whatever page is in front.
func (s *Screen) Start() tea.Cmd {
	if s.first == "" {
		return nil
	}
	return s.connect(s.first)
}

// inFront tells that a person looks at the page.
func (s *Screen) inFront() bool { return s.visit != nil && s.visit.Err() == nil }

// chosen is the sight under the cursor.
func (s *Screen) chosen() (Sight, bool) {
	if i := s.table.Chosen(); i >= 0 && i < len(s.sights) {
		return s.sights[i], true
	}
	return Sight{}, false
}

// take adds what came into sight, or changes what is known of it.
func (s *Screen) take(found Sight) {
	if found.Blind != nil {
		s.blind = slices.DeleteFunc(s.blind, func(b Sight) bool { return b.Medium == found.Medium })
		s.blind = append(s.blind, found)
		return
	}
	under, had := s.chosen()
	i := slices.IndexFunc(s.sights, func(k Sight) bool { return k.Address == found.Address })
	switch {
	case i >= 0 && found.Gone && s.sights[i].Last.IsZero():
		s.sights = slices.Delete(s.sights, i, i+1)
	case i >= 0:
		if found.Last.IsZero() {
			found.Last = s.sights[i].Last
		}
		found.Name, found.About = cmp.Or(found.Name, s.sights[i].Name), cmp.Or(found.About, s.sights[i].About)
		s.sights[i] = found
	case !found.Gone:
		s.sights = append(s.sights, found)
	}
	slices.SortStableFunc(s.sights, better)
	if had && s.table.Cursor > 0 { // stay on what a person chose; the top stays the top
		s.table.Cursor = max(0, slices.IndexFunc(s.sights, func(k Sight) bool { return k.Address == under.Address }))
	}
	s.rows()
}

// better puts what was used last first, then what looks like an adapter, the demo car at the end.
func better(a, b Sight) int {
	rank := func(x Sight) int {
		switch {
		case x.Medium == mediumDemo:
			return 4
		case x.Address == anywhere:
			return 3
		case x.Gone:
			return 2
		case !x.Last.IsZero():
			return 0
		case x.Likely:
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), b.Last.Compare(a.Last), cmp.Compare(a.Address, b.Address))
}
