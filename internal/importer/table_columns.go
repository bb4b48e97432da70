package importer

import (
	"strings"
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
	if c := t.whose[0]; c != nil && c.role == vinRole {
		if t.labels = find(vehicleRole); t.labels != nil {
			t.labels.role = ignoreRole // it is no value
		}
	}
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
	t.judge(c, l)
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
