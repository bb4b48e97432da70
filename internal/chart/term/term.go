// Package term draws charts in a terminal: lines in braille dots, letters as they are, in colour, in plain Unicode, or in
// ASCII alone.
package term

import (
	"io"
	"strings"
	"unicode"

	"github.com/fleetms/obdctl/internal/chart"
)

// Options say what the terminal can do.
type Options struct {
	chart.Options
	Columns, Rows int  // cells; zero means 80, and what the chart wants
	Color         bool // ANSI colours
	ASCII         bool // no letters beyond ASCII
}

// dots of a cell: braille has two beside and four above each other.
const (
	across = 2
	down   = 4
)

// Write draws a chart as lines of text.
func Write(w io.Writer, c *chart.Chart, o Options) error {
	if o.Columns <= 0 {
		o.Columns = 80
	}
	o.Columns = min(o.Columns, 1000)
	if o.Rows <= 0 {
		o.Rows = rows(c, o.Columns)
	}
	o.Rows = min(o.Rows, 1000)
	p := &screen{columns: o.Columns, rows: o.Rows, ascii: o.ASCII, color: o.Color, cells: make([]cell, o.Columns*o.Rows)}
	chart.Draw(p, c, o.Options)
	_, err := io.WriteString(w, p.String())
	return err
}

// metrics are in dots: a letter is as high as a cell.
func metrics() chart.Metrics {
	return chart.Metrics{Text: down, Small: down, Pad: across, Stroke: 1, Coarse: true}
}

// rows is how high a chart wants to be.
func rows(c *chart.Chart, columns int) int {
	if c.Kind == chart.XY || c.Kind == "" {
		return max(columns/5, 12)
	}
	if c.Kind == chart.Dials {
		return 12
	}
	return int(chart.Height(c, metrics(), float64(columns*across)))/down + 1
}

// cell is one place of the screen: dots, or a letter over them.
type cell struct {
	dots   uint8
	ink    chart.Ink
	letter rune
	text   chart.Ink
	wide   bool // the letter takes the next cell too
}

// screen is a canvas of cells.
type screen struct {
	columns, rows int
	ascii, color  bool
	cells         []cell
}

func (p *screen) Size() (width, height float64) {
	return float64(p.columns * across), float64(p.rows * down)
}
func (p *screen) Metrics() chart.Metrics { return metrics() }

func (p *screen) Width(text string, _ chart.Letters) float64 {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return float64(n * across)
}

// runeWidth is how many cells a letter takes.
func runeWidth(r rune) int {
	switch {
	case r < 0x20 || r == 0x7F || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return 0
	case r >= 0x1100 && (r <= 0x115F || r >= 0x2E80 && r <= 0xA4CF || r >= 0xAC00 && r <= 0xD7A3 || r >= 0xF900 && r <= 0xFAFF ||
		r >= 0xFE30 && r <= 0xFE6F || r >= 0xFF00 && r <= 0xFF60 || r >= 0x1F300 && r <= 0x1FAFF || r >= 0x20000):
		return 2
	}
	return 1
}

func (p *screen) Text(at chart.Point, text string, l chart.Letters) {
	x := at.X
	switch l.Align {
	case chart.Center:
		x -= p.Width(text, l) / 2
	case chart.Right:
		x -= p.Width(text, l)
	}
	column, row := int(x/across+0.5), int((at.Y-1)/down)
	for _, r := range text {
		n := runeWidth(r)
		if n == 0 {
			continue
		}
		if row >= 0 && row < p.rows && column >= 0 && column+n <= p.columns {
			c := &p.cells[row*p.columns+column]
			c.letter, c.text, c.wide = p.plain(r), l.Ink, n == 2
		}
		column += n
	}
}

// plain is the letter, or what ASCII has for it.
func (p *screen) plain(r rune) rune {
	if !p.ascii || r < 0x7F {
		return r
	}
	switch r {
	case '−', '–', '—':
		return '-'
	case '…':
		return '.'
	case '\u00a0', '\u202f', '\u2009':
		return ' '
	case '≤':
		return '<'
	case '≥':
		return '>'
	case '→':
		return '>'
	}
	return '?'
}

// String is the screen as lines, without spaces at their ends.
func (p *screen) String() string {
	var b strings.Builder
	for y := range p.rows {
		line := p.cells[y*p.columns : (y+1)*p.columns]
		end := len(line)
		for end > 0 && line[end-1].letter == 0 && line[end-1].dots == 0 {
			end--
		}
		p.line(&b, line[:end])
		b.WriteByte('\n')
	}
	return b.String()
}

func (p *screen) line(b *strings.Builder, line []cell) {
	now := ""
	for i, c := range line {
		if i > 0 && line[i-1].wide && line[i-1].letter != 0 {
			continue
		}
		r, ink := p.rune(c)
		if p.color {
			if code := ansi(ink, r == ' '); code != now {
				b.WriteString("\x1b[" + code + "m")
				now = code
			}
		}
		b.WriteRune(r)
	}
	if now != "" && now != "0" {
		b.WriteString("\x1b[0m")
	}
}

func (p *screen) rune(c cell) (rune, chart.Ink) {
	switch {
	case c.letter != 0:
		return c.letter, c.text
	case c.dots == 0:
		return ' ', chart.Text
	case p.ascii:
		return asciiDots(c.dots), c.ink
	}
	return 0x2800 + rune(c.dots), c.ink
}

// ansi is the colour of an ink among the sixteen that every terminal has.
func ansi(ink chart.Ink, blank bool) string {
	if blank {
		return "0"
	}
	switch ink {
	case chart.GoodInk, chart.Series3, chart.GoodPale:
		return "0;32"
	case chart.WarnInk, chart.Series2, chart.WarnPale:
		return "0;33"
	case chart.BadInk, chart.BadPale:
		return "0;31"
	case chart.Muted, chart.Grid, chart.Track, chart.Pale1, chart.Pale2, chart.Pale3, chart.Pale4, chart.Pale5, chart.Pale6:
		return "0;90"
	case chart.Series1:
		return "0;36"
	case chart.Series4:
		return "0;35"
	case chart.Series5:
		return "0;34"
	}
	return "0"
}
