package main

import (
	"encoding/csv"
	"fmt"
	"slices"
	"time"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/obd"
)

// liveFace shows samples as they come.
type liveFace interface {
	sample(at time.Time, readings []obd.Reading, p *diag.Poller) error
	end(p *diag.Poller) error
}

func (a *app) liveFace(f liveFlags) liveFace {
	switch {
	case a.flags.json:
		return &liveLines{app: a}
	case f.csv:
		return &liveCSV{out: csv.NewWriter(a.out)}
	case isTerminal(a.out) && a.getenv("TERM") != "dumb":
		return &liveTable{app: a}
	}
	return &livePlain{app: a}
}

// liveReading is one line of `live --json` (docs/schema.md, obdctl.reading/1).
type liveReading struct {
	Schema string `json:"schema"`
	obd.Reading
}

type liveLines struct{ app *app }

func (l *liveLines) sample(_ time.Time, readings []obd.Reading, _ *diag.Poller) error {
	for _, r := range readings {
		if err := writeLine(l.app.out, liveReading{"obdctl.reading/1", r}); err != nil {
			return err
		}
	}
	return nil
}

func (l *liveLines) end(*diag.Poller) error { return nil }

type liveCSV struct {
	out    *csv.Writer
	headed bool
}

func (l *liveCSV) sample(_ time.Time, readings []obd.Reading, _ *diag.Poller) error {
	if !l.headed {
		l.headed = true
		_ = l.out.Write([]string{"time", "ecu", "signal", "value", "unit"}) // out.Error returns it below
	}
	for _, r := range readings {
		_ = l.out.Write([]string{r.At.Format(time.RFC3339Nano), r.ECU.String(), r.Signal, value(r), r.Unit})
	}
	l.out.Flush()
	return l.out.Error()
}

func (l *liveCSV) end(*diag.Poller) error { return nil }

// livePlain writes a line per value, for files and terminals that cannot move the cursor.
type livePlain struct{ app *app }

func (l *livePlain) sample(at time.Time, readings []obd.Reading, _ *diag.Poller) error {
	for _, r := range readings {
		number, symbol := text.Quantity(r.Value, r.Unit, l.app.imperial())
		if r.Text != "" {
			number, symbol = text.Printable(r.Text), ""
		}
		if _, err := fmt.Fprintf(l.app.out, "%s %s %s %s\n", at.In(localZone()).Format("15:04:05.000"), r.Signal, number, symbol); err != nil {
			return err
		}
	}
	return nil
}

func (l *livePlain) end(p *diag.Poller) error {
	l.app.notice(false, totals(p))
	return nil
}

// liveTable keeps the latest value of each signal on the screen and writes the table over, ten times a
// second at the most: more cannot be read.
type liveTable struct {
	app    *app
	latest []obd.Reading
	drawn  time.Time
	lines  int
}

const redraw = 100 * time.Millisecond

func (l *liveTable) sample(at time.Time, readings []obd.Reading, p *diag.Poller) error {
	for _, r := range readings {
		i := slices.IndexFunc(l.latest, func(o obd.Reading) bool { return o.Signal == r.Signal && o.ECU == r.ECU })
		if i < 0 {
			l.latest = append(l.latest, r)
			continue
		}
		l.latest[i] = r
	}
	if at.Sub(l.drawn) < redraw {
		return nil
	}
	l.drawn = at
	return l.draw(p)
}

func (l *liveTable) draw(p *diag.Poller) error {
	page := text.NewPage(l.app.width())
	several := severalECUs(l.latest)
	page.Table(0, text.ReadingRows(l.latest, l.app.imperial(), several))
	page.Line(0, text.T(text.Faint, "%s, Ctrl-C ends", totals(p)))
	if l.lines > 0 {
		if _, err := fmt.Fprintf(l.app.out, "\x1b[%dA\x1b[J", l.lines); err != nil {
			return err
		}
	}
	page.Cut()
	l.lines = page.Lines()
	_, err := page.WriteTo(l.app.colored(l.app.out))
	return err
}

func (l *liveTable) end(p *diag.Poller) error {
	return l.draw(p)
}

// totals says how fast the line carries what was asked for.
func totals(p *diag.Poller) string {
	var perSecond float64
	var latency time.Duration
	rates := p.Rates()
	for _, r := range rates {
		perSecond += r.Achieved
		latency += r.Latency
	}
	if len(rates) == 0 {
		return "no values yet"
	}
	return fmt.Sprintf("%.1f PIDs/s, %s from request to answer", perSecond, (latency / time.Duration(len(rates))).Round(100*time.Microsecond))
}
