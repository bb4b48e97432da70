package importer

import (
	"slices"
	"time"
)

// candidate is a column that may hold the time.
type candidate struct {
	column *column
	format timeFormat
	rank   int // lower is better
}

func (t *table) findTime(rows [][]string) error {
	if t.out.o.Mapping != nil && t.out.o.Mapping.Time.Column != "" {
		return t.mappedTime(rows)
	}
	var found []candidate
	for _, c := range t.columns {
		rank, elapsedTitle := t.timeRank(c)
		if rank < 0 {
			continue
		}
		said := int64(0)
		if c.said {
			said = timeUnit(c.unit)
		}
		f := guessTime(cellsOf(rows, c), t.dialect.numerals, said)
		switch {
		case f.kind == noTime:
			continue
		case f.kind == ofDay && elapsedTitle:
			f.kind = elapsed
		case f.kind == dateOnly && c.role != timeRole:
			c.role = dateRole
			t.date, t.dateWhen = c, f
			continue
		case f.kind == elapsed:
			rank += 100
		case f.kind == ofDay:
			rank += 50
		}
		found = append(found, candidate{c, f, rank})
	}
	t.findDate(rows)
	if len(found) > 0 {
		t.choose(found, rows)
		return nil
	}
	return t.timeFromRuntime(rows)
}

// timeRank tells how likely a title is that of the time; -1 for not at all.
func (t *table) timeRank(c *column) (rank int, elapsedTitle bool) {
	if c.role != valueRole && c.role != timeRole && c.role != dateRole || c.mapped.Signal != "" {
		return -1, false
	}
	r, place, ok := roleOf(c.title)
	if !ok || r != timeRole && r != dateRole {
		return -1, false
	}
	if r == dateRole {
		place += 30
	}
	return place, isElapsed(c.title)
}

func (t *table) findDate(rows [][]string) {
	for _, c := range t.columns {
		if c.role == dateRole && t.date == nil {
			if f := guessTime(cellsOf(rows, c), t.dialect.numerals, 0); f.kind == dateOnly {
				t.date, t.dateWhen = c, f
			}
		}
	}
}

// choose takes the best of several times; the others keep their place as what they say about the zone, or as
// values of their own.
func (t *table) choose(found []candidate, rows [][]string) {
	slices.SortStableFunc(found, func(a, b candidate) int { return a.rank - b.rank })
	best := found[0]
	if best.format.kind == ofDay && t.date == nil && startsAtZero(cellsOf(rows, best.column)) && !t.fileAtMidnight() {
		best.format.kind = elapsed
	}
	t.time, t.when = best.column, best.format
	t.time.role = timeRole
	t.clock.kind = t.when.kind
	t.clock.daySeconds = t.profile.daySeconds && t.when.kind == elapsed && t.when.unit == 1e6
	for _, other := range found[1:] {
		if other.column.role = ignoreRole; other.format.kind == elapsed && resolve(t.out.o.Catalog, other.column.title) != "" {
			other.column.role = valueRole // "Time run with MIL on (min)"
		}
		if other.format.unit == 0 && other.format.kind == absolute && t.when.kind == absolute && !t.out.o.ZoneSet {
			t.findZone(other.column, rows)
		}
	}
	if t.when.kind == absolute && t.coarse(rows) {
		t.refine(rows)
	}
}

func startsAtZero(cells []string) bool {
	for _, cell := range cells {
		if c, ok := parseCivil([]byte(cell), dayFirst); ok {
			return c.ofDay() < 60e6
		}
	}
	return false
}

func (t *table) fileAtMidnight() bool {
	a := t.clock.file
	return a.ok && a.exact && a.at-midnight(a.at, t.clock.zone) < 120e6
}

// findZone looks whether another time of the row names the zone that the first one does not.
func (t *table) findZone(c *column, rows [][]string) {
	for _, cell := range cellsOf(rows, c) {
		if m := (timeFormat{kind: absolute}).parse([]byte(cell), time.UTC); m.ok && m.zoned {
			t.zoned, t.offset = c, m.offset
			t.clock.zone = time.FixedZone("", m.offset)
			return
		}
	}
}

// coarse tells a time that a spreadsheet has rounded: its steps are longer than a minute.
func (t *table) coarse(rows [][]string) bool {
	steps := 0
	cells := cellsOf(rows, t.time)
	for _, cell := range cells {
		if m := t.when.parse([]byte(cell), time.UTC); m.ok && m.step > 60e6 {
			steps++
		}
	}
	return steps*2 > len(cells)
}

// refine lets the engine's run time count the seconds and leaves the coarse time to tell the day.
func (t *table) refine(rows [][]string) {
	rough, format := t.time, t.when
	if t.timeFromRuntime(rows) != nil {
		t.time, t.when, t.clock.kind = rough, format, absolute
		return
	}
	rough.role = dateRole
	t.date, t.dateWhen = rough, format
}

// timeFromRuntime takes the run time of the engine for the time. It stays a value too.
func (t *table) timeFromRuntime(rows [][]string) error {
	for _, c := range t.columns {
		if c.role != valueRole || t.profile.signal(t.out.o.Catalog, c.title) != "RUNTM" {
			continue
		}
		cells := cellsOf(rows, c)
		f := guessTime(cells, t.dialect.numerals, 0)
		if f.kind == ofDay || f.kind == elapsed {
			f.kind = elapsed
			t.time, t.when = c, f
			t.clock.kind, t.clock.runtime = elapsed, true
			return nil
		}
	}
	if t.interval > 0 {
		t.clock.kind = elapsed
		return nil
	}
	return errNoTime
}

func (t *table) mappedTime(rows [][]string) error {
	m := t.out.o.Mapping.Time
	for _, c := range t.columns {
		if !t.out.o.Mapping.names(m.Column, c.full, c.index) {
			continue
		}
		t.time = c
		t.when = guessTime(cellsOf(rows, c), t.dialect.numerals, timeUnit(m.Unit))
		if m.Format != "" {
			t.when, _ = formatByName(m.Format)
			t.when.numerals = t.dialect.numerals
			if m.Unit != "" && t.when.unit > 0 {
				t.when.unit = float64(timeUnit(m.Unit))
			}
		}
		t.clock.kind = t.when.kind
		t.findDate(rows)
		if t.when.kind == noTime || t.when.kind == dateOnly {
			return errNoTime
		}
		return nil
	}
	return errNoTime
}
