package importer

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// timeKind says what the number behind a time means.
type timeKind uint8

const (
	noTime   timeKind = iota
	absolute          // microseconds since the epoch
	ofDay             // microseconds since midnight
	elapsed           // microseconds since something began
	dateOnly          // an absolute midnight
)

// timeFormat reads the cells of one column as times.
type timeFormat struct {
	kind     timeKind
	unit     float64 // microseconds of a number; 0 for written times
	order    dayOrder
	numerals numerals
	pattern  bool // a format that a mapping gave letter by letter has fixed the order
}

// moment is one time as read.
type moment struct {
	us     int64
	step   int64 // the smallest difference that the cell can show, in microseconds
	zoned  bool
	offset int // seconds east of UTC, where zoned
	ok     bool
}

// parse reads a cell; zone is that of times which name none.
func (f timeFormat) parse(cell []byte, zone *time.Location) moment {
	if f.unit > 0 {
		return f.number(cell)
	}
	c, ok := parseCivil(cell, f.order)
	if !ok {
		return moment{}
	}
	m := moment{step: 1e6, zoned: c.zoned, offset: c.offset, ok: true}
	for i := 0; i < min(c.decimals, 6); i++ {
		m.step /= 10
	}
	switch {
	case f.kind == absolute && c.hasDate, f.kind == dateOnly && c.hasDate:
		m.us = c.at(zone)
	case (f.kind == ofDay || f.kind == elapsed) && c.hasTime:
		m.us = c.ofDay()
	default:
		m.ok = false
	}
	return m
}

// step is how fine the times are at least.
func (f timeFormat) step() int64 {
	if f.unit > 0 {
		return int64(f.unit)
	}
	return 1e6
}

func (f timeFormat) number(cell []byte) moment {
	v, rest, ok := f.numerals.parse(cell)
	if !ok {
		return moment{}
	}
	unit := f.unit
	if len(rest) > 0 {
		if f.kind == elapsed && rest[0] == ':' { // 00:03:02 among numbers
			return timeFormat{kind: f.kind}.parse(cell, time.UTC)
		}
		if unit = float64(timeUnit(string(rest))); unit == 0 {
			return moment{}
		}
	}
	us := v * unit
	if math.Abs(us) > 7.3e15 { // beyond the year 2200
		return moment{}
	}
	return moment{us: int64(math.Round(us)), step: max(1, int64(unit*resolution(cell))), ok: true}
}

// resolution returns the weight of the last digit of a number: 0.001 of "1.234", 1e7 of "1,51336E+12".
func resolution(cell []byte) float64 {
	digits := 0
	for i, c := range cell {
		switch c {
		case 'e', 'E':
			exp, _ := strconv.Atoi(string(bytes.TrimPrefix(cell[i+1:], []byte("+"))))
			return math.Pow10(exp - digits)
		case '.', ',':
			digits = 0
			for _, d := range cell[i+1:] {
				if d < '0' || d > '9' {
					break
				}
				digits++
			}
		}
	}
	return math.Pow10(-digits)
}

// timeUnit returns the microseconds of a unit, 0 for none.
func timeUnit(word string) int64 {
	code, ok := findUnit(word)
	if !ok && word == "ns" {
		return 0
	}
	switch code {
	case "us":
		return 1
	case "ms":
		return 1e3
	case "s":
		return 1e6
	case "min":
		return 60e6
	case "h":
		return 3600e6
	case "d":
		return 86400e6
	}
	return 0
}

// formatByName reads time.format of a mapping.
func formatByName(name string) (timeFormat, error) {
	switch name {
	case "iso":
		return timeFormat{kind: absolute, pattern: true}, nil
	case "epoch":
		return timeFormat{kind: absolute, unit: 1e6, pattern: true}, nil
	case "elapsed":
		return timeFormat{kind: elapsed, unit: 1e6, pattern: true}, nil
	case "clock":
		return timeFormat{kind: ofDay, pattern: true}, nil
	}
	day, month := strings.Index(name, "d"), strings.Index(name, "M")
	hour := strings.ContainsAny(name, "Hh")
	switch {
	case day < 0 && month < 0 && hour:
		return timeFormat{kind: ofDay, pattern: true}, nil
	case day < 0 || month < 0 || !strings.Contains(name, "y"):
		return timeFormat{}, fmt.Errorf("time.format %q is none of iso, epoch, elapsed, clock, nor letters such as dd.MM.yyyy HH:mm:ss", name)
	}
	f := timeFormat{kind: absolute, pattern: true}
	if month < day {
		f.order = monthFirst
	}
	if !hour {
		f.kind = dateOnly
	}
	return f, nil
}

// guessTime finds out how a column writes times from its first cells, kind noTime when it holds none. said
// is the unit of the title in microseconds, 0 for none.
func guessTime(cells []string, n numerals, said int64) timeFormat {
	if f, ok := guessNumbers(cells, n, said); ok {
		return f
	}
	f := timeFormat{numerals: n}
	dates, times, both, total, ampm := 0, 0, 0, 0, false
	for _, cell := range cells {
		if isMissing([]byte(cell)) {
			continue
		}
		total++
		c, ok := parseCivil([]byte(cell), dayFirst)
		if !ok {
			if c, ok = parseCivil([]byte(cell), monthFirst); ok {
				f.order = monthFirst
			}
		}
		switch {
		case !ok:
		case c.hasDate && c.hasTime:
			both++
		case c.hasDate:
			dates++
		default:
			times++
		}
		ampm = ampm || c.ampm && c.a > 0
		if ampm && c.b <= 12 && c.a <= 12 {
			f.order = monthFirst
		}
	}
	switch most := total * 9 / 10; {
	case total == 0:
	case both > 0 && both >= most:
		f.kind = absolute
	case dates > 0 && dates >= most:
		f.kind = dateOnly
	case times > 0 && times >= most:
		f.kind = ofDay
	}
	if f.order == monthFirst && !onlyMonthFirst(cells, ampm) {
		f.order = dayFirst
	}
	return f
}

// onlyMonthFirst tells that no cell speaks against the month being first.
func onlyMonthFirst(cells []string, ampm bool) bool {
	for _, cell := range cells {
		if c, ok := parseCivil([]byte(cell), dayFirst); ok && c.a > 12 {
			return false
		}
	}
	return true
}

// guessNumbers takes plain numbers for the time since the epoch, by their size, or since the start.
func guessNumbers(cells []string, n numerals, said int64) (timeFormat, bool) {
	var first float64
	total, numbers := 0, 0
	for _, cell := range cells {
		if isMissing([]byte(cell)) {
			continue
		}
		total++
		v, rest, ok := n.parse([]byte(cell))
		if !ok || len(rest) > 0 && timeUnit(string(rest)) == 0 || strings.Count(cell, ".") == 2 { // 7.3.2026
			continue
		}
		if _, compact := parseCompact([]byte(cell)); compact && len(cell) == 14 {
			continue
		}
		if numbers++; numbers == 1 {
			first = math.Abs(v)
		}
	}
	if numbers == 0 || numbers < total*9/10 {
		return timeFormat{}, false
	}
	f := timeFormat{kind: absolute, numerals: n}
	switch {
	case first >= 1e17 && first < 1e19:
		f.unit = 1e-3
	case first >= 1e14 && first < 1e16:
		f.unit = 1
	case first >= 1e11 && first < 1e13 && said != 1:
		f.unit = 1e3
	case first >= 5e8 && first < 1e10 && said != 1e3 && said != 1:
		f.unit = 1e6
	default:
		f.kind, f.unit = elapsed, 1e6
		if said > 0 {
			f.unit = float64(said)
		}
	}
	return f, true
}

var (
	namedDate   = regexp.MustCompile(`(?:^|[^0-9])(20\d\d)[-_. ]?([01]\d)[-_. ]?([0-3]\d)(?:[-_ T.]{0,3}([0-2]\d)[-_.:h ]?([0-5]\d)(?:[-_.:m ]?([0-5]\d))?)?(?:[^0-9]|$)`)
	looseDate   = regexp.MustCompile(`(?:^|[^0-9])(20\d\d)-(\d{1,2})-(\d{1,2})(?:-(\d{1,2})-(\d{1,2})(?:-(\d{1,2}))?)?(?:[^0-9]|$)`)
	dayDate     = regexp.MustCompile(`(?:^|[^0-9])([0-3]\d)[-_.]([01]\d)[-_.](20\d\d)(?:[-_ T]{1,3}([0-2]\d)[-_.:]?([0-5]\d)(?:[-_.:]?([0-5]\d))?)?(?:[^0-9]|$)`)
	monthDate   = regexp.MustCompile(`(?i)\b([a-zé]{3,9})[ _.-](\d{1,2})[ _,.-]+(20\d\d)(?:[ _]+(\d{1,2})[_:.-](\d\d)(?:[_:.-](\d\d))?(?:[ _]?([ap])m)?)?`)
	namedMillis = regexp.MustCompile(`(?:^|[^0-9])(1[3-9]\d{11})(?:[^0-9]|$)`)
)

// dateInName finds a date in the name of a file or a trip, with the time of day where there is one.
func dateInName(name string, zone *time.Location) (at time.Time, timed, ok bool) {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	build := func(y, mo, d int, rest []string) (time.Time, bool, bool) {
		c := civil{year: y, month: mo, day: d, hour: number(rest[0]), minute: number(rest[1]), second: number(rest[2]), hasDate: true}
		return time.UnixMicro(c.at(zone)), rest[0] != "", c.sane()
	}
	if m := monthDate.FindStringSubmatch(name); m != nil && monthOf([]byte(m[1])) > 0 {
		hour := number(m[4])
		if m[7] != "" {
			if hour %= 12; strings.EqualFold(m[7], "p") {
				hour += 12
			}
		}
		if m[4] != "" {
			m[4] = strconv.Itoa(hour)
		}
		if at, timed, ok := build(number(m[3]), monthOf([]byte(m[1])), number(m[2]), m[4:7]); ok {
			return at, timed, ok
		}
	}
	if m := namedDate.FindStringSubmatch(name); m != nil {
		if at, timed, ok := build(number(m[1]), number(m[2]), number(m[3]), m[4:7]); ok {
			return at, timed, ok
		}
	}
	if m := looseDate.FindStringSubmatch(name); m != nil {
		if at, timed, ok := build(number(m[1]), number(m[2]), number(m[3]), m[4:7]); ok {
			return at, timed, ok
		}
	}
	if m := dayDate.FindStringSubmatch(name); m != nil {
		if at, timed, ok := build(number(m[3]), number(m[2]), number(m[1]), m[4:7]); ok {
			return at, timed, ok
		}
	}
	if m := namedMillis.FindStringSubmatch(name); m != nil {
		ms, err := strconv.ParseInt(m[1], 10, 64)
		return time.UnixMilli(ms), true, err == nil
	}
	return time.Time{}, false, false
}
