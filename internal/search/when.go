package search

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// time takes since: and until:. A date stands for all of it: until:2026-01-31 includes that day.
func (p *parser) time(t term) error {
	to := &p.query.Since
	if t.name == "until" {
		to = &p.query.Until
	}
	switch {
	case t.not || t.prefix:
		return p.wrong(t.at, t.name+":", "a time has neither minus nor star").WithHint("until: is the opposite of since:")
	case !to.IsZero():
		return p.wrong(t.at, t.name+":", "it is given twice").WithHint("keep one of them")
	}
	first, after, err := span(t.value, p.now)
	if err != nil {
		return p.wrong(t.valueAt, t.value, err.Error()).WithHint("write 30d, 2w, 6h, 3mo, 1y, today, yesterday, 2026, 2026-01 or 2026-01-31, or 2026-01-31T14:30")
	}
	*to = first
	if t.name == "until" {
		*to = after
	}
	*to = to.UTC().Round(0)
	return nil
}

// forms of a date, each with the length of time that it stands for.
var forms = [...]struct {
	layout       string
	years, month int
	days         int
}{
	{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {"2006-01-02", 0, 0, 1},
	{"2006-01-02T15:04", 0, 0, 0}, {"2006-01-02T15:04:05", 0, 0, 0}, {time.RFC3339Nano, 0, 0, 0},
}

// span reads a time and returns where it begins and where it has passed.
func span(s string, now time.Time) (first, after time.Time, err error) {
	s = strings.ToLower(s)
	year, month, day := now.Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, now.Location())
	switch s {
	case "today":
		return today, today.AddDate(0, 0, 1), nil
	case "yesterday":
		return today.AddDate(0, 0, -1), today, nil
	case "now":
		return now, now, nil
	}
	if at, ok := ago(s, now); ok {
		return at, at, inRange(at)
	}
	for _, f := range forms {
		if at, err := time.ParseInLocation(f.layout, strings.ToUpper(s), now.Location()); err == nil {
			return at, at.AddDate(f.years, f.month, f.days), inRange(at)
		}
	}
	return now, now, fmt.Errorf("this is no time")
}

// inRange keeps times that RFC 3339 can write in every zone and that no zero time is mistaken for.
func inRange(t time.Time) error {
	if y := t.UTC().Year(); y < 1900 || y > 9000 {
		return fmt.Errorf("the year is out of range")
	}
	return nil
}

// ago reads a length of time back from now: a number and h, d, w, mo or y.
func ago(s string, now time.Time) (time.Time, bool) {
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return now, false
	}
	count := int(n)
	switch s[len(digits):] {
	case "h":
		return now.Add(-time.Duration(count) * time.Hour), true
	case "d":
		return now.AddDate(0, 0, -count), true
	case "w":
		return now.AddDate(0, 0, -7*count), true
	case "mo":
		return now.AddDate(0, -count, 0), true
	case "y":
		return now.AddDate(-count, 0, 0), true
	}
	return now, false
}
