package catalog

import "slices"

// Years is a choice of model years. From and To are inclusive and 0 when open; with From after To the
// years up to To and those from From on are meant, as OBDb writes it. Also lists single years.
type Years struct {
	From int
	To   int
	Also []int
}

// Any tells that every model year is meant.
func (y Years) Any() bool { return y.From == 0 && y.To == 0 && len(y.Also) == 0 }

// IsZero is Any, for encoding/json.
func (y Years) IsZero() bool { return y.Any() }

// Has tells whether a model year is meant; an unknown year (0) always is.
func (y Years) Has(year int) bool {
	if year == 0 || y.Any() || slices.Contains(y.Also, year) {
		return true
	}
	switch {
	case y.From != 0 && y.To != 0 && y.From < y.To:
		return y.From <= year && year <= y.To
	case y.From != 0 && y.To != 0:
		return year >= y.From || year <= y.To
	case y.From != 0:
		return year >= y.From
	case y.To != 0:
		return year <= y.To
	}
	return false
}
