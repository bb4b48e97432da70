package widget

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// dots is a grid of braille characters: two by four dots in each. Every character remembers which line drew it last.
type dots struct {
	width, height int
	bits          []uint8
	owner         []int8
	signs         map[[2]int]int // lines that end in a character
}

func newDots(width, height int) *dots {
	d := &dots{width: width, height: height, bits: make([]uint8, width*height), owner: make([]int8, width*height), signs: map[[2]int]int{}}
	for i := range d.owner {
		d.owner[i] = -1
	}
	return d
}

// dotBits are the bits of Unicode's braille patterns by column and row.
var dotBits = [2][4]uint8{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

func (d *dots) set(x, y, owner int) {
	if x < 0 || y < 0 || x >= 2*d.width || y >= 4*d.height {
		return
	}
	i := y/4*d.width + x/2
	d.bits[i] |= dotBits[x%2][y%4]
	d.owner[i] = int8(owner)
}

// curve draws each bucket from its minimum to its maximum, joined to the one before.
func (d *dots) curve(buckets []Bucket, a axis, owner int) {
	last := -1
	for x, b := range buckets {
		if b.Count == 0 || math.IsNaN(b.Mean) {
			last = -1
			continue
		}
		top, bottom := d.at(b.Max, a), d.at(b.Min, a)
		if last >= 0 { // no hole between steep neighbours
			switch {
			case last < top:
				top = last + 1
			case last > bottom:
				bottom = last - 1
			}
		}
		for y := min(top, bottom); y <= max(top, bottom); y++ {
			d.set(x, y, owner)
		}
		last = d.at(b.Mean, a)
	}
}

// sign notes where a line ends. Of two that end in the same place the second stands beside.
func (d *dots) sign(buckets []Bucket, a axis, owner int) {
	for x, b := range slices.Backward(buckets) {
		if b.Count > 0 && !math.IsNaN(b.Mean) {
			at := [2]int{min(x/2, d.width-1), d.at(b.Mean, a) / 4}
			for d.signed(at[0], at[1]) >= 0 && at[0] > 0 {
				at[0]--
			}
			d.signs[at] = owner
			return
		}
	}
}

// signed is the line that ends in a character, -1 for none.
func (d *dots) signed(x, y int) int {
	if n, ok := d.signs[[2]int{x, y}]; ok {
		return n
	}
	return -1
}

// at is the row of dots of a value, 0 at the top.
func (d *dots) at(v float64, a axis) int {
	return int(math.Round((1 - share(v, a.lo, a.hi)) * float64(4*d.height-1)))
}

// cell is the character at a place and the line that owns it, -1 for none.
func (d *dots) cell(x, y int, braille bool) (string, int) {
	i := y*d.width + x
	switch {
	case d.bits[i] == 0:
		return " ", -1
	case braille:
		return string(rune(0x2800 + int(d.bits[i]))), int(d.owner[i])
	}
	return "*", int(d.owner[i])
}

// short writes a number for a scale.
func short(v float64) string {
	a := math.Abs(v)
	switch {
	case a >= 1e6:
		return strconv.FormatFloat(v/1e6, 'f', 1, 64) + "M"
	case a >= 1e4:
		return strconv.FormatFloat(v/1e3, 'f', 0, 64) + "k"
	case a >= 100 || v == math.Trunc(v):
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
}
