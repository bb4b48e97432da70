package dtc

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/fleetms/obdctl/internal/catalog/spn"
)

// spnCode needs the word SPN or a stroke between the numbers: "03 01" is the bytes of a J2012 code.
var spnCode = regexp.MustCompile(`(?i)^\s*(?:spn[:\s]*(\d{1,6})(?:[\s/:.,]*fmi[:\s]*|[\s/:.,]+)(\d{1,2})|(\d{1,6})/(\d{1,2}))\s*$`)

// ParseSPN reads a code of SAE J1939: "SPN 100 FMI 1", "spn:100/1" or "100/1".
func ParseSPN(code string) (number uint32, mode uint8, ok bool) {
	m := spnCode.FindStringSubmatch(code)
	if m == nil {
		return 0, 0, false
	}
	s, _ := strconv.ParseUint(m[1]+m[3], 10, 32)
	f, _ := strconv.ParseUint(m[2]+m[4], 10, 8)
	return uint32(s), uint8(f), s <= 0x7FFFF && f <= 31
}

// explainSPN explains a code of SAE J1939-73.
func explainSPN(number uint32, mode uint8) Explanation {
	text, known := spn.Builtin().Explain(number, mode)
	e := Explanation{
		Code: fmt.Sprintf("SPN %d FMI %d", number, mode), Description: text, Known: known, Origin: FromSAE,
		Severity: spn.Severity(mode), System: "vehicle network (SAE J1939)", Family: "heavy duty (SAE J1939-73): " + spn.FMI(mode),
	}
	if !known {
		e.Origin = FromFamily
	}
	if p := spn.Builtin().Parameter(number); p != nil && p.PGN != 0 {
		if g := spn.Builtin().Group(p.PGN); g != nil {
			e.Note = fmt.Sprintf("The value stands in PGN %d (%s).", g.PGN, g.Short)
		}
	}
	return e
}
