package registry

import (
	"fmt"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
)

// Line is one line of a model's card.
type Line struct{ Name, Text string }

// CardLines say everything of a model but its figures and limits.
func CardLines(m fleet.Model) []Line {
	scope := "every vehicle"
	if m.VehicleID != nil {
		scope = "vehicle " + m.VehicleID.String()
	}
	lines := []Line{
		{"Algorithm", m.Algorithm}, {"State", string(m.State)}, {"Speaks for", scope}, {"Learned from", m.Data}, {"Data, SHA-256", m.DataHash}, {"Split", m.Split},
		{"Seed", fmt.Sprint(m.Seed)}, {"Trained", m.Trained.UTC().Format(time.RFC3339)}, {"By obdctl", m.CodeVersion}, {"Weights, SHA-256", m.Weights},
		{"Size", fmt.Sprintf("%d bytes", m.Size)},
	}
	if m.Parent != nil {
		lines = append(lines, Line{"Trained beside", m.Parent.String()})
	}
	if m.Promoted != nil {
		lines = append(lines, Line{"Promoted", m.Promoted.UTC().Format(time.RFC3339)})
	}
	if m.Verdict != "" {
		lines = append(lines, Line{"Verdict", m.Verdict})
	}
	if m.Imported {
		lines = append(lines, Line{"Origin", "imported: what the card says was measured elsewhere"})
	}
	return lines
}

// Range writes the interval of a figure, "" without one.
func Range(m fleet.Metric) string {
	if m.Low == nil || m.High == nil {
		return ""
	}
	return fmt.Sprintf("%.3g to %.3g", *m.Low, *m.High)
}

// Markdown is a model's card as a page.
func Markdown(m fleet.Model) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n| | |\n|---|---|\n", cell(m.Title()))
	for _, l := range CardLines(m) {
		fmt.Fprintf(&b, "| %s | %s |\n", l.Name, cell(l.Text))
	}
	b.WriteString("\n## Figures on frozen data\n\n| Figure | Value | 95 % interval | On |\n|---|---|---|---|\n")
	for _, f := range m.Metrics {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(f.Name), Figure(f), Range(f), cell(f.On))
	}
	b.WriteString("\n## What it cannot tell\n\n")
	for _, l := range m.Limits {
		fmt.Fprintf(&b, "- %s\n", cell(l))
	}
	return b.String()
}

// cell keeps a text from another installation within its cell.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "\n", " ", "\r", " ", "<", "&lt;", "[", "\\[").Replace(s)
}
