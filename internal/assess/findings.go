package assess

import (
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// The severities of a finding, the most serious first.
const (
	critical = "critical"
	high     = "high"
	medium   = "medium"
	low      = "low"
	info     = "info"
)

var severities = []string{critical, high, medium, low, info}

// rules are the observations that a scan is searched for.
var rules = []func(*obd.Scan) []obd.Finding{
	coolant,
	thermostat,
	supply,
	fuelTrim,
	failedTests,
	misfires,
	lamp,
	silentECUs,
	vins,
	verification,
}

// Findings lists other things worth a look, the most serious first.
func Findings(s *obd.Scan) []obd.Finding {
	found := []obd.Finding{}
	for _, rule := range rules {
		found = append(found, rule(s)...)
	}
	slices.SortStableFunc(found, func(a, b obd.Finding) int {
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	return found
}

// one returns a single finding, as rules without a list give it.
func one(id, severity, text string) []obd.Finding {
	return []obd.Finding{{ID: id, Severity: severity, Text: text}}
}
