package console

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// draw is one line with what came of it, in lines that fit the page.
func (s *Screen) draw(e *entry) []string {
	l := s.look
	said := l.Paint(theme.Accent, l.Theme.Glyphs.Point) + " " + l.Paint(theme.Strong, widget.Clean(e.line))
	when := ""
	switch {
	case e.busy:
		when = l.T("tui.console.waiting")
	case !e.got.At.IsZero():
		took := l.Words.Number(float64(e.got.Took)/float64(time.Millisecond), 0) + " ms"
		when = e.got.At.In(l.Zone).Format(time.TimeOnly) + "  " + took
	}
	out := []string{widget.Split(said, l.Paint(theme.Faint, when), l.Width)}
	for _, a := range e.got.Answers {
		out = append(out, s.answer(a)...)
	}
	return append(out, s.failure(e.err)...)
}

// answer is what one control unit said: its bytes, and what they mean.
func (s *Screen) answer(a Answer) []string {
	l := s.look
	name := a.ECU.String()
	lead := max(len(name), 3) + 4 // two blanks before it and two behind
	var out []string
	for i, line := range widget.Wrap(bytesOf(a.Data), max(l.Width-lead, 2)) {
		head := strings.Repeat(" ", lead)
		if i == 0 {
			head = "  " + l.Paint(theme.Info, widget.Fit(name, lead-4)) + "  "
		}
		out = append(out, head+line)
	}
	return append(out, s.meaning(a, lead)...)
}

// bytesOf writes bytes as people read them, in pairs of digits; of a very long answer the beginning.
func bytesOf(data []byte) string {
	more := ""
	if len(data) > maxBytes {
		data, more = data[:maxBytes], " …"
	}
	digits := strings.ToUpper(hex.EncodeToString(data))
	var b strings.Builder
	for i := 0; i < len(digits); i += 2 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(digits[i : i+2])
	}
	return b.String() + more
}

func (s *Screen) meaning(a Answer, lead int) []string {
	l := s.look
	var out []string
	say := func(text string) { out = append(out, s.indent(text, lead)...) }
	for _, r := range a.Readings {
		say(s.reading(r))
	}
	for _, d := range a.Codes {
		severity := theme.SeverityOf(d.Severity)
		code := l.Paint(severity.Tone(), severity.Glyph(l.Theme.Glyphs)+" "+widget.Clean(d.Code))
		say(code + " " + widget.Clean(d.Description) + l.Paint(theme.Faint, " ("+l.T("kind."+string(d.Kind))+")"))
	}
	if a.noCodes() {
		say(l.N("tui.console.codes", 0))
	}
	for _, m := range a.Monitors {
		say(s.monitors(m))
	}
	for _, t := range a.Tests {
		say(s.test(t))
	}
	if a.Bitmap {
		ids := make([]string, len(a.IDs))
		for i, id := range a.IDs {
			ids[i] = fmt.Sprintf("%02X", id)
		}
		say(l.Paint(theme.Faint, l.N("tui.console.supports", len(ids))) + " " + strings.Join(ids, " "))
	}
	for _, line := range s.inUse(a.InUse) {
		say(line)
	}
	for _, f := range a.Facts {
		say(widget.Clean(f))
	}
	if a.Negative != "" {
		say(widget.Mark(l, theme.Medium, widget.Clean(a.Negative)))
	}
	if a.Wrong != "" {
		say(widget.Mark(l, theme.Unsure, widget.Clean(a.Wrong)))
	}
	return out
}

// noCodes tells a list of trouble codes (services 03, 07 and 0A of SAE J1979) that was read and is empty.
func (a Answer) noCodes() bool {
	if len(a.Data) == 0 || len(a.Codes) > 0 || a.Wrong != "" {
		return false
	}
	list := obd.Service(a.Data[0] &^ 0x40)
	return list == obd.ServiceStoredCodes || list == obd.ServicePendingCodes || list == obd.ServicePermanent
}

func (s *Screen) reading(r obd.Reading) string {
	l := s.look
	name := r.Name
	if name == "" {
		name = r.Signal
	}
	name = widget.Clean(name) + "  "
	switch {
	case r.Absent:
		return name + l.Paint(theme.Faint, l.T("tui.console.absent"))
	case r.Text != "":
		return name + l.Paint(theme.Strong, widget.Clean(r.Text))
	}
	number, unit := l.Quantity(r.Value, r.Unit)
	return name + l.Paint(theme.Strong, number) + " " + l.Paint(theme.Faint, unit)
}

func (s *Screen) monitors(m obd.MonitorStatus) string {
	l := s.look
	open := 0
	for _, x := range m.Monitors {
		if x.Supported && !x.Complete {
			open++
		}
	}
	lamp := l.T("tui.console.lamp_off")
	if m.MIL {
		lamp = l.T("tui.console.lamp_on")
	}
	return lamp + ", " + l.N("tui.console.codes", m.Codes) + ", " + l.N("tui.console.open", open)
}

// inUse is how often each monitor ran, of how often it could have.
func (s *Screen) inUse(u *obd.InUse) []string {
	if u == nil {
		return nil
	}
	l := s.look
	count := func(n uint16) string { return l.Words.Number(float64(n), 0) }
	out := []string{l.T("tui.console.cycles", "cycles", count(u.IgnitionCycles), "conditions", count(u.Conditions))}
	for _, c := range u.Counters {
		ran := l.T("tui.console.ran", "times", count(c.Completions), "of", count(c.Conditions))
		out = append(out, widget.Clean(c.ID+"  "+c.Name)+"  "+l.Paint(theme.Strong, ran))
	}
	return out
}

func (s *Screen) test(t obd.MonitorTest) string {
	l := s.look
	name := strings.TrimSpace(widget.Clean(t.Name) + " " + widget.Clean(t.TestName))
	if t.MID != nil && name == "" {
		name = fmt.Sprintf("MID %02X TID %02X", *t.MID, t.TID)
	}
	switch {
	case t.NotRun:
		return name + "  " + l.Paint(theme.Faint, l.T("tui.console.not_run"))
	case !t.Passed:
		name = widget.Mark(l, theme.High, name)
	default:
		name = widget.Mark(l, theme.Fine, name)
	}
	number, unit := l.Quantity(t.Value, t.Unit)
	return name + "  " + l.Paint(theme.Strong, number) + " " + l.Paint(theme.Faint, unit)
}

// failure says why nothing came, or why a line was not sent, and what to do instead.
func (s *Screen) failure(err error) []string {
	if err == nil {
		return nil
	}
	l := s.look
	what, hint := widget.Clean(err.Error()), widget.Clean(errs.HintOf(err))
	severity := theme.High
	if r, ok := errors.AsType[*Refusal](err); ok {
		severity = theme.Medium
		service := fmt.Sprintf("%02X", uint8(r.Service))
		key := [...]string{"tui.console.changes", "tui.console.programs", "tui.console.adapter"}[r.Why]
		what = l.T(key, "service", service)
		if r.Command != "" {
			hint = l.T("tui.console.instead", "command", widget.Clean(r.Command))
		}
	}
	out := s.indent(widget.Mark(l, severity, what), 2)
	if hint != "" {
		out = append(out, s.indent(l.Paint(theme.Faint, hint), 4)...)
	}
	return out
}

// indent breaks a text into lines of the page that begin so many columns in.
func (s *Screen) indent(text string, lead int) []string {
	lead = min(lead, s.look.Width/2)
	var out []string
	for line := range strings.SplitSeq(ansi.Wrap(text, max(s.look.Width-lead, 1), ""), "\n") {
		out = append(out, strings.Repeat(" ", lead)+line)
	}
	return out
}
