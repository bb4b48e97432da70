package main

import (
	"cmp"
	"io"
	"strings"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/chart/png"
	"github.com/fleetms/obdctl/internal/chart/svg"
	"github.com/fleetms/obdctl/internal/chart/term"
)

// pictureWay settles where a chart goes before anything is read.
func (a *app) pictureWay(f plotFlags) (func(*chart.Chart) error, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	common := chart.Options{Zone: localZone()}
	var write func(io.Writer, *chart.Chart) error
	switch pictureEnding(f.out) {
	case "png":
		write = func(w io.Writer, c *chart.Chart) error {
			return png.Write(w, c, png.Options{Options: common, Width: f.width, Height: f.height, Dark: f.dark})
		}
	case "svg":
		write = func(w io.Writer, c *chart.Chart) error {
			return svg.Write(w, c, svg.Options{Options: common, Width: float64(f.width), Height: float64(f.height)})
		}
	default:
		return func(c *chart.Chart) error {
			ascii := f.ascii || a.plainTerminal()
			if ascii {
				withoutSigns(c)
			}
			return term.Write(a.colored(a.out), c, term.Options{Options: common, Columns: cmp.Or(f.width, a.width()), Rows: f.height, Color: true, ASCII: ascii})
		}, nil
	}
	return func(c *chart.Chart) error {
		err := toFile(f.out, func(w io.Writer) error { return write(w, c) })
		if err == nil {
			a.notice(true, "wrote "+f.out)
		}
		return err
	}, nil
}

// plainTerminal tells that the environment names a character set without braille (POSIX.1, 8.2), or a terminal
// without anything.
func (a *app) plainTerminal() bool {
	if a.getenv("TERM") == "dumb" {
		return true
	}
	locale := strings.ToUpper(cmp.Or(a.getenv("LC_ALL"), a.getenv("LC_CTYPE"), a.getenv("LANG")))
	return locale != "" && !strings.Contains(strings.ReplaceAll(locale, "-", ""), "UTF8")
}

// withoutSigns leaves the degree sign out of units: "C" is understood, "?C" is not.
func withoutSigns(c *chart.Chart) {
	c.Y.Unit = strings.ReplaceAll(c.Y.Unit, "°", "")
	if c.Y2 != nil {
		c.Y2.Unit = strings.ReplaceAll(c.Y2.Unit, "°", "")
	}
}
