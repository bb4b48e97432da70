package text

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// ReportCard lays out what an adapter can do.
func ReportCard(r elm327.Report, width int) *Page {
	p := NewPage(width)
	p.Section("Adapter", honesty(r))
	rows := [][]Cell{
		{T(Faint, "At"), C("%s", r.Port)},
		{T(Faint, "Claims"), C("%s", r.Capabilities.Claimed)},
	}
	if r.Behaves != "" {
		rows = append(rows, []Cell{T(Faint, "Behaves like"), C("ELM327 v%s", r.Behaves)})
	}
	if r.Baud > 0 {
		rows = append(rows, []Cell{T(Faint, "Speed"), C("%d baud", r.Baud)})
	}
	rows = append(rows, []Cell{T(Faint, "Answers in"), latencyCell(r.Command)})
	if r.Voltage != nil {
		rows = append(rows, []Cell{T(Faint, "Measures"), C("%.1f V", *r.Voltage)})
	}
	rows = append(rows,
		[]Cell{T(Faint, "Honours"), C("%s", strings.Join(r.Honoured, " "))},
		[]Cell{T(Faint, "Refuses"), C("%s", orNone(r.Refused))})
	p.Table(2, rows)
	if r.Vehicle == nil {
		p.Section("Vehicle", T(Warn, "none answered: switch the ignition on to measure requests"))
		return p
	}
	vehicleCard(p, r.Vehicle)
	return p
}

func vehicleCard(p *Page, v *elm327.Vehicle) {
	p.Section("Vehicle")
	rows := [][]Cell{
		{T(Faint, "Line"), C("%s, %s", v.Protocol.Name(), count(len(v.ECUs), "control unit"))},
		{T(Faint, "A request takes"), latencyCell(v.Request)},
	}
	if v.WithDigit != nil {
		rows = append(rows, []Cell{T(Faint, "With count digit"), latencyCell(*v.WithDigit)})
	} else {
		rows = append(rows, []Cell{T(Faint, "With count digit"), T(Faint, "not honoured, or of no use on this line")})
	}
	rows = append(rows,
		[]Cell{T(Faint, "PIDs in one request"), C("%d", v.BatchLimit)},
		[]Cell{T(Faint, "Longest request"), C("%d bytes", v.MaxRequest)})
	p.Table(2, rows)
}

func honesty(r elm327.Report) Cell {
	if r.Honest {
		return T(Good, "✓ does what it claims")
	}
	return T(Warn, "! does less than it claims")
}

func latencyCell(l elm327.Latency) Cell {
	return C("%s", fmt.Sprintf("%.1f ms (%.1f to %.1f, %d tries)", l.Median, l.Fastest, l.Slowest, l.Samples))
}

func orNone(words []string) string {
	if len(words) == 0 {
		return "nothing that was tried"
	}
	return strings.Join(words, " ")
}
