package text

// squeezed is a text without what adapters print or leave out at will (blanks, dots, colons), in
// capitals, with the way back to the original.
type squeezed struct {
	text string
	at   []int // index in the original of each byte, and one past the last
}

func squeezeMap(s string) squeezed {
	b := make([]byte, 0, len(s))
	at := make([]int, 0, len(s)+1)
	for i := range len(s) {
		if c := s[i]; !isFiller(c) {
			b, at = append(b, upper(c)), append(at, i)
		}
	}
	return squeezed{string(b), append(at, len(s))}
}

// before and after return the original text on either side of squeezed positions.
func (q squeezed) before(s string, start int) string { return s[:q.at[start]] }
func (q squeezed) after(s string, end int) string {
	if end == 0 {
		return s
	}
	return s[q.at[end-1]+1:]
}

func squeeze(s string) string { return squeezeMap(s).text }

func isFiller(c byte) bool { return c == ' ' || c == '.' || c == ':' }

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// nibble returns a hexadecimal digit's value, false for any other byte.
func nibble(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}
