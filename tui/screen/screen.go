// Package screen is the contract between the workstation and its screens.
//
// A screen is a folder tui/screen/<name>. It owns its messages, its help and its actions, and it defines the
// small interfaces that it needs from the car or from what was kept; cmd implements them. It never sees an
// adapter, a protocol or a store, and it reads results as words of internal/obd, internal/fleet,
// internal/assess and internal/compare.
//
// # How a screen lives
//
// All screens are made at the start and live as long as the program, so that what a person typed or chose is
// still there when they come back. Making one is cheap: it reads nothing.
//
//   - [Screen.Resize] hands it the [Look]: size of its body, theme, words, units. It comes before the first View and
//     whenever one of them changes.
//   - [Screen.Enter] says that it is in front; its context ends when the screen is left. What only matters while
//     someone looks (a search for adapters, live values) is started there.
//   - [Screen.Update] gets keys and mouse only while the screen is in front and no overlay covers it. Every other
//     message goes to every screen: the types of a screen's own messages are unexported, so nobody else takes
//     them, and what the car tells all ([Link], [Scan], [Vehicle]) reaches whoever wants it.
//   - [Screen.View] draws the body and nothing else: exactly what fits into Look.Width and Look.Height. Title bar,
//     key foot, toasts, help and palette are the frame's.
//
// # Actions
//
// Whatever a person can do is an [Action]: the frame binds its keys, shows it at the foot, in the help and in
// the command palette. Update thus handles only what moves a cursor and what types text. A screen that has a text
// field in focus says so by [Typer]; it then gets every key but ctrl+c and ctrl+p.
//
// # Waiting
//
// Update and View never wait. Whatever may take longer than a map lookup is a tea.Cmd, made by [Do] (one answer),
// [Start] (many answers) or by hand. Each takes the context of [Screen.Enter], or the program's for work that
// must outlive the visit, such as a scan.
//
// # What a screen asks of the frame
//
// By messages from a command: [Go], [Back], [Toast], [Fail], [Ask], [Overlay].
package screen

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// Screen is one page of the workstation.
type Screen interface {
	// Name is the screen's folder and the prefix of its messages: "codes".
	Name() string
	Resize(Look)
	Enter(ctx context.Context) tea.Cmd
	Update(tea.Msg) tea.Cmd
	View() string
	Actions() []Action
	// Help says in one or two sentences what the screen is for; the keys follow from the actions.
	Help() string
}

// Starter is a screen that begins something with the program, whether it is in front or not.
type Starter interface {
	// Start is called once, before the first Enter.
	Start() tea.Cmd
}

// Typer is a screen with a text field.
type Typer interface {
	// Typing tells that a text field is in focus: letters and digits are text then, not keys.
	Typing() bool
}

// Action is something that a person can do.
type Action struct {
	ID    string   // "codes.clear"; the same for as long as the program lives
	Title string   // in the help and the palette: "Clear trouble codes"
	Short string   // at the foot: "clear"; "" leaves it out there
	Keys  []string // as tea writes them, the first is shown: "c", "enter", "ctrl+r"; none: palette only
	// Not says why it cannot be done now; "" when it can. Such an action is shown faint, and choosing it tells why.
	Not string
	Run func() tea.Cmd
}
