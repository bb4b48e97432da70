package store

// Page asks for a part of a long list. Lists are in the order that their method says.
type Page struct {
	After string // the cursor of the last page's end, "" for the start
	Limit int    // 0 means 100; at most 10,000
}

// Size returns the limit within its bounds.
func (p Page) Size() int {
	switch {
	case p.Limit <= 0:
		return 100
	case p.Limit > 10_000:
		return 10_000
	}
	return p.Limit
}

// List is one page with the cursor of the next one, "" at the end.
type List[T any] struct {
	Items []T
	Next  string
}
