package importer

import (
	"hash/fnv"
	"time"
)

// undated is a made-up point in time for a recording of which nothing tells when it was made: a midnight between
// 1971 and 1995, before any car had OBD-II, so that nobody takes it for real. It follows from how the content
// begins, so that two such recordings do not fall on each other and a grown one falls on itself.
func undated(head []byte) int64 {
	h := fnv.New32a()
	_, _ = h.Write(head[:min(len(head), 4096)]) // never fails
	return time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(h.Sum32()%9000)).UnixMicro()
}

// The distances that keep recordings apart of which only the order is known, in microseconds.
const (
	tripGap    = int64(3600e6) // between two trips
	restartGap = int64(60e6)   // when the clock is the engine's own run time
	day        = int64(86400e6)
)

// anchor is a point in time that elapsed time counts from.
type anchor struct {
	at    int64
	exact bool // to the second; else only the day, or less, is known
	ok    bool
}

// clock turns what the rows say into points in time.
type clock struct {
	kind       timeKind
	zone       *time.Location
	file       anchor // of the whole file: --start, its head, its name
	runtime    bool   // the elapsed time is the engine's
	daySeconds bool   // the elapsed time counts from midnight
	trips      map[string]*trip
	lastEnd    map[Vehicle]int64
	undated    bool
	made       int64 // the made-up point in time for that
	dayOnly    bool
	used       map[Vehicle]bool // who has had the file's anchor
}

// trip is the clock of one trip of one vehicle.
type trip struct {
	base    int64 // point in time of elapsed zero, or midnight of a time of day
	raw     int64 // what the last row said
	started bool
}

// maxTrips bounds how many trips of one file are told apart.
const maxTrips = 100_000

func (c *clock) trip(v Vehicle, name string) *trip {
	key := v.VIN + "\x00" + v.Label + "\x00" + name
	t := c.trips[key]
	if t == nil {
		if len(c.trips) >= maxTrips {
			clear(c.trips)
		}
		t = &trip{}
		c.trips[key] = t
	}
	return t
}

// at returns the point in time of a row. date is that of its own, if there is one.
func (c *clock) at(t *trip, v Vehicle, name string, m, date moment) int64 {
	if c.kind == absolute {
		return c.end(v, m.us)
	}
	if !t.started {
		t.started = true
		t.base = c.begin(v, name, m, date)
	} else if back := t.raw - m.us; back > 5e6 {
		c.again(t, v, m, date, back)
	} else if c.kind == ofDay && date.ok && date.step <= day && date.us > t.base {
		t.base = date.us
	}
	t.raw = m.us
	return c.end(v, t.base+m.us)
}

func (c *clock) end(v Vehicle, at int64) int64 {
	if last, ok := c.lastEnd[v]; !ok || at > last {
		c.lastEnd[v] = at
	}
	return at
}

// begin finds where the time of a trip counts from.
func (c *clock) begin(v Vehicle, name string, m, date moment) int64 {
	a := c.anchorOf(v, name, date)
	if c.kind == ofDay || c.daySeconds && c.fitsDay(a, m) {
		return midnight(a.at, c.zone)
	}
	first := int64(0)
	if c.runtime || m.us > 3600e6 { // counts from something else than the start of the log
		first = m.us
	}
	at := a.at
	c.dayOnly = c.dayOnly || a.ok && !a.exact
	if last, ok := c.lastEnd[v]; ok && !a.exact {
		at = max(at, last+tripGap)
	}
	return at - first
}

// anchorOf takes the row's own date first, then one in the trip's name, then the file's.
func (c *clock) anchorOf(v Vehicle, name string, date moment) anchor {
	if date.ok {
		return anchor{at: date.us, ok: true}
	}
	if at, timed, ok := dateInName(name, c.zone); ok {
		return anchor{at: at.UnixMicro(), exact: timed, ok: true}
	}
	if c.file.ok {
		first := !c.used[v]
		c.used[v] = true
		return anchor{at: c.file.at, exact: c.file.exact && first, ok: true}
	}
	c.undated = true
	return anchor{at: c.made}
}

// fitsDay tells that a number of seconds is the time of day at which the file says that it began.
func (c *clock) fitsDay(a anchor, m moment) bool {
	if !a.ok || m.us < 0 || m.us >= 2*day {
		return false
	}
	if !a.exact {
		return m.us >= 3600e6
	}
	difference := m.us%day - (a.at - midnight(a.at, c.zone))
	return difference > -7200e6 && difference < 7200e6
}

// again takes care of a clock that went back: over midnight, or because another stretch begins.
func (c *clock) again(t *trip, v Vehicle, m, date moment, back int64) {
	over := back > 12*3600e6 && (c.kind == ofDay || t.raw >= 20*3600e6 && t.raw < day+3600e6)
	switch {
	case date.ok && date.step <= day && c.kind == ofDay:
		t.base = date.us
	case over:
		t.base += day
	case c.kind == ofDay && back < 3600e6: // rows out of order
	case c.kind == ofDay:
		t.base += day
	default:
		gap := tripGap
		if c.runtime {
			gap = restartGap
		}
		at := c.lastEnd[v] + gap
		if date.ok {
			at = max(at, date.us)
		}
		t.base = at - m.us
	}
}

// midnight returns the start of the day of a point in time, in microseconds.
func midnight(us int64, zone *time.Location) int64 {
	t := time.UnixMicro(us).In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone).UnixMicro()
}
