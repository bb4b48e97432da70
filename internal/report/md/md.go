// Package md writes a document as Markdown with tables (GitHub's dialect), readable as plain text too.
package md

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/fleetms/obdctl/internal/report/document"
)

// Write writes the document.
func Write(w io.Writer, d *document.Document) error {
	p := &printer{w: bufio.NewWriter(w), d: d}
	p.head()
	for _, s := range d.Sections {
		if s.Detail {
			continue
		}
		p.line("## %s", escape(s.Title))
		p.line("")
		for _, b := range s.Blocks {
			if err := p.block(b); err != nil {
				return err
			}
		}
	}
	p.line("---")
	p.line("")
	for _, f := range d.Foot {
		p.line("*%s*", escape(f))
		p.line("")
	}
	p.line("%s", escape(d.Words.T("page.made", "time", d.Words.DateTime(d.Created.In(d.Zone)), "tool", d.Tool)))
	return p.w.Flush()
}

type printer struct {
	w *bufio.Writer
	d *document.Document
}

// line writes one line; errors stay in the writer until Flush.
func (p *printer) line(format string, args ...any) { fmt.Fprintf(p.w, format+"\n", args...) }

func (p *printer) head() {
	d := p.d
	p.line("# %s", escape(d.Title))
	p.line("")
	if d.Subtitle != "" {
		p.line("**%s**", escape(d.Subtitle))
		p.line("")
	}
	if s := d.Shop; s != nil && s.Name != "" {
		p.line("%s", escape(strings.Join(append(append([]string{s.Name}, s.Lines...), s.Contact...), " · ")))
		p.line("")
	}
	if v := d.Vehicle; v != nil {
		p.line("**%s**", escape(v.Title))
		p.line("")
		p.facts(v.Facts)
	}
}

func (p *printer) facts(facts []document.Fact) {
	for _, f := range facts {
		p.line("- %s: %s", escape(f.Name), escape(f.String()))
	}
	p.line("")
}

func (p *printer) block(b document.Block) error {
	switch {
	case b.Text != nil:
		p.text(b.Text)
	case b.List != nil:
		p.list(b.List)
	case b.Callout != nil:
		p.line("> **%s**", escape(b.Callout.Title))
		for _, w := range b.Callout.Words {
			p.line(">\n> %s", escape(w))
		}
		p.line("")
	case b.Tiles != nil:
		for _, t := range b.Tiles {
			p.line("- %s: **%s** %s", escape(t.Name), escape(t.Value), escape(t.Note))
		}
		p.line("")
	case b.Facts != nil:
		p.facts(b.Facts)
	case b.Table != nil:
		return p.table(b.Table)
	case b.Chart != nil:
		p.line("*%s*", escape(p.d.Words.T("page.chart")+": "+b.Chart.Alt))
		p.line("")
	case b.Sign != nil:
		for _, s := range b.Sign {
			p.line("%s: ______________________", escape(s))
			p.line("")
		}
	}
	return nil
}

func (p *printer) text(t *document.Text) {
	switch t.Role {
	case document.Heading:
		p.line("### %s", escape(t.Words))
	case document.Lead:
		p.line("**%s**", escape(t.Words))
	case document.Small:
		p.line("*%s*", escape(t.Words))
	default:
		if t.Label != "" {
			p.w.WriteString("**" + escape(t.Label) + "** ")
		}
		p.line("%s", escape(t.Words))
	}
	p.line("")
}

func (p *printer) list(l *document.List) {
	for i, item := range l.Items {
		if l.Ordered {
			p.line("%d. %s", i+1, escape(item))
		} else {
			p.line("- %s", escape(item))
		}
	}
	p.line("")
}

// table writes a table whose columns stand under each other in plain text, where they are not too wide.
func (p *printer) table(t *document.Table) error {
	rows, more, err := t.Head()
	if err != nil {
		return err
	}
	lines := [][]string{make([]string, len(t.Columns))}
	for i, c := range t.Columns {
		lines[0][i] = cell(c.Head())
	}
	for n, r := range rows {
		line := make([]string, len(t.Columns))
		for i := range line {
			if i < len(r) {
				line[i] = cell(r[i].String())
			}
		}
		if note := t.Notes[n]; note != "" {
			line[len(line)-1] += " *" + cell(note) + "*"
		}
		lines = append(lines, line)
	}
	p.rows(t.Columns, lines)
	if more {
		p.line("\n*%s*", escape(p.d.Words.N("page.more", t.Shown)))
	}
	p.line("")
	return nil
}

// widest is how far a column is padded.
const widest = 40

func (p *printer) rows(columns []document.Column, lines [][]string) {
	width := make([]int, len(columns))
	for _, l := range lines {
		for i, c := range l {
			width[i] = max(width[i], min(utf8.RuneCountInString(c), widest), 3)
		}
	}
	for n, l := range lines {
		p.w.WriteString("|")
		for i, c := range l {
			pad := strings.Repeat(" ", max(width[i]-utf8.RuneCountInString(c), 0))
			if columns[i].Kind == document.Number {
				fmt.Fprintf(p.w, " %s%s |", pad, c)
			} else {
				fmt.Fprintf(p.w, " %s%s |", c, pad)
			}
		}
		p.line("")
		if n > 0 {
			continue
		}
		p.w.WriteString("|")
		for i, c := range columns {
			if c.Kind == document.Number {
				p.w.WriteString(strings.Repeat("-", width[i]+1) + ":|")
			} else {
				p.w.WriteString(strings.Repeat("-", width[i]+2) + "|")
			}
		}
		p.line("")
	}
}

func cell(s string) string { return strings.ReplaceAll(escape(s), "|", `\|`) }

// escape keeps texts of cars and people from becoming markup, and on one line.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r < 0x20 || r == 0x7F:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "]", `\]`, "#", `\#`).Replace(s)
}
