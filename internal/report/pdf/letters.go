package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/fleetms/obdctl/internal/chart/typeface"
	"github.com/fleetms/obdctl/internal/chart/typeface/measure"
)

// style is how letters are set.
type style struct {
	size   float64
	strong bool
	color  rgb
}

const leading = 1.38 // distance of lines in sizes

func (t style) line() float64 { return t.size * leading }

// longest is how much of one text is set: more is a mistake or an attack, and costs a page for each 5,000 letters.
const longest = 40_000

// clean keeps what the fonts have letters for and writes the rest in Latin ones; rule may be nil for what is not set in
// them.
func clean(s string, rule *measure.Rule) string {
	if len(s) > longest {
		s = s[:longest] + "…"
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			b.WriteByte(' ')
		case r < 0x20 || r == 0x7F || unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		case r == '\u2011':
			b.WriteByte('-')
		case rule != nil && !rule.Has(r), r > 0xFFFF:
			b.WriteString(latin(r))
		default:
			b.WriteRune(r)
		}
		if b.Len() > longest {
			break
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// use sets font and colour.
func (s *sheet) use(t style) {
	weight := ""
	if t.strong {
		weight = "B"
	}
	s.f.SetFont(typeface.Name, weight, t.size)
	s.f.SetTextColor(int(t.color.R), int(t.color.G), int(t.color.B))
}

// put writes one cleaned line with its baseline at y.
func (s *sheet) put(x, y float64, text string, t style) {
	if text == "" {
		return
	}
	s.use(t)
	s.f.Text(x, y, text)
}

func (s *sheet) widthOf(text string, t style) float64 {
	return s.rule.Width(text, t.size, t.strong)
}

// one writes one line cut to a width and returns how wide it became.
func (s *sheet) one(x, y, width float64, text string, t style) float64 {
	text = s.cut(clean(text, s.rule), width, t)
	s.put(x, y, text, t)
	return s.widthOf(text, t)
}

// fitted is one in smaller letters where that saves it from being cut.
func (s *sheet) fitted(x, y, width float64, text string, t style) {
	least := t.size * 0.78
	for t.size > least && s.widthOf(clean(text, s.rule), t) > width {
		t.size -= 0.2
	}
	s.one(x, y, width, text, t)
}

// oneRight is one, ending at x.
func (s *sheet) oneRight(x, y, width float64, text string, t style) {
	text = s.cut(clean(text, s.rule), width, t)
	s.put(x-s.widthOf(text, t), y, text, t)
}

func (s *sheet) cut(text string, width float64, t style) string {
	if s.widthOf(text, t) <= width {
		return text
	}
	sum := s.widthOf("…", t)
	for i, r := range text {
		sum += s.widthOf(string(r), t)
		if sum > width {
			return strings.TrimRight(text[:i], " ,;:") + "…"
		}
	}
	return text
}

// wrap breaks a text into lines of a width, at spaces, or inside words that are longer than a line.
func (s *sheet) wrap(text string, width float64, t style) []string {
	return s.wrapAfter(text, width, 0, t)
}

// wrapAfter is wrap with a first line that begins indent later.
func (s *sheet) wrapAfter(text string, width, indent float64, t style) []string {
	text = clean(text, s.rule)
	var lines []string
	full := width
	width -= indent
	line, used := "", 0.0
	space := s.widthOf(" ", t)
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' }) {
		w := s.widthOf(word, t)
		if used > 0 && used+space+w <= width {
			line, used = line+" "+word, used+space+w
			continue
		}
		if used > 0 {
			lines, width = append(lines, line), full
		}
		for w > width {
			head := s.breakWord(word, width, t)
			if head == word {
				break
			}
			lines, width = append(lines, head), full
			word = word[len(head):]
			w = s.widthOf(word, t)
		}
		line, used = word, w
	}
	if used > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// breakWord gives as much of a word as fits, one letter at least; it prefers to end behind a sign.
func (s *sheet) breakWord(word string, width float64, t style) string {
	sum, end, nice := 0.0, 0, 0
	for i, r := range word {
		sum += s.widthOf(string(r), t)
		next := i + len(string(r))
		if sum > width && i > 0 {
			break
		}
		end = next
		if strings.ContainsRune("-_/.:,;|\u00a0", r) {
			nice = next
		}
	}
	if nice > end/2 && end < len(word) {
		return word[:nice]
	}
	return word[:end]
}
