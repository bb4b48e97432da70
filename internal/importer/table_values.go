package importer

// turnTo finds whose a row is and which trip it belongs to.
func (t *table) turnTo(fields [][]byte) error {
	who, trip := field(fields, t.whose[0]), field(fields, t.whose[1])
	byName := false
	if name := field(fields, t.labels); len(who) == 0 && len(name) > 0 && string(name) != t.name {
		who, byName = name, true // a vehicle without a VIN among others
	}
	if t.batch != nil && string(who) == t.seen[0] && string(trip) == t.seen[1] {
		return nil
	}
	if len(who) > 0 || t.batch == nil || t.whose[0] == nil {
		v := t.vehicle
		if c := t.whose[0]; c != nil && c.role == vinRole && !byName {
			v = Vehicle{VIN: clip(string(who), 64)}
		} else if c != nil {
			v = Vehicle{VIN: v.VIN, Label: clip(string(who), 64)}
		}
		b, err := t.out.batch(v)
		if err != nil {
			return err
		}
		t.batch = b
	}
	if b := t.batch; b.tick.rows() > 0 {
		b.endTick(0)
	}
	if len(who) > 0 {
		t.name = string(field(fields, t.labels))
	}
	t.seen = [2]string{string(who), string(trip)}
	t.trip = clip(t.seen[1], 200)
	t.tripNow = t.clock.trip(t.batch.vehicle, t.trip)
	return nil
}

// values takes in the cells of a row; taken tells that it gave something.
func (t *table) values(line int, at int64, fields [][]byte) (taken bool, err error) {
	for _, c := range t.columns {
		if c.index >= len(fields) {
			break
		}
		switch c.role {
		case valueRole:
			cell := field(fields, c)
			if isMissing(cell) {
				continue
			}
			if t.number(line, at, c, cell) {
				taken = true
			}
		case textRole, driverRole, tripRole:
			if cell := field(fields, c); !isMissing(cell) && t.text(at, c, cell) {
				taken = true
			}
		}
	}
	if t.long != nil {
		ok, err := t.long.row(line, at, fields)
		return ok || taken, err
	}
	return taken, nil
}

// number takes in the number of a cell.
func (t *table) number(line int, at int64, c *column, cell []byte) bool {
	v, ok := c.value(t.dialect.numerals, cell)
	if !ok {
		c.bad++
		t.out.rejects.part(line, "%s in %s is not a number in a unit that fits", quote(cell), quote([]byte(c.full)))
		return false
	}
	if v == 0 && (c.signal.id == "GPS_LAT" || c.signal.id == "GPS_LON") {
		return false // what receivers say before they know
	}
	if t.long != nil && c.role == valueRole { // beside the long form: only when it changes
		if c.seen && c.lastValue == v && c.lastFor == t.batch {
			return false
		}
		c.seen, c.lastValue, c.lastFor = true, v, t.batch
	}
	v = tidyNumber(v)
	if !t.possible(line, c, v, cell) {
		return false
	}
	c.track(v)
	t.out.add(t.batch, entry{at: at, value: v, signal: c.number})
	return true
}

// text takes in words, when they are others than the row before had.
func (t *table) text(at int64, c *column, cell []byte) bool {
	if c.lastFor == t.batch && string(cell) == c.last {
		return false
	}
	c.last, c.lastFor = clip(string(cell), 200), t.batch
	c.count++
	t.out.add(t.batch, entry{at: at, text: c.last, signal: c.number})
	return true
}

// tidyNumber takes the noise of a conversion off: 116.69999999999999 is 116.7.
func tidyNumber(v float64) float64 {
	if v == float64(int64(v)) || v > 1e6 || v < -1e6 {
		return v
	}
	const places = 1e9
	scaled := v * places
	if scaled < 0 {
		return float64(int64(scaled-0.5)) / places
	}
	return float64(int64(scaled+0.5)) / places
}

// longForm is a table with one row for each value.
type longForm struct {
	table             *table
	name, value, unit *column
	known             map[string]*column // by name and unit as written
	order             []*column
	key               []byte
}

// maxNames bounds how many names of signals one file may have.
const maxNames = 4096

func (l *longForm) row(line int, at int64, fields [][]byte) (bool, error) {
	t := l.table
	name, cell := field(fields, l.name), field(fields, l.value)
	if len(name) == 0 {
		t.out.rejects.line(line, "the row names no signal")
		return false, nil
	}
	c := l.column(name, field(fields, l.unit), cell)
	if c == nil {
		t.out.rejects.line(line, "the file has more than %d names of signals", maxNames)
		return false, nil
	}
	switch {
	case isMissing(cell):
		return true, nil
	case c.role == textRole:
		return t.text(at, c, cell), nil
	}
	v, ok := c.value(t.dialect.numerals, cell)
	if !ok {
		c.bad++
		t.out.rejects.line(line, "%s of %s is not a number", quote(cell), quote(name))
		return false, nil
	}
	v = tidyNumber(v)
	if !t.possible(line, c, v, cell) {
		return false, nil
	}
	c.track(v)
	t.out.add(t.batch, entry{at: at, value: v, signal: c.number})
	return true, nil
}

// column returns the column that stands for a name, made at its first row.
func (l *longForm) column(name, unit, cell []byte) *column {
	l.key = append(append(append(l.key[:0], name...), 0), unit...)
	if c, ok := l.known[string(l.key)]; ok {
		return c
	}
	t := l.table
	if len(l.known) >= maxNames {
		return nil
	}
	c := &column{title: parseTitle(clip(string(name), 200)), index: -1}
	if code, ok := findUnit(string(unit)); ok {
		c.unit, c.said = code, true
	}
	if m := t.out.o.Mapping; m != nil {
		c.mapped, _ = m.column(c.full, -1)
	}
	first := lookAt([]string{string(cell)}, t.dialect.numerals)
	c.settle(t.out.o.Catalog, t.profile, first)
	t.judge(c, first)
	if c.mapped.Signal == "ignore" {
		c.role = ignoreRole
	}
	c.number = t.out.signal(c.signal)
	l.known[string(l.key)] = c
	l.order = append(l.order, c)
	return c
}
