package text

import "strings"

// Clean takes an answer apart. raw is everything that came between command and prompt; command is what
// was sent, so that its echo is found, also glued to what follows it; "" when it is not known.
//
// An answer of more than 4096 lines is cut and reported as BufferFull; no adapter sends one.
//
// NULs, control bytes and bytes above 0x7E are junk of wrong speeds and Bluetooth modules. Lines end with
// CR, LF or both. A second prompt inside raw separates lines like a CR; a command typed behind it is dropped.
func Clean(raw []byte, command string) Answer {
	c := cleaner{command: strings.TrimSpace(command)}
	piece := make([]byte, 0, 64)
	prompted := false
	flush := func() {
		c.take(strings.TrimSpace(string(piece)), prompted)
		piece, prompted = piece[:0], false
	}
	for _, b := range raw {
		switch {
		case b == '\r' || b == '\n':
			flush()
		case b == '>':
			flush()
			prompted = true
		case len(piece) == maxPiece: // the rest of an endless line is dropped
		case b == '\t':
			piece = append(piece, ' ')
		case b >= 0x20 && b <= 0x7E:
			piece = append(piece, b)
		}
	}
	flush()
	return c.answer
}

// The bounds that keep hostile input from costing more than its reading.
const (
	maxPiece = 1 << 16 // characters of a line, even of one that lost all its line ends
	maxLines = 1 << 12
	maxCuts  = 32 // banners and conditions glued into one line
)

// cleaner sorts the pieces of one answer.
type cleaner struct {
	command string
	answer  Answer
	begun   bool // something other than noise was seen
	full    bool // lines are dropped
}

func (c *cleaner) take(s string, prompted bool) {
	if s == "" || prompted && isCommand(s) {
		return
	}
	if s[0] == '+' || strings.HasPrefix(s, "OK+") {
		c.answer.Banners = append(c.answer.Banners, s) // status text of a Bluetooth module
		return
	}
	if len(c.answer.Lines)+len(c.answer.Conditions)+len(c.answer.Banners) >= maxLines {
		if !c.full {
			c.full = true
			c.answer.Conditions = append(c.answer.Conditions, BufferFull)
		}
		return
	}
	s = c.cutEcho(s)
	c.begun = true
	for cuts := 0; s != "" && cuts < maxCuts; cuts++ {
		s = c.cut(s)
	}
}

// cutEcho removes the command from the front of the first line, and any line that is nothing else.
func (c *cleaner) cutEcho(s string) string {
	if c.command == "" {
		return s
	}
	rest, ok := cutPrefix(s, c.command)
	if !ok || rest != "" && (c.begun || isLength(s)) {
		return s
	}
	c.answer.Echoed = true
	return rest
}

// cutPrefix removes prefix from s; blanks and case do not count.
func cutPrefix(s, prefix string) (string, bool) {
	i := 0
	for k := range len(prefix) {
		if prefix[k] == ' ' {
			continue
		}
		for i < len(s) && s[i] == ' ' {
			i++
		}
		if i >= len(s) || upper(s[i]) != upper(prefix[k]) {
			return s, false
		}
		i++
	}
	return strings.TrimSpace(s[i:]), true
}

// cut takes the front part of s that is one thing, and returns the rest.
func (c *cleaner) cut(s string) string {
	if isPlainHex(s) {
		c.answer.Lines = append(c.answer.Lines, Line{Text: s})
		return ""
	}
	q := squeezeMap(s)
	if q.text == "" {
		return "" // dots of a banner that was cut in two
	}
	if n := bannerLength(q.text); n > 0 {
		rest := strings.TrimLeft(q.after(s, n), " .:")
		c.answer.Banners = append(c.answer.Banners, strings.TrimSpace(s[:len(s)-len(rest)]))
		return rest
	}
	condition, start, end := findPhrase(q.text)
	if condition == None {
		c.answer.Lines = append(c.answer.Lines, Line{Text: s})
		return ""
	}
	front := strings.TrimSpace(q.before(s, start))
	if marked, ok := strings.CutSuffix(front, "<"); ok {
		c.answer.Lines = append(c.answer.Lines, Line{Text: strings.TrimSpace(marked), Mark: condition})
	} else {
		if isCommand(front) && !isPlainHex(front) {
			c.answer.Echoed = true // of another form than the command was sent in
		} else if strings.Trim(front, " .:!") != "" {
			c.answer.Lines = append(c.answer.Lines, Line{Text: front})
		}
		c.answer.Conditions = append(c.answer.Conditions, condition)
	}
	return strings.TrimLeft(q.after(s, end), " .:")
}

// banners are the progress texts, squeezed. The bus init's is one only with its success.
var banners = [...]string{"SEARCHING", "BUSINITOK"}

func bannerLength(squeezed string) int {
	for _, b := range banners {
		if strings.HasPrefix(squeezed, b) {
			return len(b)
		}
	}
	return 0
}

// isPlainHex tells a line of digits and blanks, with at most the colon of a numbered line.
func isPlainHex(s string) bool {
	for i := range len(s) {
		if _, ok := nibble(s[i]); !ok && s[i] != ' ' && s[i] != ':' {
			return false
		}
	}
	return true
}

// isLength tells the line that announces a multi-line message when headers are off: three digits.
func isLength(s string) bool {
	if len(s) != 3 {
		return false
	}
	for i := range 3 {
		if _, ok := nibble(s[i]); !ok {
			return false
		}
	}
	return true
}

// isCommand tells whether text behind a prompt was sent rather than received. With the echo off an
// answer stands right behind the prompt; answers begin with a response service (40 and up), a CAN
// identifier, a message length or a numbered line, commands with a request service or a letter.
func isCommand(s string) bool {
	if !isPlainHex(s) {
		q := squeeze(s)
		if strings.HasPrefix(q, "ST") {
			return !strings.HasPrefix(q, "STOPPED") && !strings.HasPrefix(q, "STN")
		}
		if strings.HasPrefix(q, "AT") || strings.HasPrefix(q, "VT") {
			return true
		}
		return strings.Contains(s, ".") && !strings.Contains(s, "..")
	}
	digits := strings.ReplaceAll(s, " ", "")
	if strings.Contains(digits, ":") || isLength(digits) || len(digits) == 0 {
		return false
	}
	return digits[0] < '4' && !strings.HasPrefix(digits, "18DA") && !strings.HasPrefix(digits, "18da")
}
