package tui

import (
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// titleBar says whose tool, which car, and how the connection is.
func (m *Model) titleBar() string {
	l := m.look
	name := l.Paint(theme.BarMark, " obdctl ")
	right := l.Paint(theme.Bar, " ") + m.linkBadge() + l.Paint(theme.Bar, " ")
	room := m.width - ansi.StringWidth(name) - ansi.StringWidth(right)
	return name + l.Paint(theme.Bar, widget.Fit(m.vehicleWords(room), max(room, 0))) + right
}

func (m *Model) vehicleWords(room int) string {
	v := m.vehicle
	if v.Title == "" {
		return ""
	}
	text := "  " + widget.Clean(v.Title)
	for _, more := range []string{v.About, v.VIN} {
		if more == "" || strings.Contains(text, more) {
			continue
		}
		if longer := text + "  ·  " + widget.Clean(more); ansi.StringWidth(longer) <= room {
			text = longer
		}
	}
	return text
}

// linkBadge is a lamp with a word, and what is worth knowing of a working connection.
func (m *Model) linkBadge() string {
	l, g := m.look, m.look.Theme.Glyphs
	lamp, tone := g.Off, theme.BarDim
	switch m.car.State {
	case screen.Connected:
		lamp, tone = g.On, theme.Good
	case screen.Connecting:
		lamp, tone = g.Half, theme.Accent
	case screen.Lost, screen.Silent:
		lamp, tone = g.Half, theme.Warn
	case screen.Failed:
		lamp, tone = g.Off, theme.Bad
	}
	paint := l.Theme.Style(theme.Bar)
	if l.Theme.Colors && tone != theme.BarDim && l.Theme.Name != "contrast" {
		paint = paint.Foreground(l.Theme.Style(tone).GetForeground())
	}
	words := m.linkWords()
	if m.width < 60 {
		words, _, _ = strings.Cut(words, "  ")
	}
	return paint.Render(lamp) + l.Paint(theme.Bar, " "+words)
}

// linkWords say how the connection is.
func (m *Model) linkWords() string {
	l, c := m.look, m.car
	switch c.State {
	case screen.Connecting:
		return l.T("tui.shell.connecting")
	case screen.Lost:
		return l.T("tui.shell.lost", "try", c.Try)
	case screen.Silent:
		return l.T("tui.shell.silent")
	case screen.Failed:
		return l.T("tui.shell.failed")
	case screen.Unplugged:
		return l.T("tui.shell.unplugged")
	}
	parts := []string{l.T("tui.shell.connected")}
	if c.Protocol != 0 && m.width >= 76 {
		parts = append(parts, c.Protocol.String())
	}
	if c.Volts > 0 {
		parts = append(parts, l.Words.Number(c.Volts, 1)+" V")
	}
	if c.Latency > 0 && m.width >= 90 {
		parts = append(parts, l.Words.Number(float64(c.Latency)/float64(time.Millisecond), 0)+" ms")
	}
	if c.Keeping {
		parts = append(parts, l.T("tui.shell.keeping"))
	}
	return strings.Join(parts, "  ")
}

// tab is a page's place on the tab line.
type tab struct{ page, from, until int }

// tabs lays the pages out on one line; those around the page in front are shown when not all fit.
func (m *Model) tabs() []tab {
	width := func(i int) int { return ansi.StringWidth(m.tabText(i)) }
	first, last, used := m.front, m.front, width(m.front)
	for grown := true; grown; {
		grown = false
		if last+1 < len(m.pages) && used+width(last+1) <= m.width-2 {
			last++
			used += width(last)
			grown = true
		}
		if first > 0 && used+width(first-1) <= m.width-2 {
			first--
			used += width(first)
			grown = true
		}
	}
	var out []tab
	x := 1
	for i := first; i <= last; i++ {
		out = append(out, tab{i, x, x + width(i)})
		x += width(i)
	}
	return out
}

func (m *Model) tabText(i int) string {
	if key := m.pages[i].Key; key != "" {
		return " " + key + " " + m.title(i) + " "
	}
	return " " + m.title(i) + " "
}

func (m *Model) tabLine() string {
	l := m.look
	all := m.tabs()
	line := " "
	if len(all) > 0 && all[0].page > 0 {
		line = l.Paint(theme.Faint, l.Theme.Glyphs.Left)
	}
	for _, t := range all {
		text := m.tabText(t.page)
		if t.page == m.front {
			line += l.Theme.Over(theme.Strong).Render(text)
			continue
		}
		line += l.Paint(theme.Faint, text)
	}
	if n := len(all); n > 0 && all[n-1].page < len(m.pages)-1 {
		line = widget.Fit(line, m.width-1) + l.Paint(theme.Faint, l.Theme.Glyphs.Right)
	}
	return widget.Fit(line, m.width)
}
