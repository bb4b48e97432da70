package search

import (
	"fmt"
	"strings"
)

// Mistake says where a query cannot be understood.
type Mistake struct {
	Column int    // of the character, from 1
	Term   string // what stands there, may be empty
	Reason string
}

func (m *Mistake) Error() string {
	if m.Term == "" {
		return fmt.Sprintf("column %d: %s", m.Column, m.Reason)
	}
	return fmt.Sprintf("column %d, %s: %s", m.Column, m.Term, m.Reason)
}

// advice names the closest of the choices, or all of them when none is close.
func advice(given string, choices []string) string {
	best, least := "", 3
	for _, c := range choices {
		if d := distance(given, c); d < least && d < len([]rune(c)) {
			best, least = c, d
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return "there are " + strings.Join(choices, ", ")
}

// distance counts the letters to insert, remove, change or swap with their neighbour (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 32 || len(y) > 32 {
		return 32
	}
	var rows [34][34]int
	for i := range len(x) + 1 {
		for j := range len(y) + 1 {
			rows[i][j] = step(&rows, x, y, i, j)
		}
	}
	return rows[len(x)][len(y)]
}

func step(rows *[34][34]int, x, y []rune, i, j int) int {
	if i == 0 || j == 0 {
		return i + j
	}
	change := 1
	if x[i-1] == y[j-1] {
		change = 0
	}
	d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
	if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
		d = min(d, rows[i-2][j-2]+1)
	}
	return d
}
