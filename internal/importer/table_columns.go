package importer

import (
	"bytes"
	"slices"
	"strings"
	"time"
)

// maxColumns bounds what is kept about a table.
const maxColumns = 4096

// arrange decides what every column is for.
func (t *table) arrange(head []byte, rows [][]string) error {
	t.profile = profileOf(head, t.parseTitles())
	t.columns = t.columns[:0]
	for i, tt := range t.parseTitles() {
		t.columns = append(t.columns, t.newColumn(i, tt))
	}
	t.findLong()
	if err := t.findTime(rows); err != nil {
		return err
	}
	t.findWhose(rows)
	t.settleAll(rows)
	return t.check()
}

func (t *table) parseTitles() []title {
	titles := make([]title, 0, len(t.titles))
	for _, s := range t.titles[:min(len(t.titles), maxColumns)] {
		titles = append(titles, parseTitle(s))
	}
	return titles
}

func (t *table) newColumn(i int, tt title) *column {
	c := &column{title: tt, index: i}
	if r, _, ok := roleOf(tt); ok && r != timeRole && r != indexRole {
		c.role = r
	}
	t.byMapping(c)
	return c
}

// byMapping gives a column the part that a mapping has for it.
func (t *table) byMapping(c *column) {
	m := t.out.o.Mapping
	if m == nil {
		return
	}
	if m.Others == "ignore" {
		c.role = ignoreRole
	}
	if cm, ok := m.column(c.full, c.index); ok {
		c.mapped, c.role = cm, valueRole
		if cm.Signal == "ignore" {
			c.role = ignoreRole
		}
	}
	switch {
	case m.names(m.Time.Column, c.full, c.index):
		c.role = timeRole
	case m.names(m.Time.Date, c.full, c.index):
		c.role = dateRole
	case m.names(m.Vehicle.Column, c.full, c.index):
		c.role = vehicleRole
	case m.names(m.Trip, c.full, c.index):
		c.role = tripRole
	}
}

// findLong tells the long form: one row for each value, with its name beside it.
func (t *table) findLong() {
	var name, value, unit *column
	for _, c := range t.columns {
		switch plain(c.full) {
		case "pid", "signal", "parameter", "sensor", "pidname", "signalname", "metric", "pidtitle", "channel", "item", "variable":
			if name == nil {
				name = c
			}
		case "value", "val", "wert", "reading", "valor", "valeur", "pidvalue":
			value = c
		case "units", "unit", "einheit", "uom":
			unit = c
		}
	}
	if name == nil || value == nil || len(t.columns) > 12 {
		return
	}
	name.role, value.role = longNameRole, longValueRole
	if unit != nil {
		unit.role = longUnitRole
	}
	t.long = &longForm{table: t, name: name, value: value, unit: unit, known: map[string]*column{}}
}

// cellsOf returns what the first rows have in a column.
func cellsOf(rows [][]string, c *column) []string {
	cells := make([]string, 0, len(rows))
	for _, row := range rows {
		if c.index < len(row) {
			cells = append(cells, row[c.index])
		}
	}
	return cells
}

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
		other.column.role = ignoreRole
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

// findWhose finds the columns that tell vehicles and trips apart. Without a vehicle, another driver is taken
// for another vehicle.
func (t *table) findWhose(rows [][]string) {
	find := func(roles ...role) *column {
		for _, r := range roles {
			for _, c := range t.columns {
				if c.role == r && c != t.time && c != t.date {
					return c
				}
			}
		}
		return nil
	}
	if m := t.out.o.Mapping; m == nil || m.Vehicle.VIN == "" && m.Vehicle.Label == "" {
		t.whose[0] = find(vinRole, vehicleRole, driverRole)
	}
	t.whose[1] = find(tripRole)
	for _, c := range t.columns {
		if (c.role == tripRole || c.role == vehicleRole || c.role == driverRole) && c != t.whose[0] && c != t.whose[1] {
			c.role = valueRole
		}
	}
}

func (t *table) settleAll(rows [][]string) {
	seen := map[string]*column{}
	gravity := t.gravity(rows)
	for _, c := range t.columns {
		l := lookAt(cellsOf(rows, c), t.dialect.numerals)
		if strings.HasPrefix(fixedNames[plain(c.name)], "ACC_") {
			l.largest = gravity
		}
		if r, _, ok := roleOf(c.title); ok && r == indexRole && c.role == valueRole && c.mapped.Signal == "" && c != t.time {
			c.role = indexRole
		}
		switch {
		case c.full == "" && l.filled == 0:
			c.role = emptyRole
		case c.full == "" && c.index == 0 && l.numbers == l.filled: // the row numbers of a data frame
			c.role = indexRole
		}
		t.settleOne(seen, c, l)
	}
}

func (t *table) settleOne(seen map[string]*column, c *column, l look) {
	kind := c.role
	if kind == driverRole || kind == tripRole { // kept as words beside what they tell apart
		c.role = valueRole
	}
	c.settle(t.out.o.Catalog, t.profile, l)
	if kind == driverRole || kind == tripRole {
		c.role = kind
		c.signal.unit = ""
	}
	t.unique(seen, c)
	if c.role == valueRole || c.role == textRole || c.role == driverRole || c.role == tripRole {
		c.number = t.out.signal(c.signal)
	}
}

// gravity is the largest acceleration on any axis among the first rows.
func (t *table) gravity(rows [][]string) float64 {
	largest := 0.0
	for _, c := range t.columns {
		if strings.HasPrefix(fixedNames[plain(c.name)], "ACC_") {
			largest = max(largest, lookAt(cellsOf(rows, c), t.dialect.numerals).largest)
		}
	}
	return largest
}

// unique keeps two columns from being one signal: the same title again in another unit is left out, another
// title becomes a signal of its own.
func (t *table) unique(seen map[string]*column, c *column) {
	if c.role != valueRole && c.role != textRole {
		return
	}
	key := c.signal.id + "\x00" + c.signal.ecu.String()
	first := seen[key]
	if first == nil {
		seen[key] = c
		return
	}
	if plain(first.name) == plain(c.name) && c.mapped.Signal == "" && first.from != c.from {
		c.role = duplicateRole
		return
	}
	base := cleanID(c.full)
	c.known, c.signal.name = false, clip(c.full, 100)
	for n := 2; ; n++ {
		if c.signal.id = base; n > 2 || base == first.signal.id {
			c.signal.id = base + "_" + string(rune('0'+min(n, 9)))
		}
		_, _, taken := describe(t.out.o.Catalog, c.signal.id)
		if key := c.signal.id + "\x00" + c.signal.ecu.String(); seen[key] == nil && !taken {
			seen[key] = c
			return
		}
		if n >= 9 {
			c.role = duplicateRole
			return
		}
	}
}

func (t *table) check() error {
	for _, c := range t.columns {
		if c.role == valueRole || c.role == textRole || c.role == longValueRole {
			return nil
		}
	}
	return errNoValues
}

// isHeading tells the titles, again, in the middle of a file: a log that was gone on with.
func (t *table) isHeading(fields [][]byte) bool {
	ref := t.time
	if ref == nil {
		ref = t.columns[0]
	}
	cell := bytes.TrimSpace(bytes.Trim(field(fields, ref), "#"))
	return len(cell) > 0 && len(fields) > 1 && string(cell) == ref.full
}

// heading takes titles in the middle of a file. Where they are others, so are the columns from here on.
func (t *table) heading(fields [][]byte) error {
	row := make([]string, len(fields))
	for i, f := range fields {
		row[i] = string(bytes.TrimSpace(f))
	}
	titles := cleanTitles(row)
	if slices.Equal(titles, t.titles) {
		return nil
	}
	before := make(map[string]*column, len(t.columns))
	for _, c := range t.columns {
		before[c.full] = c
	}
	seen := map[string]*column{}
	t.titles, t.columns = titles, nil
	for i, tt := range t.parseTitles() {
		c := before[tt.full]
		if c == nil {
			c = t.newColumn(i, tt)
			t.settleOne(seen, c, look{})
		}
		delete(before, tt.full)
		c.index = i
		t.columns = append(t.columns, c)
	}
	for _, gone := range before {
		gone.index = maxFields // no row has it
		t.gone = append(t.gone, gone)
	}
	return nil
}
