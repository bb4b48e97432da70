package simulator

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// hexID is a number that scenario files write in hexadecimal digits: an address, a PID, a CVN.
type hexID uint32

// UnmarshalText reads the digits.
func (h *hexID) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 16, 32)
	if err != nil {
		return fmt.Errorf("%q is not a hexadecimal number", text)
	}
	*h = hexID(n)
	return nil
}

// byteSet is a set of bytes that scenario files write as "01 03-0F 1C".
type byteSet [256]bool

// UnmarshalText reads the numbers and ranges.
func (s *byteSet) UnmarshalText(text []byte) error {
	for field := range strings.FieldsSeq(string(text)) {
		first, last, isRange := strings.Cut(field, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.ParseUint(first, 16, 8)
		if err != nil {
			return fmt.Errorf("%q is not a hexadecimal byte", field)
		}
		to, err := strconv.ParseUint(last, 16, 8)
		if err != nil || to < from {
			return fmt.Errorf("%q is not a range of hexadecimal bytes", field)
		}
		for b := from; b <= to; b++ {
			s[b] = true
		}
	}
	return nil
}

// bitmap tells which of the 32 ids behind base are in the set, most significant bit first, as the
// ids 00, 20, 40... of every service do. The last bit tells that a later group is not empty.
func (s *byteSet) bitmap(base byte) []byte {
	var bits uint32
	for i := 1; i <= 32; i++ {
		id := int(base) + i
		if id < 256 && (s[id] || i == 32 && s.beyond(id)) {
			bits |= 1 << (32 - i)
		}
	}
	return []byte{byte(bits >> 24), byte(bits >> 16), byte(bits >> 8), byte(bits)}
}

// beyond tells whether the set has an id behind the given one.
func (s *byteSet) beyond(id int) bool {
	for b := id + 1; b < 256; b++ {
		if s[b] {
			return true
		}
	}
	return false
}

// has tells whether the group of ids that starts at base is announced by the group before it.
func (s *byteSet) has(base byte) bool { return base == 0 || s.beyond(int(base)) }

// hexBytes reads digits with or without blanks.
func hexBytes(text string) ([]byte, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		return nil, fmt.Errorf("%q is not hexadecimal", text)
	}
	return b, nil
}
