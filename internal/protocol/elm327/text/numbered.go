package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/link"
)

// The bytes of a numbered line: the first carries six, all others seven, as the frames below them.
const (
	firstBytes = 6
	nextBytes  = 7
)

// maxOpen bounds the messages that are filled at once, so that reading stays linear.
const maxOpen = 16

// block is a message that was announced by a length line and is filled by numbered lines.
type block struct {
	length int
	lines  map[int][]byte // by place, from 0
	next   int            // place that is due
	doubt  bool           // a line may belong to another message
	at     int            // place among the replies
}

// numbered reads what CAN looks like with headers off.
type numbered struct {
	replies []link.Reply
	blocks  []*block
	digits  []byte
}

// readNumbered reads CAN lines without headers: a message of one frame is a line, a longer one is
// announced by its length in three digits and comes in lines numbered 0 to F, over and over. Messages
// of several ECUs interleave; what then fits two of them makes both doubtful. Line ends that an
// adapter or a log lost are found again by the colons. Padding of a single frame cannot be told from
// data here and stays.
func readNumbered(lines []Line) []link.Reply {
	r := numbered{digits: make([]byte, 0, 64)}
	for _, l := range lines {
		if l.Mark != None {
			r.replies = append(r.replies, link.Reply{Frames: 1, Err: flagged(l.Mark, nil)})
			continue
		}
		r.line(strings.ReplaceAll(l.Text, " ", ""))
	}
	for _, b := range r.blocks {
		r.replies[b.at] = b.reply()
	}
	return r.replies
}

// line takes one line apart at its colons. The digit before a colon is a line number; the digits
// before that belong to the line before it and, behind its seven bytes, to a length line.
func (r *numbered) line(s string) {
	number := -1
	for {
		colon := strings.IndexByte(s, ':')
		if colon < 0 {
			break
		}
		if colon == 0 {
			return
		}
		n, ok := nibble(s[colon-1])
		if !ok {
			return
		}
		r.part(number, s[:colon-1])
		number, s = int(n), s[colon+1:]
	}
	r.part(number, s)
}

// part takes the digits behind one line number, or a whole line without one.
func (r *numbered) part(number int, s string) {
	if number < 0 {
		r.plain(s)
		return
	}
	room := 2 * nextBytes
	if number == 0 && r.firstDue() {
		room = 2 * firstBytes
	}
	if len(s) <= room || len(s) == room+1 { // one stray digit is dropped with its half byte
		r.fill(number, s)
		return
	}
	r.fill(number, s[:room])
	r.plain(s[room:])
}

// firstDue tells whether some message waits for its first line rather than its sixteenth.
func (r *numbered) firstDue() bool {
	return len(r.blocks) == 0 || slices.ContainsFunc(r.open(), func(b *block) bool { return b.next == 0 })
}

// open returns the messages that can still be filled.
func (r *numbered) open() []*block { return r.blocks[max(0, len(r.blocks)-maxOpen):] }

// plain takes a length line or a message of one frame.
func (r *numbered) plain(s string) {
	if s == "" {
		return
	}
	digits, ok := appendDigits(r.digits[:0], s)
	r.digits = digits
	switch {
	case !ok:
	case len(digits) == 3:
		r.blocks = append(r.blocks, &block{length: int(number(digits)), lines: map[int][]byte{}, at: len(r.replies)})
		r.replies = append(r.replies, link.Reply{})
	case len(digits)%2 == 0:
		data := appendPacked(make([]byte, 0, len(digits)/2), digits)
		r.replies = append(r.replies, link.Reply{Data: data, Frames: 1})
	}
}

// fill gives a numbered line to the message that waits for it.
func (r *numbered) fill(number int, s string) {
	digits, ok := appendDigits(r.digits[:0], s)
	r.digits = digits
	if !ok {
		return
	}
	data := appendPacked(make([]byte, 0, nextBytes), digits)
	var due, gaps []*block
	for _, b := range r.open() {
		switch place, missing := b.place(number); {
		case !missing:
		case place == b.next:
			due = append(due, b)
		default:
			gaps = append(gaps, b)
		}
	}
	candidates := due
	if len(due) == 0 {
		candidates = gaps
	}
	if len(candidates) == 0 {
		return // numbered lines without a length: their end cannot be known
	}
	taker := candidates[0]
	if number == 0 && taker.next == 0 {
		taker = candidates[len(candidates)-1] // a first line follows its length
	}
	for _, b := range candidates {
		// Two messages wait for the same line: nothing tells whose it is.
		b.doubt = b.doubt || len(candidates) > 1 && b.next > 0
	}
	place, _ := taker.place(number)
	taker.lines[place] = data
	for taker.lines[taker.next] != nil {
		taker.next++
	}
}

// need returns how many lines the message has.
func (b *block) need() int {
	if b.length <= firstBytes {
		return 1
	}
	return 1 + (b.length-firstBytes+nextBytes-1)/nextBytes
}

// place turns a line number into the nearest place that it can mean, and tells whether it is empty.
func (b *block) place(number int) (int, bool) {
	place := b.next + (number-b.next)&0x0F
	if place-b.next >= 8 && place >= 16 && place-16 >= 0 && b.lines[place-16] == nil && b.need() > 16 {
		place -= 16
	}
	return place, place < b.need() && b.lines[place] == nil
}

// reply joins the lines up to the first gap.
func (b *block) reply() link.Reply {
	r := link.Reply{Data: make([]byte, 0, min(b.length, len(b.lines)*nextBytes)), Frames: len(b.lines)}
	for place := range b.need() {
		want := nextBytes
		if place == 0 {
			want = firstBytes
		}
		want = min(want, b.length-len(r.Data))
		data, ok := b.lines[place]
		if !ok {
			r.Err = fmt.Errorf("%w: line %X of %d is missing", link.ErrIncomplete, place&0x0F, b.need())
			break
		}
		r.Data = append(r.Data, data[:min(want, len(data))]...)
		if len(data) < want {
			r.Err = fmt.Errorf("%w: line %X lost bytes", link.ErrIncomplete, place&0x0F)
			break
		}
	}
	if b.doubt {
		first := b.lines[0]
		r.Data = first[:min(len(first), b.length)]
		r.Err = fmt.Errorf("%w: lines of several ECUs are mixed and without headers cannot be told apart", link.ErrIncomplete)
	}
	if r.Err != nil {
		forgiveFill(&r)
	}
	return r
}
