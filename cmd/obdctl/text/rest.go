package text

import (
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

func findings(p *Page, s *obd.Scan) {
	if len(s.Assessment.Findings) == 0 {
		return
	}
	p.Section("Worth a look")
	var rows [][]Cell
	for _, f := range s.Assessment.Findings {
		rows = append(rows, []Cell{T(severityTone(f.Severity), "%s", f.Severity), C(f.Text)})
	}
	p.Table(2, rows)
}

func units(p *Page, s *obd.Scan) {
	if len(s.ECUs) == 0 {
		return
	}
	p.Section("Control units")
	var rows [][]Cell
	for _, e := range s.ECUs {
		name := e.Name
		if name == "" {
			name = "–"
		}
		var cals []string
		for _, c := range e.Calibrations {
			cal := c.ID
			if c.CVN != "" {
				cal += " (CVN " + c.CVN + ")"
			}
			cals = append(cals, strings.TrimSpace(cal))
		}
		rows = append(rows, []Cell{T(Strong, "%s", e.Address), C(name), C(strings.Join(cals, ", "))})
	}
	p.Table(2, rows)
}

func unread(p *Page, s *obd.Scan) {
	var rows [][]Cell
	quiet := 0
	for _, u := range s.Unread {
		if u.Reason == obd.NotSupported {
			quiet++
			continue
		}
		detail := u.Detail
		if detail == "" {
			detail = strings.ReplaceAll(string(u.Reason), "_", " ")
		}
		rows = append(rows, []Cell{
			C(strings.ReplaceAll(string(u.Step), "_", " ")), C(u.ECU.String()), C(u.Request), C(detail),
		})
	}
	if len(rows) == 0 && quiet == 0 {
		return
	}
	p.Section("Not read")
	p.Table(2, rows)
	if quiet > 0 {
		p.Line(2, T(Faint, "%s that this vehicle does not support (listed by --json)", count(quiet, "request")))
	}
}
