package importer

import (
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/unit"
)

// bounds are the lowest and the highest number that a signal can be, in its unit; none where low is not below high.
type bounds struct{ low, high float64 }

// slack is how far beyond the highest number rounding and conversion carry, as a part of the whole width.
const slack = 0.005

// hold tells that a number is possible. What cannot be negative has no slack there.
func (b bounds) hold(v float64) bool {
	if b.low >= b.high {
		return true
	}
	more := (b.high - b.low) * slack
	low := b.low
	if low < 0 {
		low -= more
	}
	return v >= low && v <= b.high+more
}

func (b bounds) text(code string) string {
	return fmt.Sprintf("%.6g to %.6g %s", b.low, b.high, unit.Symbol(code))
}

// boundsOf returns what a known signal can be: what the standard allows, or what there is on earth.
func boundsOf(cat *catalog.Catalog, id string) bounds {
	for _, f := range fixedSignals {
		if f.id == id {
			return f.bounds
		}
	}
	if _, s := cat.Find(id); s != nil && (s.Kind == catalog.Number || s.Kind == catalog.Float) {
		return bounds{s.Min, s.Max}
	}
	return bounds{}
}

// judge holds a column of a known signal against what that can be.
func (t *table) judge(c *column, l look) {
	switch {
	case c.role != valueRole || !c.known:
	case t.out.o.KeepImpossible:
		c.bounds = bounds{}
	default:
		c.doubt(t.out.o.Catalog, l, t.dialect.numerals)
	}
}

// possible tells whether a number can be; one that cannot costs its cell.
func (t *table) possible(line int, c *column, v float64, cell []byte) bool {
	if c.bounds.hold(v) {
		return true
	}
	c.outside++
	t.out.rejects.part(line, "%s in %s is impossible: %s is %s", quote(cell), quote([]byte(c.full)), c.signal.id, c.bounds.text(c.signal.unit))
	return false
}

// doubts tells what a person should know of the columns.
func doubts(s *Summary, columns []*column) {
	for _, c := range columns {
		if c.remark != "" {
			s.note("%s", c.remark)
		}
		if c.outside > 0 {
			s.note("%s: %d impossible values were left out, it is %s; --keep-impossible takes them in", c.signal.id, c.outside, c.bounds.text(c.signal.unit))
		}
	}
}

// fewest is how many numbers have to speak before a column is judged by them.
const fewest = 3

// numbersOf reads the first cells of a column as its values, in order of size.
func (c *column) numbersOf(l look, n numerals) []float64 {
	var all []float64
	for _, cell := range l.cells {
		if isMissing([]byte(cell)) {
			continue
		}
		if v, ok := c.value(n, []byte(cell)); ok {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return all
}

// doubt looks at the first values of a known signal. Where most of them are impossible the column is another signal,
// or in another unit than it says, and is kept under a name of its own. Where they are only odd a note says so.
func (c *column) doubt(cat *catalog.Catalog, l look, n numerals) {
	all := c.numbersOf(l, n)
	if len(all) < fewest {
		return
	}
	outside := 0
	for _, v := range all {
		if !c.bounds.hold(v) {
			outside++
		}
	}
	id, code := c.signal.id, c.signal.unit
	if 2*outside > len(all) && c.mapped.Signal == "" {
		b := c.bounds
		c.own(cat, cleanID(c.name))
		c.remark = fmt.Sprintf("“%s” cannot be %s, which is %s: kept as %s; a --mapping file names its signal and unit", clip(c.full, 60), id, b.text(code), c.signal.id)
		return
	}
	usual, ok := usualMedian[id]
	if median := all[len(all)/2]; ok && !c.said && c.mapped.Unit == "" && !usual.hold(median) {
		c.remark = fmt.Sprintf("“%s” names no unit, and about %.4g %s would be odd for %s: if it is in another unit, a --mapping file says so", clip(c.full, 60), median, unit.Symbol(code), id)
	}
}

// usualMedian is where the middle value of a recording lies, of signals that programs write in several units: beyond
// it the unit is doubtful. Our judgement.
var usualMedian = map[string]bounds{
	"ECT": {-40, 130}, "IAT": {-40, 85}, "AAT": {-45, 55}, "EOT": {-40, 150}, "BARO": {55, 110}, "VPWR": {5, 33},
}
