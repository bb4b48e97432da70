package xlsx

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/fleetms/obdctl/internal/report/document"
)

// cover writes the first sheet: everything that is to be read.
func (b *book) cover(name string) error {
	s, err := b.f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	c := &coverWriter{b: b, s: s}
	c.err = s.SetColWidth(1, 1, 34)
	if c.err == nil {
		c.err = s.SetColWidth(2, 2, 90)
	}
	d := b.d
	c.title(d.Title, 20)
	c.row(look{digits: -1}, d.Subtitle, "")
	if d.Shop != nil && d.Shop.Name != "" {
		c.row(look{digits: -1, strong: true}, d.Shop.Name, "")
		for _, l := range append(append([]string{}, d.Shop.Lines...), d.Shop.Contact...) {
			c.row(look{digits: -1}, l, "")
		}
	}
	if d.Vehicle != nil {
		c.title(d.Vehicle.Title, 14)
		c.facts(d.Vehicle.Facts)
	}
	for _, sec := range d.Sections {
		if !sec.Detail {
			c.section(sec)
		}
	}
	c.row(look{digits: -1}, "", "")
	for _, f := range d.Foot {
		c.row(look{digits: -1, wrap: true}, "", f)
	}
	c.row(look{digits: -1}, "", d.Words.T("page.made", "time", d.Words.DateTime(d.Created.In(d.Zone)), "tool", d.Tool)+" ("+d.Zone.String()+")")
	if c.err != nil {
		return c.err
	}
	return s.Flush()
}

// coverWriter writes rows of two cells and remembers the first error.
type coverWriter struct {
	b   *book
	s   *excelize.StreamWriter
	n   int
	err error
}

func (c *coverWriter) put(cells []any) {
	if c.err != nil {
		return
	}
	c.n++
	c.err = c.s.SetRow("A"+strconv.Itoa(c.n), cells)
}

func (c *coverWriter) row(l look, name, words string) {
	if name == "" && words == "" && l == (look{digits: -1}) && c.n == 0 {
		return
	}
	id, err := c.b.style(l)
	if err != nil && c.err == nil {
		c.err = err
	}
	c.put([]any{excelize.Cell{StyleID: id, Value: clean(name)}, excelize.Cell{StyleID: id, Value: clean(words)}})
}

func (c *coverWriter) title(words string, size int) {
	id, err := c.b.style(look{digits: -1, title: size})
	if err != nil && c.err == nil {
		c.err = err
	}
	c.put([]any{excelize.Cell{StyleID: id, Value: clean(words)}})
}

func (c *coverWriter) facts(list []document.Fact) {
	for _, f := range list {
		v, err := c.b.value(f.Cell, document.Column{Kind: document.Words})
		if err != nil && c.err == nil {
			c.err = err
		}
		c.put([]any{clean(f.Name), v})
	}
}

func (c *coverWriter) section(s document.Section) {
	c.row(look{digits: -1, wrap: true}, "", "")
	c.title(s.Title, 14)
	for _, b := range s.Blocks {
		switch {
		case b.Text != nil:
			name, words := b.Text.Label, b.Text.Words
			strong := b.Text.Role == document.Heading
			c.row(look{digits: -1, wrap: true, strong: strong}, name, words)
		case b.List != nil:
			for i, item := range b.List.Items {
				c.row(look{digits: -1, wrap: true}, fmt.Sprintf("%d", i+1), item)
			}
		case b.Callout != nil:
			c.row(look{digits: -1, wrap: true, level: b.Callout.Level}, "", b.Callout.Title)
			for _, w := range b.Callout.Words {
				c.row(look{digits: -1, wrap: true}, "", w)
			}
		case b.Tiles != nil:
			for _, t := range b.Tiles {
				words := t.Value
				if t.Note != "" {
					words += " (" + t.Note + ")"
				}
				c.row(look{digits: -1}, t.Name, words)
			}
		case b.Facts != nil:
			c.facts(b.Facts)
		}
	}
}
