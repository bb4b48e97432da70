package importer

import (
	"math"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog"
)

// column is one column of a table, or one name of the long form.
type column struct {
	title
	index    int
	role     role
	signal   signal
	number   int32 // of the signal in the output
	known    bool
	from     string // unit of the cells, UCUM
	convert  scale
	before   scale // what the mapping or the program's habits ask for first
	duration bool  // cells are hh:mm:ss
	mapped   ColumnMapping

	cellUnit  string // what stood behind the last number, with its meaning
	cellScale scale
	cellOK    bool
	last      string // text that was said last, and for whom
	lastFor   *batch
	lastValue float64
	seen      bool

	bounds bounds // what the numbers can be
	remark string // what a person should know of the column

	count    int64
	bad      int64
	outside  int64 // beyond the bounds
	min, max float64
}

// look is what the first cells of a column say about it.
type look struct {
	cells     []string
	filled    int
	numbers   int
	durations int
	units     map[string]int // behind the numbers, as written
	largest   float64        // number, whatever its sign; of all axes of a sensor
}

func lookAt(cells []string, n numerals) look {
	l := look{cells: cells, units: map[string]int{}}
	for _, c := range cells {
		if isMissing([]byte(c)) {
			continue
		}
		l.filled++
		v, rest, ok := n.parse([]byte(c))
		if ok {
			l.largest = max(l.largest, math.Abs(v))
		}
		switch {
		case ok && len(rest) == 0:
			l.numbers++
		case ok && isDuration(c):
			l.durations++
		case ok:
			if _, known := findUnit(string(rest)); known {
				l.numbers++
				l.units[string(rest)]++
			}
		}
	}
	return l
}

// isDuration tells 00:03:02.
func isDuration(cell string) bool {
	c, ok := parseCivil([]byte(cell), dayFirst)
	return ok && !c.hasDate && c.hasTime && strings.Count(cell, ":") == 2
}

// unit returns what most cells have behind their number.
func (l look) unit() string {
	best, most := "", 0
	for u, n := range l.units {
		if n > most || n == most && u < best {
			best, most = u, n
		}
	}
	if most*2 < l.numbers {
		return ""
	}
	code, _ := findUnit(best)
	return code
}

// boolWords are flags as programs write them.
var boolWords = map[string]float64{"true": 1, "false": 0, "on": 1, "off": 0, "yes": 1, "no": 0}

// isText tells a column of words.
func (l look) isText() bool {
	if l.filled == 0 {
		return false
	}
	flags := 0
	for _, c := range l.cells {
		if _, ok := boolWords[strings.ToLower(c)]; ok {
			flags++
		}
	}
	return (l.numbers+l.durations+flags)*2 < l.filled
}

// settle decides what a column of values is, from its title, its first cells, the mapping and the program.
func (c *column) settle(cat *catalog.Catalog, p profile, l look) {
	c.duration = l.durations*2 > l.filled
	c.convert, c.before = scale{1, 0}, scale{1, 0}
	c.min, c.max = math.Inf(1), math.Inf(-1)
	if c.role != valueRole {
		return
	}
	c.from = c.cellOrTitleUnit(l)
	id, forced := c.mapped.Signal, c.mapped.Signal != ""
	if !forced {
		id = p.signal(cat, c.title)
		if habit, ok := p.habits[plain(c.full)]; ok {
			c.before, c.from = habit.scale, habit.unit
		}
	}
	if m := c.mapped; m.Unit != "" {
		c.from, _ = findUnit(m.Unit)
	}
	if m := c.mapped; m.Scale != 0 || m.Offset != 0 {
		c.before = scale{m.Scale, m.Offset}
		if m.Scale == 0 {
			c.before.mul = 1
		}
	}
	if id = c.certain(id, l, forced); id == "" && forced {
		id = c.mapped.Signal
	}
	c.meaning(cat, id, forced)
	if l.isText() && !c.numeric(cat) {
		c.role = textRole
		c.signal.unit = ""
	}
}

// numeric tells a known signal that is a number and never a word.
func (c *column) numeric(cat *catalog.Catalog) bool {
	_, s := cat.Find(c.signal.id)
	return c.known && (s == nil || s.Kind == catalog.Number || s.Kind == catalog.Float)
}

// certain looks at motion without a unit: accelerations tell by their size whether they are in g or m/s2, since
// one axis bears gravity; rates of rotation do not tell, and stay a signal of their own.
func (c *column) certain(id string, l look, forced bool) string {
	if forced || c.from != "" {
		return id
	}
	if strings.HasPrefix(id, "GYRO_") {
		return ""
	}
	if strings.HasPrefix(id, "ACC_") && l.largest > 0 && l.largest < 3.5 {
		c.from = "[g]"
	}
	return id
}

func (c *column) cellOrTitleUnit(l look) string {
	u := l.unit()
	switch {
	case u != "":
		return u
	case c.duration:
		return "s"
	}
	return c.unit
}

// meaning settles signal and conversion. A known signal whose unit measures something else than the column's is
// not that signal.
func (c *column) meaning(cat *catalog.Catalog, id string, forced bool) {
	name, unit, known := describe(cat, id)
	c.signal.ecu = c.mapped.ECU
	if known {
		from := c.from
		if from == "" || from == "1" && unit == "" {
			from = unit
		}
		if s, ok := convert(from, unit); ok {
			c.known, c.convert, c.bounds = true, s, boundsOf(cat, id)
			c.signal.id, c.signal.name, c.signal.unit = id, name, unit
			return
		}
	}
	if !forced {
		id = cleanID(c.name)
	}
	c.own(cat, id)
}

// own makes the column a signal of its own, in its unit's metric twin.
func (c *column) own(cat *catalog.Catalog, id string) {
	if _, _, taken := describe(cat, id); taken && c.mapped.Signal == "" {
		id = "LOG_" + id
	}
	c.known, c.convert, c.bounds, c.cellUnit = false, scale{1, 0}, bounds{}, ""
	c.signal.id, c.signal.name, c.signal.unit = id, clip(c.full, 100), c.from
	if c.mapped.Name != "" {
		c.signal.name = c.mapped.Name
	}
	if to, ok := metric[c.from]; ok {
		c.convert, _ = convert(c.from, to)
		c.signal.unit = to
	}
}

// value reads a cell as a number in the signal's unit.
func (c *column) value(n numerals, cell []byte) (float64, bool) {
	if c.duration {
		return c.seconds(n, cell)
	}
	v, rest, ok := n.parse(cell)
	if !ok {
		v, ok = boolWords[strings.ToLower(string(cell))]
		return v, ok
	}
	if len(rest) == 0 {
		return c.convert.apply(c.before.apply(v)), true
	}
	if string(rest) != c.cellUnit {
		c.learn(string(rest))
	}
	return c.cellScale.apply(c.before.apply(v)), c.cellOK
}

// learn finds out what stands behind the number of a cell.
func (c *column) learn(word string) {
	c.cellUnit = clip(word, 32)
	code, ok := findUnit(word)
	if c.before != (scale{1, 0}) && ok { // the program's habit says what it is
		c.cellScale, c.cellOK = c.convert, true
		return
	}
	if !ok {
		c.cellOK = false
		return
	}
	c.cellScale, c.cellOK = convert(code, c.signal.unit)
	if !c.cellOK && c.signal.unit == "" {
		c.cellScale, c.cellOK = scale{1, 0}, true
	}
}

func (c *column) seconds(n numerals, cell []byte) (float64, bool) {
	t, ok := parseCivil(cell, dayFirst)
	if ok && t.hasTime && !t.hasDate {
		return c.convert.apply(float64(t.ofDay()) / 1e6), true
	}
	v, rest, ok := n.parse(cell)
	return c.convert.apply(v), ok && len(rest) == 0
}

func (c *column) track(v float64) {
	c.count++
	c.min, c.max = min(c.min, v), max(c.max, v)
}

func (c *column) summary() ColumnSummary {
	s := ColumnSummary{Title: clip(c.full, 200), Role: c.role.String(), Readings: c.count, Bad: c.bad, Outside: c.outside}
	if c.role == valueRole || c.role == textRole || c.role == duplicateRole {
		s.Signal, s.Known, s.Unit = c.signal.id, c.known, c.signal.unit
		if s.FromUnit = c.from; s.FromUnit == "" {
			s.FromUnit = s.Unit
		}
	}
	if c.count > 0 && c.role == valueRole {
		low, high := c.min, c.max
		s.Min, s.Max = &low, &high
	}
	return s
}
