package chart

import "math"

func matrixRow(m Metrics) float64 {
	if m.Coarse {
		return m.Text
	}
	return m.Text * 2.6
}

// matrix draws counts in a grid: one row for what is true, one column for what was said. Shades go by the share of the
// row; what lies on the diagonal is right.
func (p *pen) matrix(c *Chart, b box) {
	row := matrixRow(p.m)
	left := 0.0
	for _, name := range c.Rows {
		left = math.Max(left, p.Width(name, p.plain()))
	}
	left = b.x + math.Min(left, (b.right-b.x)*0.4) + p.m.Pad*2
	if name := c.Y.Label; name != "" {
		p.Text(Point{b.x, b.y + p.m.Small}, p.cut(name, left-b.x, p.small()), p.small())
	}
	if name := c.X.Label; name != "" {
		p.Text(Point{left, b.y + p.m.Small}, p.cut(name, b.right-left, p.small()), p.small())
	}
	width := (b.right - left) / float64(max(len(c.Columns), 1))
	top := b.y + p.m.Small + p.m.Text + p.m.Pad
	for i, name := range c.Columns {
		p.Text(Point{left + width*(float64(i)+0.5), top - p.m.Pad*0.4}, p.cut(name, width-p.m.Pad*0.5, p.plain()), p.plain().aligned(Center))
	}
	for i, cells := range c.Cells {
		y := top + float64(i)*row
		base := y + row/2 + p.m.Text*0.36
		if i < len(c.Rows) {
			p.Text(Point{b.x, base}, p.cut(c.Rows[i], left-b.x-p.m.Pad, p.plain()), p.plain())
		}
		p.matrixRow(cells, i, box{left, y, left + width, y + row}, width, base)
	}
}

func (p *pen) matrixRow(cells []float64, i int, cell box, width, base float64) {
	sum := 0.0
	for _, v := range cells {
		sum += v
	}
	for k, v := range cells {
		ink, letters := Track, p.plain().aligned(Center)
		switch share := v / math.Max(sum, 1); {
		case v == 0:
			letters = letters.in(Muted)
		case k == i && share >= 0.5:
			ink, letters = GoodInk, letters.in(Ground)
		case k == i:
			ink = GoodPale
		case share >= 0.5:
			ink, letters = BadInk, letters.in(Ground)
		default:
			ink = BadPale
		}
		gap := p.m.Pad * 0.15
		p.rectangle(box{cell.x + float64(k)*width + gap, cell.y + gap, cell.x + float64(k+1)*width - gap, cell.bottom - gap}, ink)
		p.Text(Point{cell.x + (float64(k)+0.5)*width, base}, p.w.Number(v, 0), letters)
	}
}
