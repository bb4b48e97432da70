package document

import "iter"

// Tables yields every table with its section.
func (d *Document) Tables() iter.Seq2[*Section, *Table] {
	return func(yield func(*Section, *Table) bool) {
		for i := range d.Sections {
			for _, b := range d.Sections[i].Blocks {
				if b.Table != nil && !yield(&d.Sections[i], b.Table) {
					return
				}
			}
		}
	}
}

// All yields the rows of a table, from its source where it has one.
func (t *Table) All() iter.Seq2[[]Cell, error] {
	if t.Source != nil {
		return t.Source
	}
	return func(yield func([]Cell, error) bool) {
		for _, r := range t.Rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Head returns the rows that a page for people shows, and whether there are more.
func (t *Table) Head() (rows [][]Cell, more bool, err error) {
	if t.Source == nil {
		return t.Rows, false, nil
	}
	for r, err := range t.Source {
		if err != nil {
			return rows, false, err
		}
		if len(rows) == t.Shown {
			return rows, true, nil
		}
		rows = append(rows, r)
	}
	return rows, false, nil
}
