package codes

import (
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// title is the code in its tone, with badge and lists.
func (s *Screen) title(f screen.Fault, width int) []string {
	l := s.look
	out := paragraph(l, theme.Strong, s.words(f), width)
	state := widget.Badge(l, f.Severity) + l.Paint(theme.Faint, "  "+kinds(l, f))
	return append(out, widget.Fit(state, width))
}

func paragraph(l screen.Look, tone theme.Tone, text string, width int) []string {
	var out []string
	for _, w := range widget.Wrap(widget.Clean(text), width) {
		out = append(out, l.Paint(tone, w))
	}
	return out
}

// short is what fits below a list: words, severity, and what to look at first.
func (s *Screen) short(f screen.Fault, width int) string {
	l := s.look
	e := s.shop.Explain(f.DTC)
	out := s.title(f, width)
	if len(e.Checks) > 0 {
		out = append(out, "", l.Paint(theme.Accent, l.T("tui.codes.checks")))
		out = append(out, points(l, e.Checks, width, true)...)
	}
	if len(e.Causes) > 0 {
		out = append(out, "", l.Paint(theme.Accent, l.T("tui.codes.causes")))
		out = append(out, points(l, e.Causes, width, false)...)
	}
	if len(e.Checks)+len(e.Causes) == 0 {
		out = append(out, paragraph(l, theme.Faint, e.Family, width)...)
	}
	return widget.Panel(l, width, f.Code, l.Paint(theme.Faint, widget.Clean(s.unit(f.ECU))), strings.Join(out, "\n"))
}

// meaning is everything that the catalogue says.
func (s *Screen) meaning(f screen.Fault, width int) string {
	l := s.look
	e := s.shop.Explain(f.DTC)
	out := s.title(f, width)
	part := func(title string, body []string) {
		if len(body) > 0 {
			out = append(out, "", l.Paint(theme.Accent, title))
			out = append(out, body...)
		}
	}
	if e.Failure != "" {
		part(l.T("tui.codes.failure"), paragraph(l, theme.Plain, e.Failure, width))
	}
	if e.Feels != "" {
		part(l.T("tui.codes.feels"), paragraph(l, theme.Plain, e.Feels, width))
	}
	part(l.T("tui.codes.causes"), points(l, e.Causes, width, false))
	part(l.T("tui.codes.checks"), points(l, e.Checks, width, true))
	if e.Note != "" {
		part(l.T("tui.codes.note"), paragraph(l, theme.Plain, e.Note, width))
	}
	out = append(out, "")
	out = append(out, paragraph(l, theme.Faint, e.Family, width)...)
	if !e.Known {
		out = append(out, paragraph(l, theme.Faint, l.T("tui.codes.family_only"), width)...)
	}
	out = append(out, s.asRead(f, width)...)
	return widget.Panel(l, width, f.Code, l.Paint(theme.Faint, widget.Clean(s.unit(f.ECU))), strings.Join(out, "\n"))
}

// asRead are the bytes that stood beside the code, for those who know them.
func (s *Screen) asRead(f screen.Fault, width int) []string {
	l := s.look
	var parts []string
	if f.FailureType != nil {
		parts = append(parts, l.T("tui.codes.byte", "hex", hex(*f.FailureType)))
	}
	if f.Status != nil {
		parts = append(parts, l.T("tui.codes.status", "hex", hex(*f.Status)))
	}
	if f.Class != "" {
		parts = append(parts, l.T("tui.codes.class", "class", f.Class))
	}
	if f.Occurrences != nil {
		parts = append(parts, l.N("tui.codes.times", int(*f.Occurrences)))
	}
	if len(parts) == 0 {
		return nil
	}
	return paragraph(l, theme.Faint, strings.Join(parts, " · "), width)
}

func hex(b uint8) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[b>>4], digits[b&15]})
}

// points lists what is likeliest first with dots, and what is done one after the other with numbers.
func points(l screen.Look, all []string, width int, numbered bool) []string {
	var out []string
	for i, p := range all {
		lead := l.Theme.Glyphs.Point + " "
		if numbered {
			lead = l.Words.Number(float64(i+1), 0) + " "
		}
		for j, w := range widget.Wrap(widget.Clean(p), width-len([]rune(lead))) {
			if j > 0 {
				lead = strings.Repeat(" ", len([]rune(lead)))
			}
			out = append(out, l.Paint(theme.Faint, lead)+w)
		}
	}
	return out
}

// frame is the freeze frame of the code: the moment in which it was set.
func (s *Screen) frame(f screen.Fault, width int) string {
	l := s.look
	i := slices.IndexFunc(s.state.Scan.FreezeFrames, func(x obd.FreezeFrame) bool { return x.ECU == f.ECU && x.Code == f.Code })
	title := l.T("tui.codes.frame")
	if i < 0 {
		text := l.T("tui.codes.no_frame")
		if !s.state.Has(obd.StepFreeze) {
			text = l.T("tui.codes.frame_unread")
		}
		return widget.Panel(l, width, title, "", strings.Join(paragraph(l, theme.Faint, text, width), "\n"))
	}
	var out []string
	for _, r := range s.state.Scan.FreezeFrames[i].Readings {
		if !r.Absent {
			out = append(out, reading(l, r, width))
		}
	}
	return widget.Panel(l, width, title, "", strings.Join(out, "\n"))
}

func reading(l screen.Look, r obd.Reading, width int) string {
	name := widget.Clean(r.Name)
	if name == "" {
		name = r.Signal
	}
	if r.Text != "" {
		room := min(18, width/2)
		return widget.Fit(name, width-room-1) + " " + l.Paint(theme.Strong, widget.Fit(widget.Clean(r.Text), room))
	}
	number, unit := l.Quantity(r.Value, r.Unit)
	return widget.Fit(name, max(width-15, 4)) + " " + l.Paint(theme.Strong, widget.FitRight(number, 8)) + " " + l.Paint(theme.Faint, widget.Fit(unit, 5))
}

// history is what became of the code on this car.
func (s *Screen) history(f screen.Fault, width int) string {
	l := s.look
	past, known := s.past[f.Code]
	if !known {
		return ""
	}
	var out []string
	for _, h := range past {
		if h.ECU != f.ECU {
			continue
		}
		state := widget.Mark(l, theme.Medium, l.T("tui.codes.still"))
		if h.Gone != nil {
			state = widget.Mark(l, theme.Fine, l.T("tui.codes.gone", "date", l.Words.ShortDate(h.Gone.In(l.Zone))))
		}
		seen := l.N("tui.codes.seen", h.Scans, "first", l.Words.ShortDate(h.FirstSeen.In(l.Zone)), "last", l.Words.ShortDate(h.LastSeen.In(l.Zone)))
		out = append(out, widget.Split(l.T("kind."+string(h.Kind)), state, width))
		out = append(out, paragraph(l, theme.Faint, seen, width)...)
	}
	if len(out) == 0 {
		out = paragraph(l, theme.Faint, l.T("tui.codes.first_time"), width)
	}
	return widget.Panel(l, width, l.T("tui.codes.history"), "", strings.Join(out, "\n"))
}
