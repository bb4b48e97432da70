package document

import "github.com/fleetms/obdctl/internal/chart"

// Chart returns the level as charts know it.
func (l Level) Chart() chart.Level {
	switch l {
	case Good:
		return chart.Good
	case Low, Medium:
		return chart.Warn
	case High, Critical:
		return chart.Bad
	}
	return chart.Plain
}

// Severity returns the level of a catalogue's severity: critical, high, medium, low, info.
func Severity(s string) Level {
	switch l := Level(s); l {
	case Critical, High, Medium, Low, Info:
		return l
	}
	return None
}
