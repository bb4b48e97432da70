package report

import (
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

func words(s string) document.Cell  { return document.Cell{Text: s} }
func strong(s string) document.Cell { return document.Cell{Text: s, Strong: true} }

func badge(level document.Level, s string) document.Cell {
	return document.Cell{Text: s, Level: level}
}

// convert gives a value in the reader's units, with the unit as people write it.
func (p *page) convert(v float64, ucum string) (float64, string) {
	if p.o.Imperial {
		v, ucum = unit.Imperial(v, ucum)
	}
	return v, unit.Symbol(ucum)
}

// symbol is what a unit becomes for the reader.
func (p *page) symbol(ucum string) string {
	_, s := p.convert(0, ucum)
	return s
}

// value is a number with its own unit; digits < 0 picks them by the size of the number.
func (p *page) value(v float64, ucum string, digits int) document.Cell {
	v, symbol := p.convert(v, ucum)
	c := p.number(v, digits)
	c.Unit = symbol
	return c
}

// plainValue is a number in the unit of its column.
func (p *page) plainValue(v float64, ucum string, digits int) document.Cell {
	v, _ = p.convert(v, ucum)
	return p.number(v, digits)
}

func (p *page) number(v float64, digits int) document.Cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return document.Cell{Text: "–"}
	}
	if digits < 0 {
		digits = sensible(v)
	}
	return document.Cell{Text: p.w.Number(v, digits), Number: &v}
}

func (p *page) count(n int) document.Cell { return p.number(float64(n), 0) }

// sensible gives about three significant digits, and whole numbers none.
func sensible(v float64) int {
	a := math.Abs(v)
	switch {
	case a == math.Trunc(a) && a < 1e9, a >= 100:
		return 0
	case a >= 10:
		return 1
	case a >= 1:
		return 2
	case a >= 0.01:
		return 3
	}
	return 4
}

func (p *page) when(t time.Time) document.Cell {
	if t.IsZero() {
		return document.Cell{Text: "–"}
	}
	t = t.UTC()
	return document.Cell{Text: p.w.DateTime(p.local(t)), Time: &t}
}

func (p *page) day(t time.Time) document.Cell {
	if t.IsZero() {
		return document.Cell{Text: "–"}
	}
	t = t.UTC()
	return document.Cell{Text: p.w.ShortDate(p.local(t)), Time: &t}
}

// reading is the value of a reading: its text, or its number with the unit.
func (p *page) reading(r obd.Reading) document.Cell {
	if r.Text != "" {
		return words(r.Text)
	}
	digits := sensible(r.Value)
	switch r.Unit {
	case "%", "Cel", "kPa", "deg":
		digits = min(digits, 1) // finer than sensors are
	case "V":
		digits = min(digits, 2)
	}
	return p.value(r.Value, r.Unit, digits)
}

// asText is a cell as one text.
func asText(c document.Cell) string { return c.String() }
