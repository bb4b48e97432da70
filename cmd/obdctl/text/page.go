// Package text writes documents as a person reads them in a terminal: sections, aligned columns, one
// colour per meaning and always a word or a sign beside it.
package text

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Tone is what a piece of text means; the page chooses colour and weight.
type Tone uint8

// The tones.
const (
	Plain Tone = iota
	Strong
	Faint
	Good
	Warn
	Bad
)

// ANSI base colours follow the person's own terminal theme, so light and dark both stay readable.
var tones = map[Tone]lipgloss.Style{
	Plain:  lipgloss.NewStyle(),
	Strong: lipgloss.NewStyle().Bold(true),
	Faint:  lipgloss.NewStyle().Faint(true),
	Good:   lipgloss.NewStyle().Foreground(lipgloss.Green),
	Warn:   lipgloss.NewStyle().Foreground(lipgloss.Yellow),
	Bad:    lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true),
}

// Cell is text with a tone.
type Cell struct {
	Text  string
	Tone  Tone
	Right bool // align to the right, for numbers
}

// C returns a plain cell.
func C(format string, args ...any) Cell { return Cell{Text: sprint(format, args)} }

// T returns a cell of a tone.
func T(tone Tone, format string, args ...any) Cell {
	return Cell{Text: sprint(format, args), Tone: tone}
}

// R returns a plain cell aligned to the right.
func R(format string, args ...any) Cell { return Cell{Text: sprint(format, args), Right: true} }

func sprint(format string, args []any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// Page collects a document and writes it at once, so that a broken pipe or a cancel never leaves half a line.
type Page struct {
	width int
	lines []string
}

// NewPage returns a page of width columns; 0 means no limit.
func NewPage(width int) *Page { return &Page{width: width} }

// WriteTo writes the page.
func (p *Page) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, strings.Join(p.lines, "\n")+"\n")
	return int64(n), err
}

// Section starts a block with a heading and an optional remark behind it.
func (p *Page) Section(title string, remark ...Cell) {
	if len(p.lines) > 0 {
		p.lines = append(p.lines, "")
	}
	var line strings.Builder
	line.WriteString(tones[Strong].Render(Printable(strings.ToUpper(title))))
	for _, r := range remark {
		line.WriteString("  " + render(r))
	}
	p.lines = append(p.lines, line.String())
}

// Line adds one line of cells, separated by single blanks and wrapped at the page's width under indent columns.
func (p *Page) Line(indent int, cells ...Cell) {
	margin := strings.Repeat(" ", indent)
	line, used := margin, indent
	for _, c := range cells {
		run := Cell{Tone: c.Tone}
		for w := range strings.FieldsSeq(c.Text) {
			width := lipgloss.Width(w)
			switch {
			case used == indent:
			case p.width > 0 && used+1+width > p.width:
				p.lines = append(p.lines, line+render(run))
				line, used, run.Text = margin, indent, ""
			case run.Text == "":
				line, used = line+" ", used+1
			default:
				run.Text, used = run.Text+" ", used+1
			}
			run.Text, used = run.Text+w, used+width
		}
		line += render(run)
	}
	p.lines = append(p.lines, strings.TrimRight(line, " "))
}

// Table adds rows with aligned columns, two blanks between them. The last column wraps within the
// page's width, on lines of its own where the others leave it too little; no other one is ever cut.
func (p *Page) Table(indent int, rows [][]Cell) {
	widths := columnWidths(rows)
	below := p.below(indent, widths, rows)
	for _, row := range rows {
		var b strings.Builder
		b.WriteString(strings.Repeat(" ", indent))
		used := indent
		for i, c := range row {
			if i == len(row)-1 && !c.Right {
				if below && len(row) == len(widths) && c.Text != "" {
					p.lines = append(p.lines, strings.TrimRight(b.String(), " "))
					used = indent + belowIndent
					b.Reset()
					b.WriteString(strings.Repeat(" ", used))
				}
				p.lastColumn(&b, c, used)
				break
			}
			pad := strings.Repeat(" ", max(0, widths[i]-lipgloss.Width(c.Text)))
			if c.Right {
				b.WriteString(pad + render(c))
			} else {
				b.WriteString(render(c) + pad)
			}
			if i < len(row)-1 {
				b.WriteString("  ")
			}
			used += widths[i] + 2
		}
		p.lines = append(p.lines, strings.TrimRight(b.String(), " "))
	}
}

// The last column goes below its row where less than leastRoom is left for it.
const (
	leastRoom   = 20
	belowIndent = 4
)

// below tells that the last column has too little room for one of its cells.
func (p *Page) below(indent int, widths []int, rows [][]Cell) bool {
	if p.width == 0 || len(widths) < 3 {
		return false
	}
	room := p.width - indent
	for _, w := range widths[:len(widths)-1] {
		room -= w + 2
	}
	return room < leastRoom && slices.ContainsFunc(rows, func(row []Cell) bool {
		last := row[len(row)-1]
		return len(row) == len(widths) && !last.Right && lipgloss.Width(last.Text) > room
	})
}

func columnWidths(rows [][]Cell) []int {
	var widths []int
	for _, row := range rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if i < len(row)-1 || c.Right {
				widths[i] = max(widths[i], lipgloss.Width(c.Text))
			}
		}
	}
	return widths
}

// lastColumn writes a cell that may take several lines under its own left edge.
func (p *Page) lastColumn(b *strings.Builder, c Cell, used int) {
	room := p.width - used
	if p.width == 0 || room < 20 || lipgloss.Width(c.Text) <= room {
		b.WriteString(render(c))
		return
	}
	for i, part := range wrap(c.Text, room) {
		if i > 0 {
			p.lines = append(p.lines, strings.TrimRight(b.String(), " "))
			b.Reset()
			b.WriteString(strings.Repeat(" ", used))
		}
		b.WriteString(render(Cell{Text: part, Tone: c.Tone}))
	}
}

// wrap breaks s at blanks into parts of at most width columns; longer words stand alone.
func wrap(s string, width int) []string {
	var parts []string
	line := ""
	for w := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = w
		case lipgloss.Width(line)+1+lipgloss.Width(w) <= width:
			line += " " + w
		default:
			parts = append(parts, line)
			line = w
		}
	}
	return append(parts, line)
}

func render(c Cell) string {
	text := Printable(c.Text)
	if c.Tone == Plain || text == "" {
		return text
	}
	return tones[c.Tone].Render(text)
}

// Printable replaces control characters, so that no byte of a car or a file can drive the terminal.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7F || r >= 0x80 && r < 0xA0 {
			return '·'
		}
		return r
	}, s)
}

// Cut shortens every line to the width, for tables that are written over: a line that wraps would take two.
func (p *Page) Cut() {
	for i, l := range p.lines {
		if p.width > 0 && lipgloss.Width(l) > p.width {
			p.lines[i] = ansi.Truncate(l, p.width, "")
		}
	}
}

// Lines returns how many lines the page has.
func (p *Page) Lines() int { return len(p.lines) }
