package text

import (
	"errors"

	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// torn reads two lines as one frame where a line end got into it: the first line is a frame that lacks
// bytes or is none, the second is none, and together they are exactly one.
func (r *canReader) torn(a, b Line) bool {
	if a.Mark != None || len(a.Text)+len(b.Text) > maxTorn {
		return false
	}
	digits, ok := appendDigits(r.digits[:0], a.Text)
	if !ok || r.whole(digits, firstWord(a.Text)) {
		return false
	}
	head := len(digits)
	digits, ok = appendDigits(digits, b.Text)
	r.digits = digits
	if !ok || head == len(digits) || r.starts(digits[head:], firstWord(b.Text)) {
		return false
	}
	if !r.whole(digits, 0) {
		return false
	}
	r.read(digits, 0, b.Mark)
	return true
}

// maxTorn is the length of two lines that can be one classical frame, blanks included.
const maxTorn = 48

// whole tells whether digits are one full frame: a single frame with all of its message, another with
// all of its eight bytes.
func (r *canReader) whole(digits []byte, word int) bool {
	frame, rest, ok := splitFrame(digits, word, r.format)
	if !ok || len(rest) > 0 || len(frame.data) > 8 {
		return false
	}
	f, err := isotp.Parse(frame.data, r.collector.Addressing)
	return err == nil && (f.Kind == isotp.Single || len(frame.data) == 8)
}

// starts tells whether digits begin a frame, if a cut one.
func (r *canReader) starts(digits []byte, word int) bool {
	frame, _, ok := splitFrame(digits, word, r.format)
	if !ok {
		return false
	}
	_, err := isotp.Parse(frame.data, r.collector.Addressing)
	return err == nil || errors.Is(err, isotp.ErrShort)
}
