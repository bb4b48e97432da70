// Package settings is the page of what is set once: each setting with its value, where it comes from and what it may be.
// A change is written into the configuration file and holds at once where it can. The page also tells what is kept on
// this computer, and that nothing leaves it.
package settings

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/widget"
)

// Setting is one thing that can be set.
type Setting struct {
	Name    string // as in the configuration file
	Value   string // that holds now, "" for the program's own choice
	Origin  string // of Value: "flag", "environment", "file" or "default"
	By      string // the flag or variable that wins over the file, "" for none
	Saved   string // what the file holds
	Choices []string
	Later   bool // a change holds from the next start on
}

// Kept is what stands on this computer.
type Kept struct {
	Path                      string
	Exists                    bool
	Encrypted                 bool
	Size                      string // for people, with its unit
	Vehicles, Scans, Readings int64
}

// Desk reads and writes settings.
type Desk interface {
	// Settings are those of the workstation, in the order of the page.
	Settings(ctx context.Context) ([]Setting, error)
	// Save writes one into the configuration file and lets it hold at once; an empty value removes it.
	Save(ctx context.Context, name, value string) error
	// Check says what is wrong with a value before it is saved.
	Check(name, value string) error
	// Kept looks at the database.
	Kept(ctx context.Context) (Kept, error)
}

// Screen is the page.
type Screen struct {
	desk    Desk
	ctx     context.Context // of the program: what is being saved outlives the visit
	look    screen.Look
	all     []Setting
	kept    *Kept // nil until it was read
	keptErr error
	table   widget.Table
}

// New makes the page; what it starts ends with ctx.
func New(ctx context.Context, d Desk) *Screen {
	s := &Screen{desk: d, ctx: ctx}
	s.table = widget.Table{Bare: true}
	return s
}

// Name is the folder.
func (s *Screen) Name() string { return "settings" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) {
	s.look = l
	s.fill()
}

// Enter reads the settings and looks at the database: both change while the program runs.
func (s *Screen) Enter(ctx context.Context) tea.Cmd {
	return tea.Batch(s.read(ctx), screen.Do(ctx, s.desk.Kept, func(k Kept, err error) tea.Msg { return keptMsg{k, err} }))
}

func (s *Screen) read(ctx context.Context) tea.Cmd {
	return screen.Do(ctx, s.desk.Settings, func(all []Setting, err error) tea.Msg { return settingsMsg{all, err} })
}

// chosen is the setting under the cursor.
func (s *Screen) chosen() (Setting, bool) {
	if i := s.table.Chosen(); i >= 0 && i < len(s.all) {
		return s.all[i], true
	}
	return Setting{}, false
}
