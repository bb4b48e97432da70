package importer

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf8"
)

// numerals says how a file writes numbers.
type numerals struct {
	comma bool // "1,5" is one and a half, and "1,234" a number with three decimals
}

var pow10 = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// parse reads the number that a cell starts with and returns what stands behind it, such as a unit.
func (n numerals) parse(cell []byte) (value float64, rest []byte, ok bool) {
	if v, ok := plainNumber(cell); ok {
		return v, nil, true
	}
	number, rest := splitNumber(cell)
	if len(number) == 0 {
		return 0, cell, false
	}
	var tidy [48]byte
	text := n.tidy(tidy[:0], number)
	if v, ok := plainNumber(text); ok {
		return v, bytes.TrimSpace(rest), true
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0, cell, false
	}
	return v, bytes.TrimSpace(rest), true
}

// plainNumber reads -123.456 with at most 15 digits, which a float64 holds exactly.
func plainNumber(cell []byte) (float64, bool) {
	i, negative := 0, false
	if len(cell) > 0 && cell[0] == '-' {
		i, negative = 1, true
	}
	var mantissa int64
	digits, point := 0, -1
	for ; i < len(cell); i++ {
		c := cell[i]
		switch {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + int64(c-'0')
			digits++
		case c == '.' && point < 0:
			point = digits
		default:
			return 0, false
		}
	}
	if digits == 0 || digits > 15 {
		return 0, false
	}
	v := float64(mantissa)
	if point >= 0 {
		v /= pow10[digits-point]
	}
	if negative {
		v = -v
	}
	return v, true
}

// splitNumber cuts a cell behind its number: digits with points, commas and marks between thousands.
func splitNumber(cell []byte) (number, rest []byte) {
	i := 0
	if i < len(cell) && (cell[i] == '-' || cell[i] == '+') {
		i++
	}
	last := 0 // behind the last digit
	for i < len(cell) {
		c := cell[i]
		switch {
		case c >= '0' && c <= '9':
			i++
			last = i
			continue
		case c == '.' || c == ',':
			i++
			continue
		case (c == 'e' || c == 'E') && last > 0 && exponent(cell[i+1:]) > 0:
			i += 1 + exponent(cell[i+1:])
			return cell[:i], cell[i:]
		}
		size := thousandMark(cell[i:])
		if size == 0 || last == 0 || !threeDigits(cell[i+size:]) {
			break
		}
		i += size
	}
	return cell[:last], cell[last:]
}

// exponent returns the length of "+12" behind an E.
func exponent(s []byte) int {
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	from := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == from || i-from > 3 {
		return 0
	}
	return i
}

// thousandMark returns the length of a blank (also a no-break or narrow one) or an apostrophe.
func thousandMark(s []byte) int {
	switch c, size := utf8.DecodeRune(s); c {
	case ' ', '\'', '\u00A0', '\u202F', '\u2009', '’':
		return size
	}
	return 0
}

func threeDigits(s []byte) bool {
	return len(s) >= 3 && allDigits(s[:3]) && (len(s) == 3 || s[3] < '0' || s[3] > '9')
}

func allDigits(s []byte) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) > 0
}

// tidy writes a number as Go reads it. Of a point and a comma the last one is the decimal mark; the same
// mark twice parts thousands; a single one is what the file says, but a comma with other than three digits
// behind it can only be the decimal mark.
func (n numerals) tidy(dst, number []byte) []byte {
	dots, commas := bytes.Count(number, []byte(".")), bytes.Count(number, []byte(","))
	mark := byte('.')
	switch {
	case dots > 0 && commas > 0:
		if bytes.LastIndexByte(number, ',') > bytes.LastIndexByte(number, '.') {
			mark = ','
		}
	case commas > 1:
		mark = '.'
	case dots > 1:
		mark = ','
	case commas == 1:
		if i := bytes.IndexByte(number, ','); n.comma || i == 0 || !threeDigits(number[i+1:]) {
			mark = ','
		}
	}
	for _, c := range number {
		switch {
		case c == mark:
			dst = append(dst, '.')
		case c >= '0' && c <= '9', c == '-', c == '+', c == 'e', c == 'E':
			dst = append(dst, c)
		}
	}
	return dst
}

// missing lists the ways to write that there is no value.
var missing = [...]string{
	"-", "--", "---", "nodata", "no data", "nan", "n/a", "na", "null", "none", "nil", "?", "inf", "-inf", "infinity", "∞", "-∞",
	"not available", "not supported", "unknown", "error", "stopped", "undefined", "#n/a", "#value!", "(null)", "3.4028235e38", "3.4028235e+38",
}

// isMissing tells a cell that says nothing; blanks around it are gone already.
func isMissing(cell []byte) bool {
	if len(cell) == 0 {
		return true
	}
	if c := cell[0]; len(cell) > 16 || c >= '0' && c <= '9' && c != '3' {
		return false
	}
	for _, m := range missing {
		if len(m) == len(cell) && bytes.EqualFold([]byte(m), cell) {
			return true
		}
	}
	return false
}
