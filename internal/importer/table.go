package importer

import (
	"bytes"
	"strings"
	"time"
)

// table reads rows by the columns that were found.
type table struct {
	out      *output
	dialect  dialect
	profile  profile
	titles   []string
	columns  []*column
	gone     []*column // that titles in the middle of the file no longer have
	time     *column
	when     timeFormat
	date     *column
	dateWhen timeFormat
	clock    *clock
	interval int64 // between rows of a table without a time
	rows     int64

	whose   [2]*column // vehicle (or driver, or VIN) and trip
	labels  *column    // the vehicle by its name, beside a column of VINs
	vehicle Vehicle
	trip    string
	batch   *batch
	tripNow *trip
	seen    [2]string // what the two columns said last
	name    string    // of the vehicle whose rows they are, where a column names it
	offset  int       // seconds east of UTC that a zoned time said last
	named   bool      // times named their zone
	zoned   *column   // another time of the row, which names its zone

	long *longForm
}

// isTable takes what is left for a table, unless it is no text at all.
func isTable(head []byte) bool {
	head = head[:min(len(head), 8192)]
	odd := 0
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\f' {
			odd++
		}
	}
	if odd > 8 && odd*25 > len(head) {
		return false
	}
	d, rows := findDialect(head, nil)
	_, err := findTitles(rows, d.numerals, nil)
	return err == nil
}

func readTable(in *input, out *output) error {
	head, err := in.head()
	if err != nil {
		return err
	}
	t, first, err := openTable(head, out)
	if err != nil {
		return err
	}
	defer func() { t.summarize() }()
	if out.o.MapOnly {
		return nil
	}
	r := newRecords(in.reader(), t.dialect.comma)
	for range first { // titles and what stands above them
		if _, err := r.read(); err != nil && !costsOneLine(err) {
			break
		}
	}
	return t.read(r)
}

// openTable finds out what a table is from its head; first is the number of records above the data.
func openTable(head []byte, out *output) (*table, int, error) {
	m := out.o.Mapping
	d, rows := findDialect(head, m)
	l, err := findTitles(rows, d.numerals, m)
	if err != nil {
		return nil, 0, err
	}
	t := &table{out: out, dialect: d, titles: l.titles}
	p := readPreamble(rows[:max(0, min(l.first-1, len(rows)))], out.o.Zone)
	if m != nil {
		t.interval = m.Interval.Microseconds()
	}
	t.clock = &clock{made: out.undated, zone: out.o.Zone, trips: map[string]*trip{}, lastEnd: map[Vehicle]int64{}, used: map[Vehicle]bool{}, file: fileAnchor(out, p)}
	t.vehicle = Vehicle{VIN: p.vin}
	if m != nil && (m.Vehicle.VIN != "" || m.Vehicle.Label != "") {
		t.vehicle = Vehicle{VIN: m.Vehicle.VIN, Label: m.Vehicle.Label}
	}
	if err := t.arrange(head, rows[min(l.first, len(rows)):]); err != nil {
		return nil, 0, err
	}
	return t, l.first, nil
}

// fileAnchor is when a file without dates in its rows began.
func fileAnchor(out *output, p preamble) anchor {
	if !out.o.Start.IsZero() {
		return anchor{at: out.o.Start.UnixMicro(), exact: true, ok: true}
	}
	if !p.start.IsZero() {
		return anchor{at: p.start.UnixMicro(), exact: p.start.UnixMicro() != midnight(p.start.UnixMicro(), out.o.Zone), ok: true}
	}
	return nameAnchor(out.src.Name, out.o.Zone)
}

// nameAnchor looks for a date in the name of the file, then in those of the folders that it lies in.
func nameAnchor(path string, zone *time.Location) anchor {
	parts := strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '\\' })
	for i := len(parts) - 1; i >= max(0, len(parts)-2); i-- {
		if at, timed, ok := dateInName(parts[i], zone); ok {
			return anchor{at: at.UnixMicro(), exact: timed, ok: true}
		}
	}
	return anchor{}
}

// read takes the rows one by one.
func (t *table) read(r *records) error {
	for {
		fields, err := r.read()
		if isEnd(err) {
			return nil
		}
		t.out.sum.Lines = int64(r.next)
		if costsOneLine(err) {
			t.out.rejects.line(r.line, "%v", err)
			continue
		}
		if err != nil {
			return err
		}
		if blank(fields) {
			continue
		}
		if err := t.row(r, fields); err != nil {
			return err
		}
	}
}

func blank(fields [][]byte) bool {
	for _, f := range fields {
		if len(bytes.TrimSpace(f)) > 0 {
			return false
		}
	}
	return true
}

// row takes in one row.
func (t *table) row(r *records, fields [][]byte) error {
	if t.isHeading(fields) {
		return t.heading(fields)
	}
	if reason := t.misfit(r, fields); reason != "" {
		t.out.rejects.line(r.line, "%s", reason)
		return nil
	}
	if err := t.turnTo(fields); err != nil {
		return err
	}
	at, step, reason := t.moment(fields)
	if reason != "" {
		t.out.rejects.line(r.line, "%s", reason)
		return nil
	}
	if t.long == nil {
		t.batch.row(at, step)
	}
	taken, err := t.values(r.line, at, fields)
	if err != nil {
		return err
	}
	if taken {
		t.out.sum.Rows++
	}
	return t.out.room()
}

// misfit tells why a row cannot be of this table.
func (t *table) misfit(r *records, fields [][]byte) string {
	extra := 0
	for _, f := range fields[min(len(t.titles), len(fields)):] {
		if len(bytes.TrimSpace(f)) > 0 {
			extra++
		}
	}
	switch {
	case extra > 0:
		return "the line has more fields than titles"
	case len(fields) < len(t.titles) && r.atEnd():
		return "the last line is cut off"
	case len(fields) == 1 && len(t.titles) > 2:
		return "this is no row of the table: " + clip(string(fields[0]), 80)
	}
	return ""
}

// atEnd tells that the record read last has no line end behind it, and nothing comes.
func (r *records) atEnd() bool {
	if len(r.again) > 0 || r.ended {
		return false
	}
	_, err := r.r.Peek(1)
	return err != nil
}

// moment finds the point in time of a row.
func (t *table) moment(fields [][]byte) (at, step int64, reason string) {
	t.rows++
	if t.time == nil {
		m := moment{us: (t.rows - 1) * t.interval, step: t.interval, ok: true}
		return t.clock.at(t.tripNow, t.batch.vehicle, t.trip, m, t.dateOf(fields)), m.step, ""
	}
	cell := field(fields, t.time)
	m := t.when.parse(cell, t.zoneOf(fields))
	if t.clock.runtime && t.tripNow.started && isMissing(cell) { // the row came right behind the one before
		m = moment{us: t.tripNow.raw, step: t.when.step(), ok: true}
	}
	if !m.ok {
		return 0, 0, "the time " + quote(cell) + " in " + quote([]byte(t.time.full)) + " is not understood"
	}
	t.named = t.named || m.zoned
	at = t.clock.at(t.tripNow, t.batch.vehicle, t.trip, m, t.dateOf(fields))
	if !inTime(at) {
		return 0, 0, "the time " + quote(cell) + " is out of range"
	}
	return at, m.step, ""
}

// inTime tells whether a microsecond lies between 1970 and 2200: nothing else was recorded by a car's computer.
func inTime(at int64) bool { return at >= -day && at <= 7258118400e6 }

func (t *table) dateOf(fields [][]byte) moment {
	if t.date == nil {
		return moment{}
	}
	return t.dateWhen.parse(field(fields, t.date), t.out.o.Zone)
}

// zoneOf returns the zone of local times: as the person said, else as another time of the row says.
func (t *table) zoneOf(fields [][]byte) *time.Location {
	if t.zoned == nil {
		return t.out.o.Zone
	}
	if m := (timeFormat{kind: absolute}).parse(field(fields, t.zoned), time.UTC); m.ok && m.zoned && m.offset != t.offset {
		t.offset = m.offset
		t.clock.zone = time.FixedZone("", t.offset)
	}
	return t.clock.zone
}

func field(fields [][]byte, c *column) []byte {
	if c == nil || c.index >= len(fields) {
		return nil
	}
	return bytes.TrimSpace(fields[c.index])
}

func quote(cell []byte) string { return "“" + clip(string(cell), 40) + "”" }

func (t *table) summarize() {
	s := &t.out.sum
	s.Format = t.profile.name
	all := append(t.columns, t.gone...)
	if t.long != nil {
		all = append(all, t.long.order...)
	}
	for _, c := range all {
		s.Columns = append(s.Columns, c.summary())
	}
	doubts(s, all)
	if t.whose[1] != nil {
		s.Trips = int64(len(t.clock.trips))
	}
	t.clockNotes(s)
}

func (t *table) clockNotes(s *Summary) {
	switch {
	case t.clock.kind == absolute && (t.when.unit > 0 || t.named):
		s.Clock = "absolute"
	case t.clock.kind == absolute:
		s.Clock = "local"
	case t.clock.undated:
		s.Clock = "undated"
		t.out.noteUndated()
	default:
		s.Clock = "started"
		if t.clock.dayOnly {
			s.note("only the day, or a rounded time, is known: recordings of one vehicle follow each other an hour apart")
		}
	}
}
