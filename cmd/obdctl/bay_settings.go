package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/config"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/sqlite"
	"github.com/fleetms/obdctl/tui"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/settings"
)

// desk is where the workstation's settings are read and written. It has the configuration for itself: that of the bay
// belongs to the bay's goroutine and is changed there.
type desk struct {
	bay *bay

	mu   sync.Mutex
	conf config.Loaded
}

func (b *bay) desk() *desk { return &desk{bay: b, conf: b.app.conf} }

// Settings are those of the page, each with what the file holds beside what holds now.
func (d *desk) Settings(context.Context) (out []settings.Setting, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	file := config.Loaded{Origins: map[string]config.Origin{}}
	if d.conf.Exists {
		if file, err = config.Load(d.conf.Path, func(string) string { return "" }, nil); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	for _, name := range []string{"theme", "units", "language", "zone", "linear", "adapter", "db"} {
		def, err := config.Find(name)
		if err != nil {
			return nil, err
		}
		s := settings.Setting{Name: name, Value: d.conf.Value(name), Origin: string(d.conf.Origins[name]), Choices: def.Allowed, Later: name == "adapter" || name == "db"}
		if def.Bool {
			s.Choices = []string{"false", "true"}
		}
		if file.Origins[name] == config.FromFile {
			s.Saved = file.Value(name)
		}
		switch d.conf.Origins[name] {
		case config.FromFlag:
			s.By = "--" + name
		case config.FromEnvironment:
			s.By = def.Env()
		}
		if name == "theme" {
			d.uncoloured(&s)
		}
		out = append(out, s)
	}
	return out, nil
}

// uncoloured tells of what takes the colours away whatever theme is set.
func (d *desk) uncoloured(s *settings.Setting) {
	if s.Origin == string(config.FromFlag) || d.theme() != "none" || s.Value == "none" {
		return
	}
	s.Value, s.Origin, s.By = "none", string(config.FromEnvironment), "NO_COLOR"
	if d.conf.Color == "never" {
		s.Origin, s.By = string(d.conf.Origins["color"]), "color: never"
	}
}

// theme is the one that holds. The caller holds the lock.
func (d *desk) theme() string {
	a := app{getenv: d.bay.app.getenv, conf: d.conf}
	a.flags.color = d.conf.Color
	flag := ""
	if d.conf.Origins["theme"] == config.FromFlag {
		flag = d.conf.Theme
	}
	return a.theme(workFlags{theme: flag})
}

// Check says what is wrong with a value.
func (d *desk) Check(name, value string) error {
	switch name {
	case "zone":
		if _, err := time.LoadLocation(value); err != nil {
			return errs.New(errs.Usage, "zone %q is not known", value)
		}
	case "adapter":
		if value != "" {
			return d.bay.Check(value)
		}
	}
	return nil
}

// Save writes a setting into the file, reads the configuration as a start does, and lets it hold.
func (d *desk) Save(ctx context.Context, name, value string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := config.Set(d.conf.Path, name, value); err != nil {
		return err
	}
	given := map[string]any{}
	for setting, from := range d.conf.Origins {
		if from == config.FromFlag {
			given[setting] = d.conf.Value(setting)
		}
	}
	conf, err := config.Load(d.conf.Path, d.bay.app.getenv, given)
	if err != nil {
		return err
	}
	look, err := (&app{conf: conf, flags: flags{units: conf.Units}}).look()
	if err != nil {
		return err
	}
	d.conf = conf
	theme := d.theme()
	d.bay.tell(tui.SetMsg{Theme: &theme, Look: func(l *screen.Look) {
		l.Words, l.Imperial, l.Zone, l.Linear = look.Words, look.Imperial, look.Zone, look.Linear
	}})
	go func() { _ = d.bay.do(d.bay.ctx, func(context.Context) error { d.bay.take(conf); return nil }) }() // fails only when the bay is closed
	return nil
}

// take lets the bay work by new settings; the database that is open stays the one.
func (b *bay) take(conf config.Loaded) {
	c := &b.app.conf
	c.Theme, c.Units, c.Language, c.Zone, c.Linear = conf.Theme, conf.Units, conf.Language, conf.Zone, conf.Linear
	b.app.flags.units = conf.Units
}

// Kept looks at the database that is in use.
func (d *desk) Kept(ctx context.Context) (settings.Kept, error) {
	a := d.bay.app
	k := settings.Kept{Path: a.database()}
	if _, err := os.Stat(k.Path); errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	e, err := a.engine(ctx, k.Path)
	if err != nil {
		return k, err
	}
	i, err := sqlite.Look(ctx, k.Path, e, false)
	if err != nil {
		return k, err
	}
	k.Exists, k.Encrypted, k.Size = true, i.Encrypted, text.Bytes(i.Bytes)
	k.Vehicles, k.Scans, k.Readings = i.Counts["vehicles"], i.Counts["scans"], i.Readings
	return k, nil
}
