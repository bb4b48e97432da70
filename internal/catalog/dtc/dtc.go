// Package dtc explains diagnostic trouble codes: the codes of SAE J2012 as data, what a driver feels and
// what to check first for the usual ones, and a user's own texts.
//
// The readable source is the data folder; `go generate` turns it into the sorted tables that the tool embeds
// and searches in place, so that explaining one code loads nothing. A code that is not in the tables
// is explained by its family only, and says so.
package dtc

import (
	_ "embed" // the two tables
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

//go:generate go run ./tabulate

//go:embed table/codes.tsv
var codesTable string

//go:embed table/advice.tsv
var adviceTable string

// Origin says where an explanation's description comes from.
type Origin string

// The origins.
const (
	FromSAE    Origin = "sae"    // the built-in catalogue
	FromUser   Origin = "user"   // an imported file
	FromFamily Origin = "family" // only the code's family is known
)

// Explanation is everything that is known of one code.
type Explanation struct {
	Code        string   `json:"code"`
	Description string   `json:"description"` // the family's text when Known is false
	System      string   `json:"system,omitempty"`
	Severity    string   `json:"severity,omitempty"` // critical, high, medium, low; "" when nothing true can be said
	Known       bool     `json:"known"`              // false when only the family is known
	Origin      Origin   `json:"origin"`
	Family      string   `json:"family"` // "powertrain, generic (SAE J2012): ignition system or misfire"
	Feels       string   `json:"feels,omitempty"`
	Causes      []string `json:"causes,omitempty"` // likeliest first
	Checks      []string `json:"checks,omitempty"` // simplest first
	Note        string   `json:"note,omitempty"`
	FailureByte *uint8   `json:"failure_byte,omitempty"` // SAE J2012-DA failure type byte of a 3-byte code
	FailureType string   `json:"failure_type,omitempty"` // its meaning
	Related     []string `json:"related,omitempty"`
}

// Book is a catalogue of codes: the built-in one and, over it, a user's own. It never changes once made
// and can be used from several goroutines.
type Book struct {
	user  map[string]Explanation
	words *index
}

// Builtin returns the built-in catalogue. It costs nothing; the tables are read in place.
func Builtin() *Book { return &Book{words: newIndex(nil)} }

// Explain explains a code as people and control modules write it: "P0301", "p 0301", with a failure type
// byte "P0301-1A" or "P0301:1A", or as hexadecimal bytes "0301" and "03011A". What is not a code gives an
// explanation that says so, with Known false; use [Parse] for the error.
func (b *Book) Explain(code string) Explanation {
	if number, mode, ok := ParseSPN(code); ok {
		e := explainSPN(number, mode)
		if own, found := b.user[e.Code]; found {
			return own.over(e)
		}
		return e
	}
	p, err := Parse(code)
	if err != nil {
		return Explanation{Code: strings.TrimSpace(clip(code)), Description: "Not a trouble code", Origin: FromFamily, Family: "none"}
	}
	e := b.explain(p.Code)
	if p.HasFailure {
		failure := p.Failure
		e.FailureByte, e.FailureType = &failure, FailureType(failure)
	}
	return e
}

// explain explains a five-character code in capitals.
func (b *Book) explain(code string) Explanation {
	e, known := builtin(code)
	if own, ok := b.user[code]; ok {
		return own.over(e)
	}
	if !known {
		e.Description = "No standard text: " + e.Family
		if isMakers(code) {
			e.Description = "Maker's own code: its meaning depends on make and model (" + e.System + ")"
		}
	}
	return e
}

// Fill writes what the catalogue says of a code into the fields of a diagnosis.
func (b *Book) Fill(d *obd.DTC) {
	e := b.Explain(d.Code)
	d.Description, d.System, d.Severity, d.Known = e.Description, e.System, e.Severity, e.Known
}

// Len returns how many codes have a text, the user's included.
func (b *Book) Len() int {
	n := strings.Count(codesTable, "\n")
	for code := range b.user {
		if _, ok := lookup(code); !ok {
			n++
		}
	}
	return n
}

// over lays a user's text over the built-in one: every field that the user filled wins.
func (e Explanation) over(below Explanation) Explanation {
	out := below
	out.Description, out.Known, out.Origin = e.Description, true, FromUser
	if e.System != "" {
		out.System = e.System
	}
	if e.Severity != "" {
		out.Severity = e.Severity
	}
	if e.Feels != "" {
		out.Feels = e.Feels
	}
	if e.Causes != nil {
		out.Causes = slices.Clone(e.Causes)
	}
	if e.Checks != nil {
		out.Checks = slices.Clone(e.Checks)
	}
	return out
}
