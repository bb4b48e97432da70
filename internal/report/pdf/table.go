package pdf

import (
	"math"

	"github.com/fleetms/obdctl/internal/report/document"
)

// grid is a table being set.
type grid struct {
	s      *sheet
	t      *document.Table
	widths []float64
	size   float64 // of letters
}

const cellPad = 5.5

// table sets a table: heads again on each page, rows whole, numbers under each other.
func (s *sheet) table(t *document.Table) {
	rows, more, err := t.Head()
	if err != nil {
		s.fail("read table "+t.ID, err)
		return
	}
	g := &grid{s: s, t: t, size: 8.6}
	if len(t.Columns) > 7 {
		g.size = 7.8
	}
	g.measure(rows)
	s.y += 2
	s.group("Table", func() {
		g.heads()
		for i, r := range rows {
			g.row(r, t.Notes[i])
		}
	})
	if len(rows) == 0 {
		s.flow("P", s.left, s.right-s.left, s.d.Words.T("page.empty"), style{size: 8.6, color: muted})
	}
	if more {
		s.flow("P", s.left, s.right-s.left, s.d.Words.N("page.more", t.Shown), style{size: 8, color: muted})
	}
	s.y += 10
}

func (g *grid) style() style { return style{size: g.size, color: ink} }
func (g *grid) headStyle() style {
	return style{size: g.size - 0.6, strong: true, color: muted}
}

// measured is how many rows decide the widths of columns.
const measured = 400

// measure gives each column what it needs, and shares what is left among those with text.
func (g *grid) measure(rows [][]document.Cell) {
	n := len(g.t.Columns)
	most, least, weight := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, c := range g.t.Columns {
		head := g.headStyle()
		for _, w := range words(clean(c.Head(), g.s.rule)) {
			least[i] = math.Max(least[i], g.s.widthOf(w, head))
		}
		most[i] = least[i]
		if whole := g.s.widthOf(clean(c.Head(), g.s.rule), head); c.Kind == document.Words || whole < 90 {
			most[i] = math.Max(most[i], whole)
		}
		for _, r := range rows[:min(len(rows), measured)] {
			if i < len(r) {
				g.need(r[i], c, &least[i], &most[i])
			}
		}
		least[i], most[i] = least[i]+2*cellPad+0.5, most[i]+2*cellPad+0.5
		if c.Kind == document.Words {
			weight[i] = c.Weight
			if weight[i] <= 0 {
				weight[i] = 1
			}
			least[i] = math.Min(least[i], 130)
		}
	}
	g.widths = share(most, least, weight, g.s.right-g.s.left)
}

// need widens a column for a cell.
func (g *grid) need(c document.Cell, of document.Column, least, most *float64) {
	t := g.style()
	t.strong = c.Strong
	text := c.String()
	if len(text) > 300 {
		text = text[:300]
	}
	text = clean(text, g.s.rule)
	whole := g.s.widthOf(text, t)
	if of.Kind == document.Badge && c.Level != document.None {
		whole += 16
	}
	*most = math.Max(*most, whole)
	if of.Kind != document.Words {
		*least = math.Max(*least, math.Min(whole, 110))
		return
	}
	for _, w := range words(text) {
		*least = math.Max(*least, math.Min(g.s.widthOf(w, t), 130))
	}
}

func words(s string) []string {
	var out []string
	from := 0
	for i, r := range s {
		if r == ' ' {
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

// aside is the weight of a column without text, which only wants its head on one line.
const aside = 0.3

// share divides a width: everyone gets the least, then those that want more by their weight, until all have the most;
// what is left over goes to the texts, so that tables are as wide as the page.
func share(most, least, weight []float64, width float64) []float64 {
	out := make([]float64, len(most))
	used := 0.0
	for i := range out {
		out[i] = least[i]
		used += out[i]
	}
	if used > width { // even the least is too much: everything shrinks, and letters are broken
		for i := range out {
			out[i] *= width / used
		}
		return out
	}
	for range 8 {
		wants := 0.0
		for i := range out {
			if out[i] < most[i]-0.01 {
				wants += math.Max(weight[i], aside)
			}
		}
		left := width - sum(out)
		if wants == 0 || left < 0.5 {
			break
		}
		for i := range out {
			if out[i] < most[i]-0.01 {
				out[i] = math.Min(most[i], out[i]+left*math.Max(weight[i], aside)/wants)
			}
		}
	}
	left, all := width-sum(out), 0.0
	for i := range out {
		all += 0.7 + weight[i]
	}
	for i := range out {
		out[i] += left * (0.7 + weight[i]) / all
	}
	return out
}

func sum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}

func isRight(c document.Column) bool { return c.Kind == document.Number }

// heads sets the row of heads.
func (g *grid) heads() {
	s, t := g.s, g.headStyle()
	lines := make([][]string, len(g.widths))
	high := 0.0
	for i, c := range g.t.Columns {
		lines[i] = s.wrap(c.Head(), g.widths[i]-2*cellPad, t)
		high = math.Max(high, float64(len(lines[i]))*t.line())
	}
	high += 7
	s.room(high + g.size*leading*2)
	top := s.y
	s.decor(func() {
		s.box(s.left, top, s.right-s.left, high, mix(s.accent, white, 0.91))
		s.line(s.left, top+high, s.right, top+high, s.accent, 0.9)
	})
	s.group("TR", func() {
		x := s.left
		for i := range lines {
			s.headCell(func() {
				g.lines(lines[i], x, top+3.5+high-7-float64(len(lines[i]))*t.line(), g.widths[i], t, isRight(g.t.Columns[i]))
			})
			x += g.widths[i]
		}
	})
	s.y = top + high
}

func (g *grid) lines(lines []string, x, y, width float64, t style, right bool) {
	for n, l := range lines {
		at := x + cellPad
		if right {
			at = x + width - cellPad - g.s.widthOf(l, t)
		}
		g.s.put(at, y+float64(n+1)*t.line()-t.size*0.34, l, t)
	}
}

// row sets one row; a row that is higher than what is left begins a new page, one that is higher than a page goes on over
// several.
func (g *grid) row(cells []document.Cell, note string) {
	s := g.s
	lines := make([][]string, len(g.widths))
	count := 1
	for i := range g.widths {
		if i >= len(cells) {
			continue
		}
		t := g.style()
		t.strong = cells[i].Strong
		width := g.widths[i] - 2*cellPad
		if g.t.Columns[i].Kind == document.Badge && cells[i].Level != document.None {
			lines[i] = []string{s.cut(clean(cells[i].String(), s.rule), width-12, t)}
		} else {
			lines[i] = s.wrap(cells[i].String(), width, t)
		}
		count = max(count, len(lines[i]))
	}
	line := g.style().line()
	for from := 0; from < count; {
		n := count - from
		if float64(n)*line+6 > s.fit() {
			if s.fit() < line*3+6 || float64(n)*line+6 < s.bottom-s.top-60 {
				s.turn()
				g.heads()
			}
			n = max(min(n, int((s.fit()-6)/line)), 1)
		}
		g.part(cells, lines, from, from+n)
		from += n
	}
	if note != "" {
		g.note(note)
	}
}

// part sets some lines of a row.
func (g *grid) part(cells []document.Cell, lines [][]string, from, to int) {
	s := g.s
	top, high := s.y, float64(to-from)*g.style().line()+6
	s.group("TR", func() {
		x := s.left
		for i := range g.widths {
			s.leaf("TD", "", func() {
				if i >= len(cells) || from >= len(lines[i]) {
					return
				}
				t := g.style()
				t.strong = cells[i].Strong
				if c := cells[i]; g.t.Columns[i].Kind == document.Badge && c.Level != document.None {
					g.badge(x+cellPad-2, top+3, lines[i][0], c.Level, t)
					return
				}
				g.lines(lines[i][from:min(to, len(lines[i]))], x, top+3, g.widths[i], t, isRight(g.t.Columns[i]))
			})
			x += g.widths[i]
		}
	})
	s.y = top + high
	s.decor(func() { s.line(s.left, s.y, s.right, s.y, hairline, 0.5) })
}

// badge sets a level with its sign on its colour.
func (g *grid) badge(x, y float64, text string, l document.Level, t style) {
	k := skinOf(l)
	t.size -= 0.6
	t.color, t.strong = k.on, true
	high := t.line() + 1
	wide := g.s.widthOf(text, t) + 20
	face, on := k.strong, white
	if l == document.Critical || l == document.High {
		g.s.round(x, y, wide, high, high/2, k.strong, nil)
		t.color, face, on = white, white, k.strong
	} else {
		g.s.round(x, y, wide, high, high/2, k.pale, nil)
	}
	g.s.sign(x+8, y+high/2, 3.6, l, face, on)
	g.s.put(x+15, y+high/2+t.size*0.36, text, t)
}

// note sets a line over the whole width, under its row.
func (g *grid) note(words string) {
	s := g.s
	t := style{size: g.size - 0.4, color: muted}
	s.group("TR", func() {
		e := s.tags.open("TD")
		defer s.tags.close()
		for _, l := range s.wrap(words, s.right-s.left-4*cellPad, t) {
			s.room(t.line() + 2)
			s.mark(e, func() {
				s.y += t.line()
				s.put(s.left+3*cellPad, s.y-t.size*0.3, l, t)
			})
		}
	})
	s.y += 4
	s.decor(func() { s.line(s.left, s.y, s.right, s.y, hairline, 0.5) })
}
