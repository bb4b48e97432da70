// Package tui is the terminal workstation: a frame around screens, which it moves between.
//
// The frame draws title bar, tabs, key foot, toasts, help and palette; it binds keys to the screens' actions and
// carries messages. What a screen is and owes is written in the package [screen]; each stands in a folder below
// it, and cmd hands each the small interfaces that it asks for. The frame waits for nothing: every wait is a
// message.
package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Group is a part of the list of pages.
type Group uint8

// The groups, in their order.
const (
	Car  Group = iota // what is at the adapter now
	Kept              // what was kept
	Desk              // the rest
)

// Page is a screen in its place.
type Page struct {
	Screen screen.Screen
	Key    string // the digit that brings it to the front, "" for none
	Group  Group
}

// Options are what the frame starts with.
type Options struct {
	Pages   []Page
	First   string          // name of the page in front, "" for the first
	Look    screen.Look     // without size and theme
	Theme   string          // one of theme.Names
	ASCII   bool            // the terminal shows no other signs
	Actions []screen.Action // besides those of frame and screens, for the palette
	// Quit ends what runs: recordings are finished in it. The frame closes when it has returned.
	Quit func()
}

// Model is the frame.
type Model struct {
	o         Options
	ctx       context.Context
	pages     []Page
	front     int
	past      []int // pages before, for going back
	leave     context.CancelFunc
	width     int
	height    int
	dark      bool // of the terminal
	theme     string
	look      screen.Look
	overlay   screen.Overlay
	toast     toast
	car       screen.Link
	awaySince time.Time // when the connection was lost
	vehicle   screen.Vehicle
	scan      screen.Scan
	quits     bool
}

// New makes the frame. Commands of screens end with ctx.
func New(ctx context.Context, o Options) *Model {
	m := &Model{o: o, ctx: ctx, pages: o.Pages, look: o.Look, theme: o.Theme, dark: true, leave: func() {}, width: 80, height: 24}
	for i, p := range m.pages {
		if p.Screen.Name() == o.First {
			m.front = i
		}
	}
	m.relook()
	return m
}

// Init asks the terminal for its background, starts what begins with the program and enters the first page.
func (m *Model) Init() tea.Cmd {
	var cmds []tea.Cmd
	for _, p := range m.pages {
		if s, ok := p.Screen.(screen.Starter); ok {
			cmds = append(cmds, s.Start())
		}
	}
	cmds = append(cmds, m.enter())
	if m.theme == "auto" && !m.look.Linear {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// relook hands the look to every screen.
func (m *Model) relook() {
	m.look.Theme = theme.Get(m.theme, m.dark)
	if m.o.ASCII || m.look.Linear {
		m.look.Theme = m.look.Theme.Plain()
	}
	l := m.look
	l.Width, l.Height = m.body()
	for _, p := range m.pages {
		p.Screen.Resize(l)
	}
	m.look = l
}

// enter tells the page in front that it is.
func (m *Model) enter() tea.Cmd {
	if len(m.pages) == 0 {
		return nil
	}
	var ctx context.Context
	ctx, m.leave = context.WithCancel(m.ctx)
	return m.pages[m.front].Screen.Enter(ctx)
}

// turn brings a page to the front.
func (m *Model) turn(to int) tea.Cmd {
	if to == m.front || to < 0 || to >= len(m.pages) {
		return nil
	}
	m.past = append(m.past, m.front)
	if len(m.past) > 50 {
		m.past = m.past[1:]
	}
	return m.show(to)
}

func (m *Model) show(to int) tea.Cmd {
	m.leave()
	m.front, m.overlay = to, nil
	return m.enter()
}

func (m *Model) back() tea.Cmd {
	if len(m.past) == 0 {
		return nil
	}
	to := m.past[len(m.past)-1]
	m.past = m.past[:len(m.past)-1]
	return m.show(to)
}

// find is the index of a page by its screen's name, -1 for none.
func (m *Model) find(name string) int {
	for i, p := range m.pages {
		if p.Screen.Name() == name {
			return i
		}
	}
	return -1
}

// Front is the name of the page in front.
func (m *Model) Front() string { return m.pages[m.front].Screen.Name() }
