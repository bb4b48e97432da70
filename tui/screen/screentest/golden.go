// Package screentest shows screens the way a person sees them, for tests: whole, in every size and theme.
package screentest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/tui"
	"github.com/fleetms/obdctl/tui/screen"
)

var update = flag.Bool("update", false, "write the golden views anew")

// Sizes are those that every screen is looked at in: the classic terminal, a wide one, and a small one.
func Sizes() [][2]int { return [][2]int{{80, 24}, {120, 40}, {40, 20}} }

// Look is a look in English, metric units and UTC.
func Look() screen.Look {
	return screen.Look{Words: lang.English(), Zone: time.UTC}
}

// Frame puts a screen alone into the workstation's frame, in a size and a theme, and hands it messages.
func Frame(t *testing.T, s screen.Screen, width, height int, theme string, linear bool, feed ...tea.Msg) *tui.Model {
	t.Helper()
	look := Look()
	look.Linear = linear
	m := tui.New(t.Context(), tui.Options{Pages: []tui.Page{{Screen: s, Key: "1"}}, Look: look, Theme: theme})
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	for _, msg := range feed {
		m.Update(msg)
	}
	return m
}

// Golden holds a screen in a state against testdata/<state>.golden, which has one view for every size and theme, and
// one for screen readers. It also holds what every view owes: no line is wider than the terminal, there are not more
// lines than it has, and all themes show the same signs, so that colour never says anything alone.
func Golden(t *testing.T, state string, build func() screen.Screen, feed ...tea.Msg) {
	t.Helper()
	var out strings.Builder
	for _, size := range Sizes() {
		plain := ""
		for _, theme := range []string{"none", "dark", "light", "contrast"} {
			view := Frame(t, build(), size[0], size[1], theme, false, feed...).View().Content
			fits(t, view, size, theme)
			bare := ansi.Strip(view)
			if plain == "" {
				plain = bare
			} else if diff := cmp.Diff(plain, bare); diff != "" {
				t.Errorf("%dx%d: %s shows other signs than none (-none +%s):\n%s", size[0], size[1], theme, theme, diff)
			}
			section(&out, fmt.Sprintf("%dx%d %s", size[0], size[1], theme), view)
		}
	}
	view := Frame(t, build(), 80, 24, "none", true, feed...).View().Content
	section(&out, "linear", view)
	compare(t, filepath.Join("testdata", state+".golden"), out.String())
}

func section(out *strings.Builder, title, view string) {
	fmt.Fprintf(out, "=== %s\n", title)
	for line := range strings.SplitSeq(view, "\n") {
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func fits(t *testing.T, view string, size [2]int, theme string) {
	t.Helper()
	lines := strings.Split(view, "\n")
	if len(lines) != size[1] {
		t.Errorf("%dx%d %s: %d lines", size[0], size[1], theme, len(lines))
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > size[0] {
			t.Errorf("%dx%d %s: line %d is %d columns wide: %q", size[0], size[1], theme, i+1, w, ansi.Strip(line))
		}
	}
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; 'go test -update' makes it, then look at it", err)
	}
	if string(want) == got {
		return
	}
	a, b := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		var wl, gl string
		if i < len(a) {
			wl = a[i]
		}
		if i < len(b) {
			gl = b[i]
		}
		if wl != gl {
			t.Fatalf("%s:%d\n got %q\nwant %q\n'go test -update' writes it anew", path, i+1, gl, wl)
		}
	}
}
