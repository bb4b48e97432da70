package pdf

import (
	"math"
	"strconv"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/report/document"
)

func (s *sheet) section(sec *document.Section) {
	t := style{size: 14.5, strong: true, color: s.accent}
	s.y += 14
	if sec.Break && s.y > s.top {
		s.turn()
	}
	// A heading never stands alone at the foot of a page.
	s.room(t.line() + 10 + s.least(sec.Blocks))
	s.f.Bookmark(clean(sec.Title, nil), 1, s.y)
	s.group("Sect", func() {
		s.leaf("H2", "", func() {
			s.y += t.line()
			s.one(s.left, s.y-4, s.right-s.left, sec.Title, t)
		})
		s.decor(func() { s.line(s.left, s.y+1.5, s.right, s.y+1.5, hairline, 0.8) })
		s.y += 7
		for i, b := range sec.Blocks {
			if b.Text != nil && b.Text.Role == document.Heading {
				s.room(30 + s.least(sec.Blocks[i+1:]))
			}
			s.block(b)
		}
	})
}

// least is how much room the beginning of blocks needs to look right.
func (s *sheet) least(blocks []document.Block) float64 {
	if len(blocks) == 0 {
		return 0
	}
	switch b := blocks[0]; {
	case b.Chart != nil:
		return math.Min(chart.Height(b.Chart, metrics(), s.right-s.left)+12, 330)
	case b.Text != nil && b.Text.Role != document.Heading && len(blocks) > 1 && blocks[1].List == nil:
		lines := len(s.wrap(b.Text.Words, s.right-s.left, body()))
		return math.Min(float64(lines)*body().line()+8, 80) + s.least(blocks[1:2])
	case b.Callout != nil, b.Tiles != nil, b.Table != nil:
		return 70
	case b.Text != nil && b.Text.Role == document.Heading:
		return 30 + s.least(blocks[1:])
	}
	return 30
}

func (s *sheet) block(b document.Block) {
	switch {
	case b.Text != nil:
		s.text(b.Text)
	case b.List != nil:
		s.list(b.List)
	case b.Callout != nil:
		s.callout(b.Callout)
	case b.Tiles != nil:
		s.tiles(b.Tiles)
	case b.Facts != nil:
		s.facts(b.Facts)
	case b.Table != nil:
		s.table(b.Table)
	case b.Chart != nil:
		s.chart(b.Chart)
	case b.Picture != nil:
		s.photo(b.Picture)
	case b.Sign != nil:
		s.signatures(b.Sign)
	}
}

func body() style { return style{size: 9.6, color: ink} }

func (s *sheet) text(t *document.Text) {
	width := s.right - s.left
	switch t.Role {
	case document.Heading:
		s.y += 8
		s.flow("H3", s.left, width, t.Words, style{size: 10.8, strong: true, color: ink})
		s.y += 1
	case document.Lead:
		s.flow("P", s.left, width, t.Words, style{size: 12, color: ink})
		s.y += 6
	case document.Small:
		s.y += 2
		s.flow("P", s.left, width, t.Words, style{size: 8, color: muted})
		s.y += 4
	default:
		s.labelled(t, width)
		s.y += 4
	}
}

// labelled is a paragraph whose first words stand out.
func (s *sheet) labelled(p *document.Text, width float64) {
	t := body()
	if p.Label == "" {
		s.flow("P", s.left, width, p.Words, t)
		return
	}
	strong := t
	strong.strong = true
	label := s.cut(clean(p.Label, s.rule), width*0.6, strong)
	indent := s.widthOf(label+" ", strong)
	e := s.tags.open("P")
	defer s.tags.close()
	for n, l := range s.wrapAfter(p.Words, width, indent, t) {
		s.room(t.line())
		s.mark(e, func() {
			s.y += t.line()
			x := s.left
			if n == 0 {
				s.put(x, s.y-t.size*0.32, label, strong)
				x += indent
			}
			s.put(x, s.y-t.size*0.32, l, t)
		})
	}
}

func (s *sheet) list(l *document.List) {
	t := body()
	s.group("L", func() {
		for i, item := range l.Items {
			s.room(t.line() + 2)
			s.y += 2
			s.group("LI", func() {
				y := s.y
				s.leaf("Lbl", "", func() {
					if l.Ordered {
						s.round(s.left, y+0.4, 13, 13, 6.5, mix(s.accent, white, 0.86), nil)
						n := strconv.Itoa(i + 1)
						small := style{size: 7.8, strong: true, color: s.accent}
						s.put(s.left+6.5-s.widthOf(n, small)/2, y+9.7, n, small)
						return
					}
					s.fill(s.accent)
					s.f.Circle(s.left+6, y+7.4, 1.7, "F")
				})
				s.flow("LBody", s.left+20, s.right-s.left-20, item, t)
			})
		}
	})
	s.y += 5
}

// callout sets the verdict: a pale card with the level's colour and sign.
func (s *sheet) callout(c *document.Callout) {
	k := skinOf(c.Level)
	big, small := style{size: 15.5, strong: true, color: k.on}, style{size: 9.8, color: ink}
	x, width := s.left+58, s.right-s.left-58-14
	title := s.wrap(c.Title, width, big)
	var lines []string
	for _, w := range c.Words {
		lines = append(lines, s.wrap(w, width, small)...)
	}
	high := math.Max(float64(len(title))*big.line()+float64(len(lines))*small.line()+22, 48)
	if high > s.bottom-s.top { // too long for a card
		s.flow("H3", s.left, s.right-s.left, c.Title, big)
		for _, w := range c.Words {
			s.flow("P", s.left, s.right-s.left, w, small)
		}
		return
	}
	s.room(high + 6)
	top := s.y + 2
	s.decor(func() {
		s.round(s.left, top, s.right-s.left, high, 6, k.pale, nil)
		s.round(s.left, top, 5, high, 2.5, k.strong, nil)
		s.sign(s.left+32, top+math.Min(high/2, 26), 13, c.Level, k.strong, white)
	})
	y := top + 10
	s.leaf("H3", "", func() {
		for _, l := range title {
			y += big.line()
			s.put(x, y-6, l, big)
		}
	})
	s.leaf("P", "", func() {
		for _, l := range lines {
			y += small.line()
			s.put(x, y-3.5, l, small)
		}
	})
	s.y = top + high + 8
}

// tiles sets figures beside each other.
func (s *sheet) tiles(list []document.Tile) {
	const gap, high = 8.0, 58.0
	perRow := min(len(list), 5)
	width := (s.right - s.left - gap*float64(perRow-1)) / float64(perRow)
	for i, t := range list {
		if i%perRow == 0 {
			s.room(high + 6)
			if i > 0 {
				s.y += high + gap
				s.room(high + 6)
			}
		}
		x := s.left + float64(i%perRow)*(width+gap)
		s.leaf("P", "", func() { s.tile(x, s.y+2, width, high, t) })
	}
	s.y += high + 10
}

func (s *sheet) tile(x, y, width, high float64, t document.Tile) {
	k := skinOf(t.Level)
	edge := hairline
	s.round(x, y, width, high, 5, white, &edge)
	if t.Level != document.None {
		s.box(x+10, y, width-20, 2.4, k.strong)
		s.sign(x+width-13, y+14, 5, t.Level, k.strong, white)
	}
	s.fitted(x+9, y+16, width-29, t.Name, style{size: 7.6, color: muted})
	value := style{size: 17, strong: true, color: ink}
	for value.size > 9 && s.widthOf(clean(t.Value, s.rule), value) > width-16 {
		value.size--
	}
	s.one(x+9, y+36, width-16, t.Value, value)
	s.fitted(x+9, y+49, width-16, t.Note, style{size: 7.6, color: muted})
}

// facts sets names and values in two columns.
func (s *sheet) facts(list []document.Fact) {
	const columns, high = 2, 17.0
	width := (s.right - s.left) / columns
	t := style{size: 9.2, color: ink}
	for i, f := range list {
		if i%columns == 0 {
			s.room(high)
			s.y += high
			s.decor(func() { s.line(s.left, s.y+2, s.right, s.y+2, hairline, 0.4) })
		}
		x := s.left + float64(i%columns)*width
		s.leaf("P", "", func() {
			value := s.cut(clean(f.String(), s.rule), width*0.5, t)
			used := s.widthOf(value, t)
			s.fitted(x, s.y-3, width-14-used-8, f.Name, style{size: 9.2, color: muted})
			s.put(x+width-14-used, s.y-3, value, t)
		})
	}
	s.y += 10
}

func (s *sheet) photo(p *document.Picture) {
	width := s.right - s.left
	if p.Width > 0 && p.Width < 1 {
		width *= p.Width
	}
	high := 260.0
	s.room(high + 20)
	s.leaf("Figure", p.Alt, func() {
		_, h := s.picture(p, s.left, s.y, width, high)
		s.y += h + 2
	})
	if p.Caption != "" {
		s.flow("Caption", s.left, width, p.Caption, style{size: 8, color: muted})
	}
	s.y += 8
}

// signatures leaves lines to sign on.
func (s *sheet) signatures(names []string) {
	const gap = 24.0
	width := (s.right - s.left - gap*float64(len(names)-1)) / float64(len(names))
	s.room(64)
	s.y += 44
	for i, n := range names {
		x := s.left + float64(i)*(width+gap)
		s.leaf("P", "", func() {
			s.line(x, s.y, x+width, s.y, ink, 0.7)
			s.one(x, s.y+11, width, n, style{size: 8, color: muted})
		})
	}
	s.y += 18
}
