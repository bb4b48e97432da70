package term

import (
	"math"

	"github.com/fleetms/obdctl/internal/chart"
)

// bits of a braille cell by column and row (Unicode, U+2800).
var bits = [across][down]uint8{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

func (p *screen) dot(x, y int, ink chart.Ink) {
	if x < 0 || y < 0 || x >= p.columns*across || y >= p.rows*down {
		return
	}
	c := &p.cells[y/down*p.columns+x/across]
	c.dots |= bits[x%across][y%down]
	c.ink = ink
}

// Line draws dot by dot (Bresenham); dashes leave dots out.
func (p *screen) Line(points []chart.Point, s chart.Stroke) {
	n := 0
	for i := 1; i < len(points); i++ {
		x, y := place(points[i-1])
		toX, toY := place(points[i])
		dx, dy := abs(toX-x), -abs(toY-y)
		stepX, stepY := sign(toX-x), sign(toY-y)
		for e := dx + dy; ; {
			if len(s.Dash) == 0 || n/3%2 == 0 {
				p.dot(x, y, s.Ink)
			}
			n++
			if x == toX && y == toY {
				break
			}
			twice := 2 * e
			if twice >= dy {
				e, x = e+dy, x+stepX
			}
			if twice <= dx {
				e, y = e+dx, y+stepY
			}
		}
	}
}

// place is the dot of a point, never far outside, so that no line is endless.
func place(pt chart.Point) (x, y int) {
	clamp := func(v float64) int { return int(math.Round(math.Min(math.Max(v, -1e4), 1e4))) }
	return clamp(pt.X), clamp(pt.Y)
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}

func sign(v int) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}

// isPale tells the inks of areas that lie under lines; a terminal shows them by every other dot.
func isPale(ink chart.Ink) bool {
	return ink == chart.Track || ink >= chart.GoodPale && ink <= chart.BadPale || ink >= chart.Pale1
}

// Area fills dot by dot (even-odd rule); the paper's own ink clears.
func (p *screen) Area(points []chart.Point, ink chart.Ink) {
	if len(points) < 3 || ink == chart.Ground {
		return
	}
	top, bottom := math.Inf(1), math.Inf(-1)
	left, right := math.Inf(1), math.Inf(-1)
	for _, pt := range points {
		top, bottom = math.Min(top, pt.Y), math.Max(bottom, pt.Y)
		left, right = math.Min(left, pt.X), math.Max(right, pt.X)
	}
	fromX, fromY := max(int(left), 0), max(int(top), 0)
	toX, toY := min(int(math.Ceil(right)), p.columns*across-1), min(int(math.Ceil(bottom)), p.rows*down-1)
	for y := fromY; y <= toY; y++ {
		for x := fromX; x <= toX; x++ {
			if isPale(ink) && (x+y)%2 == 1 {
				continue
			}
			if inside(points, float64(x)+0.5, float64(y)+0.5) {
				p.dot(x, y, ink)
			}
		}
	}
}

func inside(points []chart.Point, x, y float64) bool {
	in := false
	for i, a := range points {
		b := points[(i+1)%len(points)]
		if (a.Y > y) != (b.Y > y) && x < (b.X-a.X)*(y-a.Y)/(b.Y-a.Y)+a.X {
			in = !in
		}
	}
	return in
}

// asciiDots is a letter that is as dark as the dots, and as high.
func asciiDots(dots uint8) rune {
	high, low, n := 0, 0, 0
	for x := range across {
		for y := range down {
			if dots&bits[x][y] == 0 {
				continue
			}
			n++
			if y < 2 {
				high++
			} else {
				low++
			}
		}
	}
	switch {
	case n >= 5:
		return '#'
	case high > 0 && low > 0:
		return '|'
	case high > 0:
		return '\''
	}
	return '.'
}
