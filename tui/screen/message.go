package screen

import (
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/theme"
)

// GoMsg asks the frame to bring a screen to the front.
type GoMsg struct{ Name string }

// BackMsg asks the frame for the screen before this one.
type BackMsg struct{}

// ToastMsg is a line that the frame shows for a few seconds.
type ToastMsg struct {
	Severity theme.Severity
	Text     string
	Hint     string // what to do next; it keeps the toast up longer
	Undo     func() tea.Cmd
}

// AskMsg asks a person before something that matters is done. Only what cannot be undone is worth it.
type AskMsg struct {
	Title, Text string   // Text may have several lines
	Points      []string // the consequences, one a line
	Yes         string   // names the deed: "Clear 3 codes", never "OK"
	Danger      bool
	Word        string // must be typed before Yes can be chosen; "" for none
	Run         func() tea.Cmd
}

// OverlayMsg covers the body with a model of the screen's own, such as a picker; nil takes it away.
type OverlayMsg struct{ Overlay Overlay }

// Overlay is drawn over a screen and gets every key while it is there.
type Overlay interface {
	// Update returns done when the overlay is to be taken away.
	Update(tea.Msg) (done bool, cmd tea.Cmd)
	// View draws it for a body of this look; the frame puts it in the middle.
	View(Look) string
}

func send(m tea.Msg) tea.Cmd { return func() tea.Msg { return m } }

// Go brings a screen to the front.
func Go(name string) tea.Cmd { return send(GoMsg{name}) }

// Back returns to the screen before.
func Back() tea.Cmd { return send(BackMsg{}) }

// Toast tells something in passing.
func Toast(s theme.Severity, text string) tea.Cmd { return send(ToastMsg{Severity: s, Text: text}) }

// Undoable tells that something was done, and how it is undone.
func Undoable(text string, undo func() tea.Cmd) tea.Cmd {
	return send(ToastMsg{Severity: theme.Fine, Text: text, Undo: undo})
}

// Fail tells an error with its hint. What a person cancelled is no error.
func Fail(err error) tea.Cmd {
	if err == nil || errs.KindOf(err) == errs.Cancelled {
		return nil
	}
	return send(ToastMsg{Severity: theme.High, Text: err.Error(), Hint: errs.HintOf(err)})
}

// Ask asks before something is done.
func Ask(a AskMsg) tea.Cmd { return send(a) }

// Open covers the screen with an overlay.
func Open(o Overlay) tea.Cmd { return send(OverlayMsg{o}) }
