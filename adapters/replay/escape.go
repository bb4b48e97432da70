package replay

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// appendEscaped writes bytes as one line of printable ASCII: \r \n \t \\, other bytes as \xNN. A blank
// at either end is \x20, because editors and mail programs strip it.
func appendEscaped(b, data []byte) []byte {
	for i, c := range data {
		switch {
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c == '\\':
			b = append(b, `\\`...)
		case c < ' ' || c > '~' || c == ' ' && (i == 0 || i == len(data)-1):
			b = fmt.Appendf(b, `\x%02x`, c)
		default:
			b = append(b, c)
		}
	}
	return b
}

// unescape reads what appendEscaped wrote.
func unescape(s string) ([]byte, error) {
	out := make([]byte, 0, len(s))
	for {
		at := strings.IndexByte(s, '\\')
		if at < 0 {
			return append(out, s...), nil
		}
		out = append(out, s[:at]...)
		c, size, err := unescapeOne(s[at:])
		if err != nil {
			return nil, err
		}
		out = append(out, c)
		s = s[at+size:]
	}
}

// unescapeOne reads the escape at the start of s and its length.
func unescapeOne(s string) (c byte, size int, err error) {
	if len(s) < 2 {
		return 0, 0, fmt.Errorf("escape at the end of the line is cut off")
	}
	switch s[1] {
	case 'r':
		return '\r', 2, nil
	case 'n':
		return '\n', 2, nil
	case 't':
		return '\t', 2, nil
	case '0':
		return 0, 2, nil
	case '\\':
		return '\\', 2, nil
	case 'x':
		if len(s) >= 4 {
			if b, err := hex.DecodeString(s[2:4]); err == nil {
				return b[0], 4, nil
			}
		}
	}
	return 0, 0, fmt.Errorf("escape %q is not known", s[:min(len(s), 4)])
}
