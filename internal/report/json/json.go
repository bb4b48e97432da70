// Package json writes a document as obdctl.report/1.
package json

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/fleetms/obdctl/internal/report/document"
)

// Write writes the document, section by section and row by row, so that long tables need little memory.
func Write(w io.Writer, d *document.Document) error {
	p := &printer{w: bufio.NewWriter(w)}
	head := *d
	head.Sections = nil
	p.document(&head, d.Sections)
	p.raw("\n")
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}

// printer writes pieces of JSON and remembers the first error.
type printer struct {
	w   *bufio.Writer
	err error
}

func (p *printer) raw(s string) {
	if p.err == nil {
		_, p.err = p.w.WriteString(s)
	}
}

// value writes anything in one go, indented below a margin.
func (p *printer) value(v any, margin string) {
	if p.err != nil {
		return
	}
	data, err := marshal(v, margin)
	if err != nil {
		p.err = err
		return
	}
	_, p.err = p.w.Write(data)
}

// document writes everything but the sections, then these.
func (p *printer) document(head *document.Document, sections []document.Section) {
	p.raw("{\n")
	for _, f := range []struct {
		name string
		v    any
		omit bool
	}{
		{"schema", head.Schema, false}, {"report", head.Report, false}, {"title", head.Title, false},
		{"subtitle", head.Subtitle, head.Subtitle == ""}, {"language", head.Language, false},
		{"created", head.Created, false}, {"tool", head.Tool, false},
		{"shop", head.Shop, head.Shop == nil}, {"vehicle", head.Vehicle, head.Vehicle == nil},
		{"foot", head.Foot, len(head.Foot) == 0},
	} {
		if !f.omit {
			p.raw("  \"" + f.name + "\": ")
			p.value(f.v, "  ")
			p.raw(",\n")
		}
	}
	p.raw("  \"sections\": [")
	for i := range sections {
		p.comma(i)
		p.section(&sections[i])
	}
	p.raw("\n  ]\n}")
}

func (p *printer) comma(i int) {
	if i > 0 {
		p.raw(",")
	}
	p.raw("\n")
}

func (p *printer) section(s *document.Section) {
	p.raw("    {\n      \"id\": ")
	p.value(s.ID, "")
	p.raw(",\n      \"title\": ")
	p.value(s.Title, "")
	if s.Break {
		p.raw(",\n      \"new_page\": true")
	}
	if s.Detail {
		p.raw(",\n      \"detail\": true")
	}
	p.raw(",\n      \"blocks\": [")
	for i, b := range s.Blocks {
		p.comma(i)
		p.raw("        ")
		if b.Table != nil {
			p.table(b.Table)
			continue
		}
		p.value(b, "        ")
	}
	p.raw("\n      ]\n    }")
}

// table writes rows one in a line.
func (p *printer) table(t *document.Table) {
	p.raw("{\n          \"table\": {\n            \"id\": ")
	p.value(t.ID, "")
	p.raw(",\n            \"title\": ")
	p.value(t.Title, "")
	p.raw(",\n            \"columns\": ")
	p.value(t.Columns, "            ")
	if len(t.Notes) > 0 {
		p.raw(",\n            \"notes\": ")
		p.value(t.Notes, "            ")
	}
	p.raw(",\n            \"rows\": [")
	i := 0
	for row, err := range t.All() {
		if err != nil {
			p.err = err
		}
		if p.err != nil {
			return
		}
		p.comma(i)
		p.raw("              ")
		p.line(row)
		i++
	}
	p.raw("\n            ]\n          }\n        }")
}

// line writes a value without line ends.
func (p *printer) line(v any) {
	data, err := compact(v)
	if err != nil && p.err == nil {
		p.err = err
	}
	p.raw(string(data))
}

func marshal(v any, margin string) ([]byte, error) {
	var b buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent(margin, "  ")
	err := enc.Encode(v)
	return b.line(), err
}

func compact(v any) ([]byte, error) {
	var b buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.line(), err
}

// buffer is what an encoder writes, without the line end that it adds.
type buffer []byte

func (b *buffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

func (b buffer) line() []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		return b[:n-1]
	}
	return b
}
