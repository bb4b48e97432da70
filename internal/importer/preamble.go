package importer

import (
	"regexp"
	"strings"
	"time"
)

// preamble is what stands above the titles of a table.
type preamble struct {
	start time.Time
	vin   string
}

var (
	startWords = regexp.MustCompile(`(?i)\b(start ?time|start ?date|started|log start|created|recorded|recording started|date|datum|begin|beginn)\b["\s]*[:=,;\t]?\s*(.+)`)
	vinWords   = regexp.MustCompile(`(?i)\bVIN\b[^A-Za-z0-9]{0,6}([A-HJ-NPR-Z0-9]{17})\b`)
)

// readPreamble looks for a start and a VIN in the rows above the titles.
func readPreamble(rows [][]string, zone *time.Location) preamble {
	var p preamble
	for _, row := range rows {
		line := strings.TrimSpace(strings.Trim(strings.Join(row, " "), "# "))
		if m := vinWords.FindStringSubmatch(line); m != nil && p.vin == "" {
			p.vin = strings.ToUpper(m[1])
		}
		if m := startWords.FindStringSubmatch(line); m != nil && p.start.IsZero() {
			p.start = writtenTime(m[2], zone)
		}
	}
	return p
}

// writtenTime reads a time as a heading gives it; zero when it is none.
func writtenTime(s string, zone *time.Location) time.Time {
	s = strings.Trim(strings.TrimSpace(s), `"'`)
	order := dayFirst
	if upper := strings.ToUpper(s); strings.HasSuffix(upper, "AM") || strings.HasSuffix(upper, "PM") {
		order = monthFirst
	}
	for _, o := range []dayOrder{order, 1 - order} {
		if c, ok := parseCivil([]byte(s), o); ok && c.hasDate {
			return time.UnixMicro(c.at(zone))
		}
	}
	return time.Time{}
}
