package text

import (
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// codeRow is one code of one ECU with the lists that it stands in.
type codeRow struct {
	obd.DTC
	kinds []string
}

// mergeKinds brings the rows of one code and ECU together, in the order of their first appearance.
func mergeKinds(codes []obd.DTC) []codeRow {
	type key struct {
		code string
		ecu  obd.Address
		ftb  uint8
	}
	var rows []codeRow
	at := map[key]int{}
	for _, c := range codes {
		k := key{code: c.Code, ecu: c.ECU}
		if c.FailureType != nil {
			k.ftb = *c.FailureType
		}
		i, ok := at[k]
		if !ok {
			i = len(rows)
			at[k] = i
			rows = append(rows, codeRow{DTC: c})
		}
		rows[i].kinds = append(rows[i].kinds, string(c.Kind))
	}
	return rows
}

func codes(p *Page, s *obd.Scan) {
	if len(s.Codes) == 0 {
		return
	}
	p.Section("Trouble codes")
	var rows [][]Cell
	for _, c := range mergeKinds(s.Codes) {
		what := c.Description
		if what == "" {
			what = "no description"
		}
		rows = append(rows, []Cell{
			T(severityTone(c.Severity), "%s", codeWithType(c.Code, c.FailureType)), C(c.ECU.String()),
			C(strings.Join(c.kinds, " + ")), C("%s", gravity(c.DTC)), C("%s", what),
		})
	}
	p.Table(2, rows)
}

// gravity is how serious the book takes a code, and the class that the control unit gives it.
func gravity(c obd.DTC) string {
	if c.Class == "" {
		return c.Severity
	}
	return strings.TrimSpace(c.Severity + " class " + c.Class)
}

func severityTone(severity string) Tone {
	switch severity {
	case "critical", "high":
		return Bad
	case "medium":
		return Warn
	}
	return Strong
}
