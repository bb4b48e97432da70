package elm327

import (
	"strings"

	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// sentence returns what the adapter said to a command of its own: printable text, lines separated by
// "\n", without the echo and without the status lines of a Bluetooth module ("+CONNECTING<<...").
func sentence(raw []byte, command string) string {
	var b strings.Builder
	for _, c := range raw {
		switch {
		case c == '\r' || c == '\n':
			b.WriteByte('\n')
		case c >= ' ' && c < 0x7F:
			b.WriteByte(c)
		}
	}
	var lines []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '+' || sameCommand(line, command) {
			continue
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// sameCommand compares as the adapter reads: without blanks and case.
func sameCommand(a, b string) bool { return b != "" && plain(a) == plain(b) }

// plain is a command as the adapter reads it.
func plain(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }

// isRestart tells the banner of a start, or the word of a brown-out.
func isRestart(a text.Answer) bool {
	_, named := a.Version()
	return named || a.Condition() == text.LVReset
}

// looksBinary tells that bytes are not an adapter's text: more than a quarter is not printable.
func looksBinary(raw []byte) bool {
	odd := 0
	for _, c := range raw {
		if (c < ' ' || c >= 0x7F) && c != '\r' && c != '\n' && c != 0 {
			odd++
		}
	}
	return odd*4 > len(raw)
}
