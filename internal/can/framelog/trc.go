package framelog

import (
	"slices"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/can"
)

// peak reads PEAK's trace, versions 1.0 to 1.3 and 2.0 to 2.1. Version 2 names its columns in a header line.
type peak struct {
	version string
	columns string // letters of version 2, such as "NOTBIDRLD"
}

func (p *peak) parse(text string) (Entry, kind) {
	if text[0] == ';' {
		key, value, _ := strings.Cut(strings.TrimPrefix(text, ";$"), "=")
		switch strings.ToUpper(strings.TrimSpace(key)) {
		case "FILEVERSION":
			p.version = strings.TrimSpace(value)
		case "COLUMNS":
			p.columns = strings.ReplaceAll(strings.ToUpper(strings.TrimSpace(value)), ",", "")
		}
		return Entry{}, isComment
	}
	words := strings.Fields(text)
	if strings.HasPrefix(p.version, "2") {
		return p.second(words)
	}
	return p.first(words)
}

// first reads version 1: number with a bracket, milliseconds, from 1.2 on a bus, from 1.1 on a direction,
// identifier, from 1.3 on a reserved column, length, data.
func (p *peak) first(words []string) (Entry, kind) {
	var e Entry
	if len(words) < 4 || !strings.HasSuffix(words[0], ")") {
		return e, isUnknown
	}
	at, ok := seconds(words[1], 1000)
	if !ok {
		return e, isUnknown
	}
	e.At = at
	words = words[2:]
	if p.version == "1.2" || p.version == "1.3" {
		e.Interface, words = words[0], words[1:]
	}
	if p.version == "1.1" || p.version == "1.2" || p.version == "1.3" {
		e.Sent = strings.EqualFold(words[0], "Tx")
		if k := classOf(words[0]); k != isFrame {
			return e, k
		}
		words = words[1:]
	}
	if len(words) > 2 && p.version == "1.3" {
		words = append([]string{words[0]}, words[2:]...)
	}
	if len(words) < 2 || !peakID(&e.Frame, words[0]) {
		return e, isUnknown
	}
	return p.data(e, words[1], words[2:])
}

// classOf tells frames from warnings and errors by the direction column.
func classOf(s string) kind {
	switch strings.ToLower(s) {
	case "rx", "tx":
		return isFrame
	case "error":
		return isError
	}
	return isComment
}

// peakID reads an identifier: four digits are 11 bits, eight 29 bits; FFFFFFFF marks a status.
func peakID(f *can.Frame, s string) bool {
	id, ok := number(s, 16)
	switch {
	case !ok || id > 0x1FFFFFFF:
		return false
	case len(s) == 8:
		f.ID = can.ID(id) | can.Extended
	case id > 0x7FF:
		return false
	default:
		f.ID = can.ID(id)
	}
	return true
}

func (p *peak) data(e Entry, length string, words []string) (Entry, kind) {
	n, err := strconv.ParseUint(length, 10, 8)
	if err != nil || !validLength(int(n), e.Frame.FD) {
		return e, isUnknown
	}
	e.Frame.Len = uint8(n)
	if e.Frame.Remote || len(words) > 0 && strings.EqualFold(words[0], "RTR") {
		e.Frame.Remote = true
		return e, isFrame
	}
	if !fill(&e.Frame, words, 16) {
		return e, isUnknown
	}
	return e, isFrame
}

// fdTypes are the kinds of message of version 2 that are CAN FD, and those of them with the faster bit rate.
var fdTypes, brsTypes = []string{"FD", "FB", "FE", "BI"}, []string{"FB", "BI"}

// codes are the lengths behind the length codes 9 to 15.
var codes = [...]int{12, 16, 20, 24, 32, 48, 64}

// second reads version 2 by its columns: N number, O milliseconds, T type, B bus, I identifier, d
// direction, R reserved, l or L length, D data.
func (p *peak) second(words []string) (Entry, kind) {
	columns := p.columns
	if columns == "" {
		columns = "NOTIDLD"
	}
	var e Entry
	length := ""
	seenDirection := false
	for i, c := range columns {
		if i >= len(words) && c != 'D' {
			return e, isUnknown
		}
		switch {
		case c == 'O':
			at, ok := seconds(words[i], 1000)
			if !ok {
				return e, isUnknown
			}
			e.At = at
		case c == 'T':
			switch t := strings.ToUpper(words[i]); {
			case t == "ER" || t == "EC":
				return e, isError
			case t == "RR":
				e.Frame.Remote = true
			case slices.Contains(fdTypes, t):
				e.Frame.FD, e.Frame.BRS = true, slices.Contains(brsTypes, t)
			case t != "DT":
				return e, isComment
			}
		case c == 'B':
			e.Interface = words[i]
		case c == 'I':
			if !peakID(&e.Frame, words[i]) {
				return e, isUnknown
			}
		case c == 'L':
			length = words[i]
		case c == 'D' && !seenDirection && i < len(words) && classOf(words[i]) == isFrame:
			seenDirection = true
			e.Sent = strings.EqualFold(words[i], "Tx")
		case c == 'D':
			return p.data(e, p.realLength(length, e.Frame.FD, len(words)-i), words[min(i, len(words)):])
		}
	}
	return e, isUnknown
}

// realLength turns a length code of CAN FD into a length where the data that is there says so.
func (p *peak) realLength(s string, fd bool, have int) string {
	n, err := strconv.Atoi(s)
	if err == nil && fd && n > 8 && n < 16 && have >= codes[n-9] {
		return strconv.Itoa(codes[n-9])
	}
	return s
}
