package settings_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/screen/settings"
	"github.com/fleetms/obdctl/tui/theme"
)

// desk keeps settings in memory.
type desk struct {
	by      string // wins over the theme
	empty   bool   // nothing was kept
	refuses error
	saved   []string
	theme   string
}

func (d *desk) Settings(context.Context) ([]settings.Setting, error) {
	look := settings.Setting{Name: "theme", Value: "dark", Origin: "file", Saved: d.theme, Choices: theme.Names()}
	if d.by != "" {
		look.By, look.Origin = d.by, "environment"
	}
	return []settings.Setting{
		look,
		{Name: "units", Value: "metric", Origin: "default", Choices: []string{"metric", "imperial"}},
		{Name: "language", Value: "en", Origin: "default", Choices: []string{"en", "de", "es", "fr"}},
		{Name: "zone", Origin: "default"},
		{Name: "linear", Value: "false", Origin: "default", Choices: []string{"false", "true"}},
		{Name: "adapter", Value: "sim:", Origin: "flag", By: "--adapter", Later: true},
		{Name: "db", Origin: "default", Later: true},
	}, nil
}

func (d *desk) Save(_ context.Context, name, value string) error {
	if d.refuses == nil {
		d.saved = append(d.saved, name+"="+value)
	}
	return d.refuses
}

func (d *desk) Check(_, value string) error {
	if strings.Contains(value, "Mars") {
		return errors.New("not on Earth")
	}
	return nil
}

func (d *desk) Kept(context.Context) (settings.Kept, error) {
	return settings.Kept{Path: "/home/ada/.local/share/obdctl/obdctl.db", Exists: !d.empty, Size: "1.4 MB", Vehicles: 4, Scans: 31, Readings: 184230}, nil
}

// page is a page in front that has read the settings.
func page(t *testing.T, d *desk) *settings.Screen {
	p := settings.New(t.Context(), d)
	look := screentest.Look()
	look.Theme, look.Width, look.Height = theme.Get("none", true), 80, 20
	p.Resize(look)
	screentest.Run(t, p.Enter(t.Context()), p.Update)
	return p
}

func TestViews(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		screentest.Golden(t, "list", func() screen.Screen { return page(t, &desk{theme: "dark"}) })
		screentest.Golden(t, "overridden", func() screen.Screen { return page(t, &desk{by: "OBDCTL_THEME", theme: "light"}) })
		screentest.Golden(t, "empty", func() screen.Screen { return page(t, &desk{empty: true}) }, screentest.Press("end"))
	})
}

// run runs the action and returns what it asks of the frame.
func run(t *testing.T, p *settings.Screen, id string) (asked []tea.Msg) {
	t.Helper()
	for _, a := range p.Actions() {
		if a.ID == id {
			screentest.Run(t, a.Run(), func(m tea.Msg) tea.Cmd {
				asked = append(asked, m)
				return p.Update(m)
			})
			return asked
		}
	}
	t.Fatalf("there is no action %s", id)
	return nil
}

func toast(all []tea.Msg) (last screen.ToastMsg) {
	for _, m := range all {
		if toast, ok := m.(screen.ToastMsg); ok {
			last = toast
		}
	}
	return last
}

func TestThePaletteSaves(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		d := &desk{}
		got := toast(run(t, page(t, d), "settings.units.imperial"))
		if len(d.saved) != 1 || d.saved[0] != "units=imperial" || got.Text != "Units: imperial. Saved." {
			t.Errorf("saved %v, told %q", d.saved, got.Text)
		}
	})
}

func TestWhatWinsOverTheFileIsNamed(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		got := toast(run(t, page(t, &desk{by: "OBDCTL_THEME"}), "settings.theme.light"))
		if got.Severity != theme.Medium || !strings.Contains(got.Text, "OBDCTL_THEME wins") {
			t.Errorf("told %+v", got)
		}
	})
}

func TestARefusalIsTold(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		got := toast(run(t, page(t, &desk{refuses: errors.New("write configuration: read-only")}), "settings.theme.dark"))
		if got.Severity != theme.High || !strings.Contains(got.Text, "read-only") {
			t.Errorf("told %+v", got)
		}
	})
}

func TestEnterAsksForText(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		d := &desk{}
		p := page(t, d)
		for range 3 {
			p.Update(screentest.Press("down"))
		}
		asked := run(t, p, "settings.change")
		if len(asked) != 1 {
			t.Fatalf("asked %v", asked)
		}
		field := asked[0].(screen.OverlayMsg).Overlay
		field.Update(tea.PasteMsg{Content: "Mars/Olympus"})
		if done, _ := field.Update(screentest.Press("enter")); done || len(d.saved) != 0 {
			t.Error("a zone that is not known was taken")
		}
		for range "Mars/Olympus" {
			field.Update(screentest.Press("backspace"))
		}
		field.Update(tea.PasteMsg{Content: "Europe/Berlin"})
		done, cmd := field.Update(screentest.Press("enter"))
		screentest.Run(t, cmd, p.Update)
		if !done || len(d.saved) != 1 || d.saved[0] != "zone=Europe/Berlin" {
			t.Errorf("done %v, saved %v", done, d.saved)
		}
	})
}
