package vin

import (
	_ "embed" // the lists of makers and countries
	"strings"
)

//go:embed data/makers.txt
var makersList string

//go:embed data/countries.txt
var countriesList string

type maker struct {
	name  string
	year  bool // writes the model year everywhere
	heavy bool // position 7 does not tell the cycle of years
}

// makerOf returns the maker of a WMI, or none.
func makerOf(wmi string) maker {
	for line := range strings.Lines(makersList) {
		name, wmis, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || name[0] == '#' || !holds(wmis, wmi) {
			continue
		}
		name, heavy := strings.CutSuffix(name, " [heavy]")
		name, year := strings.CutSuffix(name, " [year]")
		return maker{name, year, heavy}
	}
	return maker{}
}

// holds tells that a list of three-character words parted by blanks has a word.
func holds(list, word string) bool {
	for w := range strings.SplitSeq(list, " ") {
		if w == word {
			return true
		}
	}
	return false
}

// order is the sequence of ISO 3780: letters before digits, 0 last.
const order = letters + "1234567890"

// countryOf returns the country of a WMI's first two characters, or "".
func countryOf(wmi string) string {
	second := strings.IndexByte(order, wmi[1])
	for line := range strings.Lines(countriesList) {
		span, name, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || len(span) != 5 || span[0] != wmi[0] || second < 0 {
			continue
		}
		if strings.IndexByte(order, span[1]) <= second && second <= strings.IndexByte(order, span[4]) {
			return name
		}
	}
	return ""
}

// regionOf names the region of a first character (ISO 3780).
func regionOf(first byte) string {
	switch {
	case first >= 'A' && first <= 'H':
		return "Africa"
	case first >= 'J' && first <= 'R':
		return "Asia"
	case first >= 'S' && first <= 'Z':
		return "Europe"
	case first >= '1' && first <= '5', first == '7':
		return "North America"
	case first == '6':
		return "Oceania"
	case first == '8' || first == '9':
		return "South America"
	}
	return ""
}
