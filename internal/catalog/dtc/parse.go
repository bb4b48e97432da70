package dtc

import (
	"encoding/hex"
	"strings"
	"unicode"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

// longestInput bounds what is looked at: no code is written with more.
const longestInput = 64

// Parsed is a code as it was written.
type Parsed struct {
	Code       string // five characters, capitals
	Failure    uint8  // SAE J2012-DA failure type byte
	HasFailure bool
}

// Parse reads a code of SAE J2012 in any of the forms that [Book.Explain] knows. Two numbers with a stroke between
// them, such as "00/01", are a code of SAE J1939 and none of J2012: see [ParseSPN].
func Parse(s string) (Parsed, error) {
	if _, _, isSPN := ParseSPN(s); isSPN {
		return Parsed{}, notCode(s)
	}
	text := squeeze(s)
	if text != "" && strings.ContainsRune("PCBU", rune(text[0])) {
		return parseLettered(s, text)
	}
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) < 2 || len(raw) > 3 {
		return Parsed{}, notCode(s)
	}
	p := Parsed{Code: obd.FormatDTC(raw[0], raw[1])}
	if len(raw) == 3 {
		p.Failure, p.HasFailure = raw[2], true
	}
	return p, nil
}

// parseLettered reads "P0301" and "P03011A".
func parseLettered(s, text string) (Parsed, error) {
	if len(text) != 5 && len(text) != 7 {
		return Parsed{}, notCode(s)
	}
	hi, lo, err := obd.ParseDTC(text[:5])
	if err != nil {
		return Parsed{}, notCode(s)
	}
	p := Parsed{Code: obd.FormatDTC(hi, lo)}
	if len(text) == 7 {
		raw, err := hex.DecodeString(text[5:])
		if err != nil {
			return Parsed{}, notCode(s)
		}
		p.Failure, p.HasFailure = raw[0], true
	}
	return p, nil
}

// squeeze drops blanks, separators and a "0x", and writes capitals. What is too long comes back empty.
func squeeze(s string) string {
	if len(s) > longestInput {
		return ""
	}
	text := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-:._/", r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
	return strings.TrimPrefix(text, "0X")
}

func notCode(s string) error {
	return errs.New(errs.Usage, "code %q is not a trouble code", clip(s)).
		WithHint("write a letter P, C, B or U and four digits, such as P0301; a failure type byte may follow: P0301-1A")
}

// clip keeps messages short whatever was typed.
func clip(s string) string {
	if r := []rune(s); len(r) > longestInput {
		return string(r[:longestInput]) + "..."
	}
	return s
}
