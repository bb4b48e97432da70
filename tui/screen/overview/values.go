package overview

import (
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// looked are the values that a mechanic looks at first, in this order.
var looked = []string{
	"RPM", "VSS", "LOAD_PCT", "ECT", "IAT", "MAP", "MAF", "TP", "SHRTFT1", "LONGFT1", "SHRTFT2", "LONGFT2",
	"FLI", "BAT_SOC", "EOT", "FRP", "FUEL_RATE", "ODO", "BARO", "AAT",
}

// values are the live values at the time of the scan, in two columns where there is room.
func (s *Screen) values(width int) string {
	l := s.look
	var cells []string
	columns, gap := 1, 4
	if width >= 68 && !l.Linear {
		columns = 2
	}
	each := (width - gap*(columns-1)) / columns
	for _, id := range looked {
		i := slices.IndexFunc(s.state.Scan.Readings, func(r obd.Reading) bool { return r.Signal == id && !r.Absent && r.Text == "" })
		if i < 0 {
			continue
		}
		r := s.state.Scan.Readings[i]
		number, unit := l.Quantity(r.Value, r.Unit)
		value := l.Paint(theme.Strong, widget.FitRight(number, 7)) + " " + l.Paint(theme.Faint, widget.Fit(unit, 5))
		cells = append(cells, widget.Fit(widget.Clean(r.Name), max(each-14, 4))+" "+value)
	}
	if len(cells) == 0 {
		return ""
	}
	rows := (len(cells) + columns - 1) / columns
	var lines []string
	for i := range rows {
		line := cells[i]
		if i+rows < len(cells) {
			line += strings.Repeat(" ", gap) + cells[i+rows]
		}
		lines = append(lines, line)
	}
	return widget.Panel(l, width, l.T("section.values"), "", strings.Join(lines, "\n"))
}
