package pdf

import "fmt"

// tags is the structure tree (ISO 32000-1, 14.7): what each piece of a page is.
type tags struct {
	root  element
	stack []*element
	now   int   // page, from 1
	next  []int // next marked-content id of each page
}

// element is a node: a heading, a table row, a figure.
type element struct {
	role  string // standard structure type
	alt   string
	attr  string
	kids  []*element
	parts []part
}

// part is a piece of a page that belongs to an element.
type part struct{ page, id int }

func (t *tags) page(n int) {
	t.now = n
	for len(t.next) < n {
		t.next = append(t.next, 0)
	}
}

// top is the element being filled.
func (t *tags) top() *element {
	if len(t.stack) == 0 {
		return &t.root
	}
	return t.stack[len(t.stack)-1]
}

func (t *tags) open(role string) *element {
	e := &element{role: role}
	top := t.top()
	top.kids = append(top.kids, e)
	t.stack = append(t.stack, e)
	return e
}

func (t *tags) close() { t.stack = t.stack[:len(t.stack)-1] }

// group runs draw with everything that it draws under an element.
func (s *sheet) group(role string, draw func()) {
	s.tags.open(role)
	defer s.tags.close()
	draw()
}

// leaf runs draw, whose strokes are the content of a new element. It must not turn the page.
func (s *sheet) leaf(role, alt string, draw func()) {
	e := s.tags.open(role)
	e.alt = alt
	defer s.tags.close()
	s.mark(e, draw)
}

// headCell is leaf for the head of a table's column.
func (s *sheet) headCell(draw func()) {
	e := s.tags.open("TH")
	e.attr = "<< /O /Table /Scope /Column >>"
	defer s.tags.close()
	s.mark(e, draw)
}

func (s *sheet) mark(e *element, draw func()) {
	t := s.tags
	id := t.next[t.now-1]
	t.next[t.now-1]++
	e.parts = append(e.parts, part{t.now, id})
	s.f.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", e.role, id))
	draw()
	s.f.RawWriteStr("EMC")
}

// decor runs draw, whose strokes mean nothing to somebody who listens.
func (s *sheet) decor(draw func()) {
	s.f.RawWriteStr("/Artifact BMC")
	draw()
	s.f.RawWriteStr("EMC")
}
