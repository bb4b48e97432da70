package live

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// View draws where the reading stands, and the values below.
func (s *Screen) View() string {
	l := s.look
	if len(s.rows) == 0 {
		return s.empty()
	}
	head := s.status() + "\n"
	switch {
	case l.Linear:
		return s.linear()
	case s.face == gauges:
		return head + "\n" + s.gaugesView()
	case s.face == plots:
		return head + s.plotsView(l.Height-1)
	}
	return head + "\n" + s.table.View(l)
}

func (s *Screen) empty() string {
	l := s.look
	switch {
	case s.failure != nil:
		return widget.Empty(l, l.Width, widget.Clean(s.failure.Error()), widget.Clean(errs.HintOf(s.failure)))
	case !s.link.Up():
		return widget.Empty(l, l.Width, l.T("tui.live.no_car"), l.T("tui.live.no_car_hint"))
	case s.busy:
		return widget.Empty(l, l.Width, l.T("tui.live.scan_first"), l.T("tui.live.scan_first_hint"))
	case s.menu != nil && len(s.menu.Signals) == 0:
		return widget.Empty(l, l.Width, l.T("tui.live.offers_nothing"), "")
	}
	return widget.Empty(l, l.Width, l.T("tui.live.waiting"), l.T("tui.live.waiting_hint"))
}

// status is the line that says how the reading goes: what happened to it comes first.
func (s *Screen) status() string {
	l := s.look
	var left []string
	switch {
	case s.link.State == screen.Lost || s.link.State == screen.Silent:
		left = append(left, widget.Mark(l, theme.Medium, l.T("tui.live.lost", "time", s.clock(s.newest))))
	case s.failure != nil:
		left = append(left, widget.Mark(l, theme.High, widget.Clean(s.failure.Error())))
	case !s.link.Up():
		left = append(left, widget.Mark(l, theme.Note, l.T("tui.live.gone", "time", s.clock(s.newest))))
	case s.busy:
		left = append(left, widget.Mark(l, theme.Note, l.T("tui.live.scan_first")))
	case s.paused:
		at := s.until()
		if s.cursor >= 0 {
			at = s.at(s.cursor)
		}
		left = append(left, l.Paint(theme.Warn, "‖ "+l.T("tui.live.paused", "time", s.clock(at))))
	}
	if s.link.Keeping {
		left = append(left, l.Paint(theme.Bad, l.Theme.Glyphs.On+" "+l.T("tui.live.recording", "time", s.recordedFor())))
	}
	left = append(left, l.Paint(theme.Faint, s.chosenWords()))
	return split(strings.Join(left, "   "), l.Paint(theme.Faint, s.speed()), l.Width)
}

func (s *Screen) chosenWords() string {
	words := s.look.N("tui.live.count", len(s.rows))
	if s.preset != "" {
		words = s.presetTitle(s.preset) + ", " + words
	}
	return words
}

// speed is how fast values come, and how long one takes.
func (s *Screen) speed() string {
	l := s.look
	var parts []string
	if s.face == plots && !l.Linear {
		parts = append(parts, l.T("tui.live.last", "time", short(spans()[s.span])))
	}
	if !s.link.Up() {
		return strings.Join(parts, " · ")
	}
	if s.link.Rate > 0 {
		parts = append(parts, l.T("tui.live.rate", "n", l.Words.Number(s.link.Rate, 0)))
	}
	if s.link.Latency > 0 {
		parts = append(parts, l.Words.Number(float64(s.link.Latency)/float64(time.Millisecond), 0)+" ms")
	}
	return strings.Join(parts, " · ")
}

// recordedFor is how long the recording is by the time of its values.
func (s *Screen) recordedFor() string {
	d := time.Duration(0)
	if !s.began.IsZero() {
		d = max(0, s.board.Newest().Sub(s.began))
	}
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// short writes a span as "30 s", "2 min" or "1 h".
func short(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d >= time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}

// linear is the page for screen readers: the values as of when they were asked for.
func (s *Screen) linear() string {
	l := s.look
	lines := []string{ansi.Strip(s.chosenWords()) + ". " + l.T("tui.live.as_of", "time", s.clock(s.newest))}
	if s.link.Keeping {
		lines = append(lines, l.T("tui.live.recording", "time", ""))
	}
	return strings.Join(lines, "\n") + "\n" + s.table.View(l)
}

// split puts right at the right end; left gives way when both do not fit.
func split(left, right string, width int) string {
	room := width - ansi.StringWidth(right)
	if right == "" || room < 12 {
		return widget.Fit(left, width)
	}
	return widget.Fit(left, room-1) + " " + right
}
