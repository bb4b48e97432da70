package j1979

import (
	"encoding/hex"
	"strings"
)

// text returns up to length printable characters, after the bytes in front that are none: a count of
// items, zeros that fill up a line. NULs inside stay out ("ECM\0-EngineControl"), blanks around too.
func text(b []byte, length int) string {
	for len(b) > 0 && !isPrintable(b[0]) {
		b = b[1:]
	}
	var s strings.Builder
	for _, c := range b[:min(length, len(b))] {
		if isPrintable(c) {
			s.WriteByte(c)
		}
	}
	return strings.TrimSpace(s.String())
}

func isPrintable(c byte) bool { return c >= ' ' && c <= '~' }

// calibrationIDs cuts places of 16 characters, empty ones at the end dropped.
func calibrationIDs(b []byte) []string {
	var ids []string
	for len(b) > 0 {
		n := min(16, len(b))
		ids = append(ids, text(b[:n], n))
		b = b[n:]
	}
	for len(ids) > 0 && ids[len(ids)-1] == "" {
		ids = ids[:len(ids)-1]
	}
	return ids
}

// verificationNumbers cuts numbers of four bytes; a shorter rest is none.
func verificationNumbers(b []byte) []string {
	var cvns []string
	for ; len(b) >= 4; b = b[4:] {
		cvns = append(cvns, strings.ToUpper(hex.EncodeToString(b[:4])))
	}
	return cvns
}
