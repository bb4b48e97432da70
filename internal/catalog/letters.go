package catalog

import (
	"fmt"
	"strings"
)

// span is a run of bits: the first byte's index and bit (7 is the most significant) and the last one's.
type span struct {
	firstByte, firstBit int
	lastByte, lastBit   int
	open                bool // to the end of the reply
}

// maxBytes bounds replies: the longest ISO 15765-2 message.
const maxBytes = 4095

// parseSpan reads the notation of SAE J1979: bytes are lettered A, B, ... Z, AA, AB, ... and their bits
// numbered from 7 down to 0: "A" and "A-D" are bytes, "B.3" and "B.7-4" bits, "A.3-B.0" bits across
// bytes, "C-" all bytes from C on.
func parseSpan(text string) (span, error) {
	from, to, ranged := strings.Cut(text, "-")
	s := span{firstBit: 7}
	var bits bool
	var err error
	if s.firstByte, s.firstBit, bits, err = parsePlace(from, 7); err != nil {
		return s, err
	}
	switch {
	case !ranged && bits:
		s.lastByte, s.lastBit = s.firstByte, s.firstBit
	case !ranged:
		s.lastByte = s.firstByte
	case to == "" && !bits:
		s.open = true
		return s, nil
	case bits && len(to) == 1 && to[0] >= '0' && to[0] <= '7':
		s.lastByte, s.lastBit = s.firstByte, int(to[0]-'0')
	default:
		if s.lastByte, s.lastBit, _, err = parsePlace(to, 0); err != nil {
			return s, err
		}
	}
	if s.length() < 1 {
		return s, fmt.Errorf("%q ends before it starts", text)
	}
	return s, nil
}

// parsePlace reads "A" or "A.7"; bit is that of a place without one.
func parsePlace(text string, bit int) (index, at int, bits bool, err error) {
	letters, digit, bits := strings.Cut(text, ".")
	if letters == "" || len(letters) > 3 {
		return 0, 0, false, fmt.Errorf("%q is not a byte (A, B, ...) or a bit (A.7)", text)
	}
	for _, r := range letters {
		if r < 'A' || r > 'Z' {
			return 0, 0, false, fmt.Errorf("%q is not a byte (A, B, ...) or a bit (A.7)", text)
		}
		index = index*26 + int(r-'A') + 1
	}
	if index > maxBytes {
		return 0, 0, false, fmt.Errorf("byte %s lies beyond the longest reply", letters)
	}
	if !bits {
		return index - 1, bit, false, nil
	}
	if len(digit) != 1 || digit[0] < '0' || digit[0] > '7' {
		return 0, 0, false, fmt.Errorf("%q: bits are numbered 7 to 0", text)
	}
	return index - 1, int(digit[0] - '0'), true, nil
}

func (s span) length() int {
	return (s.lastByte*8 + 7 - s.lastBit) - (s.firstByte*8 + 7 - s.firstBit) + 1
}

// start counts as [Signal.Start] does. Little-endian spans are whole bytes or lie in one byte.
func (s span) start(little bool) int {
	if little {
		return s.firstByte*8 + s.lastBit
	}
	return s.firstByte*8 + 7 - s.firstBit
}

// whole tells that the span is whole bytes.
func (s span) whole() bool { return s.firstBit == 7 && s.lastBit == 0 }
