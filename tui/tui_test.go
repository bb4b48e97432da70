package tui_test

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/tui"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/theme"
)

// page is a screen that tells what happens to it.
type page struct {
	name   string
	look   screen.Look
	visit  context.Context
	got    []tea.Msg
	did    int
	not    string
	typing bool
}

func (p *page) Name() string                      { return p.name }
func (p *page) Resize(l screen.Look)              { p.look = l }
func (p *page) Enter(ctx context.Context) tea.Cmd { p.visit = ctx; return nil }
func (p *page) Update(m tea.Msg) tea.Cmd          { p.got = append(p.got, m); return nil }
func (p *page) View() string                      { return "this is " + p.name }
func (p *page) Help() string                      { return "all about " + p.name }
func (p *page) Typing() bool                      { return p.typing }
func (p *page) Actions() []screen.Action {
	return []screen.Action{{ID: p.name + ".do", Title: "Do the " + p.name + " thing", Short: "do", Keys: []string{"x"}, Not: p.not,
		Run: func() tea.Cmd { p.did++; return nil }}}
}

// frame is a workstation of two pages that is driven by keys.
type frame struct {
	t    *testing.T
	m    *tui.Model
	a, b *page
	quit int
}

func newFrame(t *testing.T, width, height int) *frame {
	f := &frame{t: t, a: &page{name: "connect"}, b: &page{name: "overview"}}
	f.m = tui.New(t.Context(), tui.Options{
		Pages: []tui.Page{{Screen: f.a, Key: "1"}, {Screen: f.b, Key: "2"}}, Look: screentest.Look(), Theme: "none",
		Quit: func() { f.quit++ },
	})
	f.run(f.m.Init())
	f.send(tea.WindowSizeMsg{Width: width, Height: height})
	return f
}

func (f *frame) run(cmd tea.Cmd) {
	screentest.Run(f.t, cmd, func(m tea.Msg) tea.Cmd { _, cmd := f.m.Update(m); return cmd })
}

func (f *frame) send(m tea.Msg) { _, cmd := f.m.Update(m); f.run(cmd) }

func (f *frame) keys(keys ...string) {
	for _, k := range keys {
		f.send(screentest.Press(k))
	}
}

func (f *frame) view() string { return ansi.Strip(f.m.View().Content) }

func (f *frame) shows(text string) {
	f.t.Helper()
	if !strings.Contains(f.view(), text) {
		f.t.Errorf("%q is not on the screen:\n%s", text, f.view())
	}
}

func TestMovingBetweenPages(t *testing.T) { screentest.Test(t, testMovingBetweenPages) }

func testMovingBetweenPages(t *testing.T) {
	f := newFrame(t, 80, 24)
	f.shows("this is connect")
	f.keys("2")
	f.shows("this is overview")
	if f.a.visit.Err() == nil {
		t.Error("the visit of the page that was left goes on")
	}
	f.keys("esc")
	f.shows("this is connect")
	f.keys("tab")
	f.shows("this is overview")
	f.send(tea.MouseClickMsg{X: 4, Y: 1, Button: tea.MouseLeft})
	f.shows("this is connect")
}

func TestTheRailIsClicked(t *testing.T) { screentest.Test(t, testTheRailIsClicked) }

func testTheRailIsClicked(t *testing.T) {
	f := newFrame(t, 130, 40)
	f.send(tea.MouseClickMsg{X: 5, Y: 4, Button: tea.MouseLeft})
	f.shows("this is overview")
}

func TestKeysAreActions(t *testing.T) { screentest.Test(t, testKeysAreActions) }

func testKeysAreActions(t *testing.T) {
	f := newFrame(t, 80, 24)
	f.keys("x")
	if f.a.did != 1 || f.b.did != 0 {
		t.Errorf("did %d and %d", f.a.did, f.b.did)
	}
	f.a.not = "the engine runs"
	f.keys("x")
	if f.a.did != 1 {
		t.Error("an action that cannot be done now was done")
	}
	f.shows("the engine runs")
	f.a.typing = true
	f.keys("q", "2", "x")
	f.shows("this is connect")
	if f.quit != 0 {
		t.Error("a letter that was typed ended the program")
	}
}

func TestThePaletteReachesEveryPage(t *testing.T) { screentest.Test(t, testThePaletteReachesEveryPage) }

func testThePaletteReachesEveryPage(t *testing.T) {
	f := newFrame(t, 80, 24)
	f.keys("ctrl+p")
	f.shows("Do the connect thing")
	for _, r := range "overview thing" {
		if r == ' ' {
			f.keys("space")
			continue
		}
		f.keys(string(r))
	}
	f.keys("enter")
	f.shows("this is overview")
}

func TestHelpNamesEveryKey(t *testing.T) { screentest.Test(t, testHelpNamesEveryKey) }

func testHelpNamesEveryKey(t *testing.T) {
	f := newFrame(t, 80, 24)
	f.keys("?")
	f.shows("all about connect")
	f.shows("Do the connect thing")
	f.keys("?")
	f.shows("this is connect")
}

func TestAQuestionIsAskedBeforeItMatters(t *testing.T) {
	screentest.Test(t, testAQuestionIsAskedBeforeItMatters)
}

func testAQuestionIsAskedBeforeItMatters(t *testing.T) {
	f := newFrame(t, 80, 24)
	done := 0
	ask := screen.AskMsg{Title: "Clear?", Text: "It erases evidence.", Yes: "Clear 3 codes", Danger: true, Run: func() tea.Cmd { done++; return nil }}
	f.send(ask)
	f.shows("It erases evidence.")
	f.keys("enter")
	if done != 0 {
		t.Fatal("enter alone cleared")
	}
	f.send(ask)
	f.keys("right", "enter")
	if done != 1 {
		t.Error("the chosen deed was not done")
	}
	ask.Word = "CLEAR"
	f.send(ask)
	f.keys("right", "enter")
	if done != 1 {
		t.Error("done without the word")
	}
	f.keys("C", "L", "E", "A", "R", "enter")
	if done != 2 {
		t.Error("not done with the word")
	}
}

func TestWhatTheCarTellsReachesEveryPage(t *testing.T) {
	screentest.Test(t, testWhatTheCarTellsReachesEveryPage)
}

func testWhatTheCarTellsReachesEveryPage(t *testing.T) {
	f := newFrame(t, 80, 24)
	f.send(screentest.Link())
	f.send(screentest.Vehicle())
	f.shows("Blue Focus")
	f.shows("connected")
	if len(f.a.got) != len(f.b.got) || len(f.b.got) < 2 {
		t.Errorf("pages got %d and %d messages", len(f.a.got), len(f.b.got))
	}
}

func TestAToastIsUndone(t *testing.T) { screentest.Test(t, testAToastIsUndone) }

func testAToastIsUndone(t *testing.T) {
	f := newFrame(t, 80, 24)
	undone := 0
	f.send(screen.ToastMsg{Severity: theme.Fine, Text: "the note was deleted", Undo: func() tea.Cmd { undone++; return nil }})
	f.shows("the note was deleted")
	f.keys("u", "u")
	if undone != 1 {
		t.Errorf("undone %d times", undone)
	}
}

func TestCtrlCEndsWhateverIsThere(t *testing.T) { screentest.Test(t, testCtrlCEndsWhateverIsThere) }

func testCtrlCEndsWhateverIsThere(t *testing.T) {
	f := newFrame(t, 80, 24)
	f.keys(":", "ctrl+c")
	if f.quit != 1 {
		t.Error("what runs was not finished")
	}
	_, cmd := f.m.Update(screentest.Press("ctrl+c"))
	if cmd == nil {
		t.Fatal("the second ctrl+c does nothing")
	}
	if _, ok := cmd().(tea.QuitMsg); !ok {
		t.Error("the second ctrl+c does not end at once")
	}
}

// TestEverySizeIsWhole resizes through everything from a postage stamp to a wall.
func TestEverySizeIsWhole(t *testing.T) { screentest.Test(t, testEverySizeIsWhole) }

func testEverySizeIsWhole(t *testing.T) {
	f := newFrame(t, 80, 24)
	f.m.Update(screentest.Link())
	f.m.Update(screentest.Vehicle())
	for width := 1; width < 200; width += 3 {
		for _, height := range []int{1, 3, 6, 10, 24, 60} {
			f.m.Update(tea.WindowSizeMsg{Width: width, Height: height})
			f.m.Update(screentest.Press("?"))
			_ = f.m.View()
			f.m.Update(screentest.Press("?"))
			view := f.m.View().Content
			for i, line := range strings.Split(view, "\n") {
				if w := ansi.StringWidth(line); w > width {
					t.Fatalf("%dx%d: line %d is %d columns wide", width, height, i+1, w)
				}
			}
		}
	}
}
