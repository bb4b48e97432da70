package widget

import (
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Bucket is what a line does within one column of dots. Count 0 is a gap.
type Bucket struct {
	Min, Max, Mean float64
	Count          int
}

// Line is one curve of a [Plot].
type Line struct {
	Tone    theme.Tone
	Buckets []Bucket // the whole width, left to right, as many as [Plot.Buckets]
	Right   bool     // by the right axis
	Sign    string   // one column, drawn where the line ends, so that colour need not tell the lines apart
	// Lo and Hi fix the axis; both zero leave it to the values.
	Lo, Hi float64
}

// Plot draws lines of dots over time, with a scale at the left, and one at the right when a line goes by it.
type Plot struct {
	Width, Height int // with the scales
	Lines         []Line
	Cursor        int   // bucket under the cursor, -1 for none
	Markers       []int // buckets with a mark
	From, To      string
	TwoScales     bool // room for a right scale also where no line goes by it
}

// scaleWidth is the room of a scale's numbers.
const scaleWidth = 7

// Buckets is how many columns of dots the plot has.
func (p *Plot) Buckets() int { return 2 * p.columns() }

func (p *Plot) columns() int {
	n := p.Width - scaleWidth
	if p.hasRight() {
		n -= scaleWidth
	}
	return max(n, 1)
}

func (p *Plot) hasRight() bool {
	if p.TwoScales {
		return true
	}
	for _, l := range p.Lines {
		if l.Right {
			return true
		}
	}
	return false
}

// View draws the plot, exactly Width by Height; the last line holds the ends of the time.
func (p *Plot) View(l screen.Look) string {
	rows := max(p.Height-1, 1)
	grid := newDots(p.columns(), rows)
	left, right := p.axis(false), p.axis(true)
	for i, line := range p.Lines {
		a := left
		if line.Right {
			a = right
		}
		grid.curve(line.Buckets, a, i)
	}
	for i, line := range p.Lines {
		a := left
		if line.Right {
			a = right
		}
		if line.Sign != "" {
			grid.sign(line.Buckets, a, i)
		}
	}
	out := make([]string, 0, rows+1)
	for y := range rows {
		out = append(out, p.line(l, grid, y, rows, left, right))
	}
	foot := blank(scaleWidth) + Split(p.From, p.To, p.columns())
	return strings.Join(append(out, Fit(l.Paint(theme.Faint, foot), p.Width)), "\n")
}

func (p *Plot) line(l screen.Look, grid *dots, y, rows int, left, right axis) string {
	var b strings.Builder
	b.WriteString(l.Paint(theme.Faint, FitRight(left.label(y, rows), scaleWidth-1)) + l.Paint(theme.Rule, l.Theme.Glyphs.Bar))
	run := run{look: l, out: &b}
	for x := range grid.width {
		text, owner := grid.cell(x, y, l.Theme.Glyphs.Dots)
		if n := grid.signed(x, y); n >= 0 {
			text, owner = p.Lines[n].Sign, n
		}
		under := p.Cursor >= 0 && p.Cursor/2 == x
		switch {
		case under && owner < 0:
			run.add(theme.Accent, l.Theme.Glyphs.Bar)
		case under:
			run.end()
			b.WriteString(l.Theme.Style(p.Lines[owner].Tone).Reverse(true).Render(text))
		case owner >= 0:
			run.add(p.Lines[owner].Tone, text)
		case p.marked(x):
			run.add(theme.Warn, l.Theme.Glyphs.Bar)
		default:
			run.add(theme.Plain, " ")
		}
	}
	run.end()
	if p.hasRight() {
		b.WriteString(l.Paint(theme.Rule, l.Theme.Glyphs.Bar) + l.Paint(theme.Faint, Fit(right.label(y, rows), scaleWidth-1)))
	}
	return b.String()
}

// run gathers neighbours of the same tone, so that each change of tone is drawn once.
type run struct {
	look screen.Look
	out  *strings.Builder
	tone theme.Tone
	text []byte
}

func (r *run) add(tone theme.Tone, text string) {
	if tone != r.tone {
		r.end()
		r.tone = tone
	}
	r.text = append(r.text, text...)
}

func (r *run) end() {
	r.out.WriteString(r.look.Paint(r.tone, string(r.text)))
	r.text = r.text[:0]
}

func (p *Plot) marked(x int) bool {
	for _, m := range p.Markers {
		if m/2 == x {
			return true
		}
	}
	return false
}

// axis is what the dots' height means.
type axis struct {
	lo, hi float64
	used   bool
}

func (p *Plot) axis(right bool) axis {
	a := axis{lo: math.Inf(1), hi: math.Inf(-1)}
	for _, line := range p.Lines {
		if line.Right != right {
			continue
		}
		a.used = true
		if line.Lo != 0 || line.Hi != 0 {
			a.lo, a.hi = min(a.lo, line.Lo), max(a.hi, line.Hi)
		}
		for _, b := range line.Buckets {
			if b.Count > 0 {
				a.lo, a.hi = min(a.lo, b.Min), max(a.hi, b.Max)
			}
		}
	}
	return a.nice()
}

// nice widens the axis to round numbers.
func (a axis) nice() axis {
	if !(a.hi >= a.lo) || math.IsInf(a.lo, 0) || math.IsInf(a.hi, 0) {
		return axis{0, 1, a.used}
	}
	if a.hi == a.lo {
		a.lo, a.hi = a.lo-1, a.hi+1
	}
	step := math.Pow(10, math.Floor(math.Log10((a.hi-a.lo)/4)))
	for _, f := range []float64{5, 2.5, 2, 1} {
		if (a.hi-a.lo)/(step*f) >= 3 {
			step *= f
			break
		}
	}
	a.lo, a.hi = math.Floor(a.lo/step)*step, math.Ceil(a.hi/step)*step
	return a
}

// label is the number beside a row: at the ends and in the middle.
func (a axis) label(y, rows int) string {
	if !a.used || y != 0 && y != rows-1 && (rows < 5 || y != rows/2) {
		return ""
	}
	v := a.hi
	switch y {
	case rows - 1:
		v = a.lo
	case rows / 2:
		v = (a.lo + a.hi) / 2
	}
	text := short(v)
	if ansi.StringWidth(text) > scaleWidth-1 {
		return "…"
	}
	return text
}
