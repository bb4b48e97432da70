package pdf

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/gosimple/unidecode"
	"golang.org/x/text/unicode/runenames"
)

// latin writes a letter that the fonts do not have so that it can be read: 修 as "Xiu ", ش as "sh", a picture by its name
// in brackets. The embedded fonts have Latin, Greek and Cyrillic; those of all scripts would be larger than the program.
func latin(r rune) string {
	switch {
	case r >= 0x1F1E6 && r <= 0x1F1FF: // regional indicators, of which flags are made
		return string('A' + r - 0x1F1E6)
	case r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0000 && r <= 0xE007F, unicode.Is(unicode.Mn, r):
		return "" // tones of skin, tags and marks that change the letter before them
	case r == unicode.ReplacementChar:
		return string(r)
	}
	if r <= 0xFFFF {
		text := unidecode.Unidecode(string(r))
		switch {
		case strings.TrimSpace(text) != "":
			return text
		case r >= 0x0622 && r <= 0x0627 && r != 0x0624 && r != 0x0626: // alef, which the tables leave out
			return "a"
		case unicode.IsLetter(r): // one that is not spoken
			return "'"
		}
	}
	if name := runenames.Name(r); name != "" && name[0] != '<' {
		return "[" + strings.ToLower(name) + "]"
	}
	return fmt.Sprintf("[U+%04X]", r)
}
