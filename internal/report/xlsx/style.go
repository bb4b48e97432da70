package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/fleetms/obdctl/internal/report/document"
)

// look is what a cell looks like; each becomes one style of the book.
type look struct {
	digits int // of a number; -1 for text
	unit   string
	date   bool
	level  document.Level
	strong bool
	wrap   bool
	title  int // size of a heading, 0 for none
	head   bool
}

// colors of levels: letters and ground, also told by the cell's own words.
var colors = map[document.Level][2]string{
	document.Good: {"005440", "E1F3EC"}, document.Info: {"093E6E", "E2EDF7"}, document.Low: {"5C4600", "FFF7D6"},
	document.Medium: {"6A4000", "FDEFD0"}, document.High: {"FFFFFF", "C02828"}, document.Critical: {"FFFFFF", "7A0A18"},
}

func (b *book) accent() string {
	if s := b.d.Shop; s != nil && len(s.Color) == 7 && strings.Trim(strings.ToLower(s.Color[1:]), "0123456789abcdef") == "" {
		return strings.ToUpper(s.Color[1:])
	}
	return "0B4F8A"
}

func (b *book) style(l look) (int, error) {
	if id, ok := b.styles[l]; ok {
		return id, nil
	}
	s := &excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 11, Bold: l.strong}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: l.wrap}}
	switch {
	case l.head:
		s.Font.Bold, s.Font.Color = true, "FFFFFF"
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{b.accent()}}
		s.Alignment.WrapText, s.Alignment.Vertical = true, "center"
	case l.title > 0:
		s.Font.Bold, s.Font.Size, s.Font.Color = true, float64(l.title), b.accent()
	case l.date:
		format := "yyyy-mm-dd hh:mm:ss.000"
		s.CustomNumFmt = &format
		s.Alignment.Horizontal = "left"
	case l.digits >= 0:
		format := numberFormat(l.digits, l.unit)
		s.CustomNumFmt = &format
	}
	if c, ok := colors[l.level]; ok && !l.head {
		s.Font.Color, s.Font.Bold = c[0], true
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c[1]}}
	}
	id, err := b.f.NewStyle(s)
	if err == nil {
		b.styles[l] = id
	}
	return id, err
}

// numberFormat keeps a number a number and shows its unit behind it.
func numberFormat(digits int, unit string) string {
	format := "#,##0"
	if digits > 0 {
		format += "." + strings.Repeat("0", min(digits, 9))
	}
	if unit != "" {
		format += `" ` + strings.ReplaceAll(unit, `"`, "") + `"`
	}
	return format
}

// value makes a cell of the stream.
func (b *book) value(c document.Cell, of document.Column) (excelize.Cell, error) {
	l := look{digits: -1, level: c.Level, strong: c.Strong, wrap: of.Kind == document.Words && c.Number == nil}
	var v any = clean(c.String())
	switch {
	case c.Time != nil:
		l.date = true
		v = b.wall(*c.Time)
	case c.Number != nil:
		l.digits, l.unit = b.digits(c.Text), c.Unit
		v = *c.Number
	case of.Kind == document.Number && c.Text == "–":
		v = nil
	}
	id, err := b.style(l)
	return excelize.Cell{StyleID: id, Value: v}, err
}

// digits are those behind the decimal sign of a number as it was written.
func (b *book) digits(text string) int {
	_, rest, found := strings.Cut(text, b.d.Words.T("format.decimal"))
	if !found {
		return 0
	}
	return min(len(rest), 9)
}
