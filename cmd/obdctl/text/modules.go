package text

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/diag"
)

// Modules lays out the control units that were found, each with its codes.
func Modules(vin, maker string, all []diag.Module) *Page {
	p := NewPage(0)
	remark := C("%s", strings.TrimSpace(vin+" "+maker))
	p.Section(count(len(all), "control unit"), remark)
	var rows [][]Cell
	for _, m := range all {
		name := cmp.Or(m.Name, m.ECU.Name, "control unit")
		rows = append(rows, []Cell{T(Strong, "%s", m.ECU.Address.String()), C("%s", name), T(Faint, "%s", moduleParts(m)), moduleState(m)})
	}
	p.Table(2, rows)
	for _, m := range all {
		if len(m.Codes) == 0 {
			continue
		}
		p.Section(fmt.Sprintf("%s %s", m.ECU.Address, m.Name))
		rows = nil
		for _, c := range m.Codes {
			rows = append(rows, []Cell{T(severityTone(c.Severity), "%s", codeWithType(c.Code, c.FailureType)), C("%s", string(c.Kind)), C("%s", cmp.Or(c.Description, "no description"))})
		}
		p.Table(2, rows)
	}
	return p
}

func codeWithType(code string, failure *uint8) string {
	if failure == nil || *failure == 0 {
		return code
	}
	return fmt.Sprintf("%s-%02X", code, *failure)
}

// moduleParts are the first part numbers that a unit told.
func moduleParts(m diag.Module) string {
	var words []string
	for _, r := range m.ECU.Info {
		switch r.Signal {
		case "SPARE_PART", "ECU_SW", "ECU_HW":
			words = append(words, r.Text)
		}
	}
	return strings.Join(words, " ")
}

func moduleState(m diag.Module) Cell {
	switch {
	case len(m.Codes) > 0:
		return T(Bad, "%s", count(len(m.Codes), "code"))
	case len(m.Unread) > 0:
		return T(Warn, "codes not read")
	}
	return C("")
}
