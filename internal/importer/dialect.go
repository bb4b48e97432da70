package importer

import (
	"bufio"
	"bytes"
)

// dialect is how a table is written.
type dialect struct {
	comma    byte
	numerals numerals
}

// sampleRecords is how many records of the head a guess looks at.
const sampleRecords = 400

// findDialect guesses the delimiter and the decimal mark from the head of a file.
func findDialect(head []byte, m *Mapping) (dialect, [][]string) {
	best, bestScore := dialect{comma: ','}, -1.0
	for _, comma := range []byte{',', ';', '\t', '|'} {
		if m != nil && m.Delimiter != "" && m.Delimiter[0] != comma {
			continue
		}
		if score := score(sample(head, comma)); score > bestScore {
			best.comma, bestScore = comma, score
		}
	}
	if m != nil && len(m.Delimiter) == 1 {
		best.comma = m.Delimiter[0]
	}
	rows := sample(head, best.comma)
	best.numerals.comma = commaDecimals(rows, best.comma)
	if m != nil && m.Decimal != "" {
		best.numerals.comma = m.Decimal == ","
	}
	return best, rows
}

// sample cuts the whole records of the head.
func sample(head []byte, comma byte) [][]string {
	if len(head) >= headBytes { // the last line is cut
		if i := bytes.LastIndexByte(head, '\n'); i > 0 {
			head = head[:i]
		}
	}
	r := newRecords(bufio.NewReaderSize(bytes.NewReader(head), max(16, len(head))), comma)
	var rows [][]string
	for len(rows) < sampleRecords {
		fields, err := r.read()
		if costsOneLine(err) {
			rows = append(rows, nil)
			continue
		}
		if err != nil {
			break
		}
		row := make([]string, len(fields))
		for i, f := range fields {
			row[i] = string(bytes.TrimSpace(f))
		}
		rows = append(rows, row)
	}
	return rows
}

// score prefers delimiters that cut most rows into the same number of fields, and into many.
func score(rows [][]string) float64 {
	widths := map[int]int{}
	filled := 0
	for _, r := range rows {
		if len(r) > 1 || len(r) == 1 && r[0] != "" {
			widths[len(r)]++
			filled++
		}
	}
	width, most := 0, 0
	for w, n := range widths {
		if n > most || n == most && w > width {
			width, most = w, n
		}
	}
	if filled == 0 || width < 2 {
		return 0
	}
	return float64(most) / float64(filled) * (1 + float64(min(width, 50))/100)
}

// commaDecimals looks for cells that can only be numbers with a decimal comma, and for such with a point.
func commaDecimals(rows [][]string, comma byte) bool {
	commas, points, either := 0, 0, 0
	for _, row := range rows {
		for _, cell := range row {
			number, _ := splitNumber([]byte(cell))
			if len(number) == 0 {
				continue
			}
			i, dot := bytes.IndexByte(number, ','), bytes.IndexByte(number, '.')
			switch {
			case i >= 0 && dot >= 0:
				if i > dot {
					commas++
				} else {
					points++
				}
			case dot >= 0:
				points++
			case i >= 0 && threeDigits(number[i+1:]):
				either++
			case i >= 0:
				commas++
			}
		}
	}
	return commas > points || commas == 0 && points == 0 && either > 0 && comma == ';'
}
