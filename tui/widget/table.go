package widget

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Column of a [Table].
type Column struct {
	Title string
	Width int  // 0: as wide as the widest cell
	Max   int  // of a column without Width; 0: no limit
	Flex  bool // takes the room that is left; one column at the most
	Right bool // numbers
	Drop  int  // columns with the highest number go first when the room ends; 0 never goes
}

// Cell of a [Row].
type Cell struct {
	Text string
	Tone theme.Tone
}

// Row of a [Table]. A head stands between rows and cannot be chosen.
type Row struct {
	Cells []Cell
	Head  bool
}

// Table shows rows in columns, with one of them chosen, and scrolls.
type Table struct {
	Columns []Column
	Rows    []Row
	Cursor  int
	Bare    bool // no titles
	Blurred bool // another part of the screen has the keys
	Still   bool // a picture of rows: nothing can be chosen, and no room is kept for the cursor

	x, y, width, height int // where it stands in the body
	top                 int // first row shown
}

// Place says where the table stands in the body of its screen and how large it is.
func (t *Table) Place(x, y, width, height int) {
	t.x, t.y, t.width, t.height = x, y, width, height
	t.settle()
}

// SetRows replaces the rows and keeps the cursor where it can be.
func (t *Table) SetRows(rows []Row) {
	t.Rows = rows
	t.settle()
}

// Chosen is the index of the row under the cursor, -1 for none.
func (t *Table) Chosen() int {
	if t.Cursor < 0 || t.Cursor >= len(t.Rows) || t.Rows[t.Cursor].Head {
		return -1
	}
	return t.Cursor
}

// body is how many rows are shown.
func (t *Table) body() int {
	if t.Bare {
		return max(t.height, 1)
	}
	return max(t.height-1, 1)
}

// settle brings the cursor onto a row and the row into sight.
func (t *Table) settle() {
	t.Cursor = max(0, min(t.Cursor, len(t.Rows)-1))
	t.skip(1)
	n := t.body()
	if t.Cursor < t.top {
		t.top = t.Cursor
		if t.top > 0 && t.Rows[t.top-1].Head {
			t.top--
		}
	}
	if t.Cursor >= t.top+n {
		t.top = t.Cursor - n + 1
	}
	t.top = max(0, min(t.top, len(t.Rows)-n))
}

// skip moves the cursor off a head, on in the direction, else back.
func (t *Table) skip(step int) {
	for _, d := range []int{step, -step} {
		for i := t.Cursor; i >= 0 && i < len(t.Rows); i += d {
			if !t.Rows[i].Head {
				t.Cursor = i
				return
			}
		}
	}
}

// Move moves the cursor by so many rows.
func (t *Table) Move(by int) {
	step := 1
	if by < 0 {
		step = -1
	}
	t.Cursor = max(0, min(t.Cursor+by, len(t.Rows)-1))
	t.skip(step)
	t.settle()
}

// View draws the table, exactly as large as it was placed.
func (t *Table) View(l screen.Look) string {
	if l.Linear {
		return t.linear(l)
	}
	widths := t.widths(l)
	var lines []string
	if !t.Bare {
		lines = append(lines, t.title(l, widths))
	}
	n := t.body()
	for i := t.top; i < min(t.top+n, len(t.Rows)); i++ {
		lines = append(lines, t.row(l, i, widths))
	}
	t.more(l, lines)
	return Block(strings.Join(lines, "\n"), t.width, t.height)
}

// more shows at the right edge that there are rows above or below.
func (t *Table) more(l screen.Look, lines []string) {
	first := 1
	if t.Bare {
		first = 0
	}
	if len(lines) <= first || t.width < 12 {
		return
	}
	if t.top > 0 {
		lines[first] = Fit(lines[first], t.width-1) + l.Paint(theme.Faint, l.Theme.Glyphs.Up)
	}
	if last := len(lines) - 1; t.top+t.body() < len(t.Rows) {
		lines[last] = Fit(lines[last], t.width-1) + l.Paint(theme.Faint, l.Theme.Glyphs.Down)
	}
}

// Shown are the rows in sight, from the first to before the second.
func (t *Table) Shown() (from, until int) { return t.top, min(t.top+t.body(), len(t.Rows)) }

// gutter is the room before the first column, which shows the cursor.
func (t *Table) gutter() int {
	if t.Still {
		return 0
	}
	return 2
}

// widths gives each column its room; -1 is a column that is left out.
func (t *Table) widths(l screen.Look) []int {
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = c.Width
		if c.Width == 0 {
			widths[i] = t.natural(i, c)
		}
	}
	for {
		flex, used := -1, t.gutter()
		for i, c := range t.Columns {
			if widths[i] < 0 {
				continue
			}
			if c.Flex {
				flex = i
				used += 2
				continue
			}
			used += widths[i] + 2
		}
		used -= 2
		need := 0
		if flex >= 0 {
			need = min(widths[flex], flexAtLeast)
		}
		if victim := t.victim(widths); used+need > t.width && victim >= 0 {
			widths[victim] = t.squeeze(widths[victim], victim, used+need-t.width)
			continue
		}
		if flex >= 0 {
			widths[flex] = max(t.width-used, 1)
		}
		return widths
	}
}

const (
	flexAtLeast = 32 // what the flexible column keeps before others give way, unless it needs less
	columnLeast = 10 // what a column with a Max is cut to before it is left out
)

// squeeze takes room from a column: as much as is needed, or all of it; -1 leaves the column out.
func (t *Table) squeeze(width, column, need int) int {
	if t.Columns[column].Max > 0 && width-need >= columnLeast {
		return width - need
	}
	return -1
}

// victim is the next column to leave out, -1 for none.
func (t *Table) victim(widths []int) int {
	found := -1
	for i, c := range t.Columns {
		if widths[i] >= 0 && c.Drop > 0 && (found < 0 || c.Drop > t.Columns[found].Drop) {
			found = i
		}
	}
	return found
}

// natural is the width of the widest cell.
func (t *Table) natural(i int, c Column) int {
	w := 0
	if !t.Bare {
		w = ansi.StringWidth(c.Title)
	}
	for _, r := range t.Rows {
		if i < len(r.Cells) && !r.Head {
			w = max(w, ansi.StringWidth(r.Cells[i].Text))
		}
	}
	if c.Max > 0 {
		w = min(w, c.Max)
	}
	return w
}

func (t *Table) title(l screen.Look, widths []int) string {
	var b strings.Builder
	b.WriteString(blank(t.gutter()))
	for i, c := range t.Columns {
		if widths[i] >= 0 {
			b.WriteString(align(c.Title, widths[i], c.Right) + "  ")
		}
	}
	return l.Paint(theme.Faint, Fit(strings.TrimRight(b.String(), " "), t.width))
}

func align(text string, width int, right bool) string {
	if right {
		return FitRight(text, width)
	}
	return Fit(text, width)
}

func (t *Table) row(l screen.Look, n int, widths []int) string {
	r := t.Rows[n]
	if r.Head {
		text := ""
		if len(r.Cells) > 0 {
			text = Clean(r.Cells[0].Text)
		}
		return l.Paint(theme.Accent, Fit(text, t.width))
	}
	chosen := n == t.Cursor && !t.Blurred && !t.Still
	paint := l.Theme.Style
	if chosen {
		paint = l.Theme.Over
	}
	var b strings.Builder
	switch {
	case chosen:
		b.WriteString(paint(theme.Accent).Render(l.Theme.Glyphs.Here + " "))
	case n == t.Cursor && !t.Still:
		b.WriteString(l.Paint(theme.Faint, l.Theme.Glyphs.Here) + " ")
	default:
		b.WriteString(blank(t.gutter()))
	}
	used := t.gutter()
	for i, c := range t.Columns {
		if widths[i] < 0 || i >= len(r.Cells) {
			continue
		}
		text := align(Clean(r.Cells[i].Text), widths[i], c.Right)
		if used+widths[i]+2 <= t.width {
			text += "  "
		}
		used += widths[i] + 2
		if !chosen {
			b.WriteString(l.Paint(r.Cells[i].Tone, text))
			continue
		}
		b.WriteString(paint(r.Cells[i].Tone).Render(text))
	}
	if chosen {
		if w := ansi.StringWidth(b.String()); w < t.width {
			b.WriteString(paint(theme.Plain).Render(blank(t.width - w)))
		}
	}
	return b.String()
}

// linear writes a row a line, "title value, title value", for screen readers.
func (t *Table) linear(l screen.Look) string {
	var lines []string
	for i := t.top; i < min(t.top+t.body(), len(t.Rows)); i++ {
		var parts []string
		for j, c := range t.Rows[i].Cells {
			text := strings.TrimSpace(Clean(c.Text))
			if text == "" {
				continue
			}
			if !t.Rows[i].Head && j < len(t.Columns) && t.Columns[j].Title != "" {
				text = t.Columns[j].Title + " " + text
			}
			parts = append(parts, text)
		}
		line := strings.Join(parts, ", ")
		if i == t.Cursor && !t.Blurred && !t.Still {
			line = "> " + line
		}
		lines = append(lines, line)
	}
	return Block(strings.Join(lines, "\n"), t.width, t.height)
}
