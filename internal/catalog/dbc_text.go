package catalog

import (
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"go.einride.tech/can/pkg/dbc"
)

// What real DBC files have beyond what the parser takes.
var (
	identified = regexp.MustCompile(`(?m)^((?:BO_|VAL_|CM_\s+BO_|CM_\s+SG_|SIG_VALTYPE_|SG_MUL_VAL_|BO_TX_BU_|BA_\s+"[^"]*"\s+(?:BO_|SG_))\s+)(\d+)`)
	nested     = regexp.MustCompile(`(?m)^(\s*SG_\s+\w+\s+m\d+)M(\s*:)`)
	mulVal     = regexp.MustCompile(`(?m)^SG_MUL_VAL_\s+(\d+)\s+(\w+)\s+(\w+)\s+([\d\-, ]+);`)
	intervals  = regexp.MustCompile(`\d+-\d+`)
)

// readExtended takes what extended multiplexing adds (m1M and SG_MUL_VAL_), and returns the file without
// the former, in UTF-8 and with 29-bit identifiers marked as such. No line moves.
func (f *dbcFile) readExtended(data []byte) []byte {
	data = identified.ReplaceAllFunc(plainUTF8(data), markExtended)
	for _, m := range mulVal.FindAllSubmatch(data, maxSignals) {
		id, err := strconv.ParseUint(string(m[1]), 10, 32)
		if err != nil {
			continue
		}
		s := dbcSwitch{name: dbc.Identifier(m[3])}
		for _, text := range intervals.FindAllString(string(m[4]), 256) {
			if r, err := parseRange(text); err == nil {
				s.in = append(s.in, r)
			}
		}
		f.switches[dbcSignal{dbc.MessageID(id), dbc.Identifier(m[2])}] = s
	}
	return nested.ReplaceAll(data, []byte("$1 $2"))
}

// markExtended sets the flag of a 29-bit identifier that was written without.
func markExtended(match []byte) []byte {
	const flag, standard, extended = 1 << 31, 0x7FF, 0x1FFFFFFF
	m := identified.FindSubmatch(match)
	id, err := strconv.ParseUint(string(m[2]), 10, 32)
	if err != nil || id <= standard || id > extended {
		return match
	}
	return strconv.AppendUint(slices.Clone(m[1]), id|flag, 10)
}

// plainUTF8 turns the Latin-1 of older files (degree signs) into UTF-8.
func plainUTF8(data []byte) []byte {
	if utf8.Valid(data) {
		return data
	}
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return []byte(string(runes))
}
