package importer

import (
	"errors"
	"fmt"
	"strings"
)

var (
	errNoTitles = errors.New("no line with titles was found in this table")
	errNoTime   = errors.New("this table has no column with a time")
	errNoValues = errors.New("this table has no column with values")
)

// layout is where things stand in a table.
type layout struct {
	titles []string
	first  int // records of the head before the first row of data
}

// maxPreamble is how many lines may stand above the titles.
const maxPreamble = 100

// findTitles finds the line of the titles among the records of the head.
func findTitles(rows [][]string, n numerals, m *Mapping) (layout, error) {
	if m != nil && m.Header != nil {
		return givenTitles(rows, *m.Header, m.Skip)
	}
	width := commonWidth(rows)
	for i, row := range rows[:min(len(rows), maxPreamble)] {
		if len(row) < 2 || len(row) < width-1 || !areTitles(row, n) {
			continue
		}
		l := layout{titles: cleanTitles(row), first: i + 1}
		l.unitRows(rows, n)
		if m != nil {
			l.first += m.Skip
		}
		return l, nil
	}
	return layout{}, fmt.Errorf("%w", errNoTitles)
}

func givenTitles(rows [][]string, line, skip int) (layout, error) {
	if line > len(rows) {
		return layout{}, fmt.Errorf("%w: the mapping says line %d", errNoTitles, line)
	}
	l := layout{first: line + skip}
	if line > 0 {
		l.titles = cleanTitles(rows[line-1])
		return l, nil
	}
	for i := range commonWidth(rows) {
		l.titles = append(l.titles, fmt.Sprintf("#%d", i+1))
	}
	return l, nil
}

func cleanTitles(row []string) []string {
	titles := make([]string, len(row))
	for i, t := range row {
		titles[i] = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(t), "#"))
		if titles[i] == "" {
			titles[i] = strings.TrimSpace(t)
		}
	}
	for len(titles) > 1 && titles[len(titles)-1] == "" {
		titles = titles[:len(titles)-1]
	}
	return titles
}

// commonWidth is how many fields most records have.
func commonWidth(rows [][]string) int {
	counts := map[int]int{}
	best := 0
	for _, r := range rows {
		counts[len(r)]++
		if n := counts[len(r)]; n > counts[best] || n == counts[best] && len(r) > best {
			best = len(r)
		}
	}
	return best
}

// areTitles tells a row of words: hardly a number, each word once.
func areTitles(row []string, n numerals) bool {
	filled, words := 0, 0
	for _, cell := range row {
		if cell == "" {
			continue
		}
		filled++
		if _, _, number := n.parse([]byte(cell)); !number && !isMissing([]byte(cell)) {
			words++
		}
	}
	return filled >= 2 && words*10 >= filled*8 && filled*2 >= len(row)
}

// unitRows takes the rows below the titles that name units ("unix time", "s", "m/s") or origins
// ("100: gps", "calc") and puts the units behind the titles.
func (l *layout) unitRows(rows [][]string, n numerals) {
	for range 3 {
		if l.first >= len(rows) || len(rows[l.first]) < 2 {
			return
		}
		row := rows[l.first]
		switch {
		case areUnits(row):
			for i := range min(len(row), len(l.titles)) {
				if t := parseTitle(l.titles[i]); row[i] != "" && !t.said {
					l.titles[i] += " (" + row[i] + ")"
				}
			}
		case areOrigins(row):
			for i := range min(len(row), len(l.titles)) {
				if strings.Contains(row[i], "gps") && strings.HasPrefix(plain(l.titles[i]), "speed") {
					l.titles[i] = "GPS " + l.titles[i]
				}
			}
		case areTitles(row, n) && strings.Join(cleanTitles(row), ",") == strings.Join(l.titles, ","):
		default:
			return
		}
		l.first++
	}
}

func areUnits(row []string) bool {
	filled, units := 0, 0
	for _, cell := range row {
		if cell == "" || cell == "-" {
			continue
		}
		filled++
		word := strings.Trim(cell, "()[]")
		if _, ok := findUnit(word); ok || strings.EqualFold(cell, "unix time") {
			units++
		}
		if strings.ContainsAny(cell[:1], "0123456789") {
			return false
		}
	}
	return filled > 0 && units*10 >= filled*7
}

// areOrigins tells RaceChrono's row of sources.
func areOrigins(row []string) bool {
	filled, origins := 0, 0
	for _, cell := range row {
		if cell == "" {
			continue
		}
		filled++
		number, name, ok := strings.Cut(cell, ": ")
		if cell == "calc" || cell == "gps" || cell == "obd" || ok && allDigits([]byte(number)) && name != "" {
			origins++
		}
	}
	return filled > 0 && origins*10 >= filled*7
}
