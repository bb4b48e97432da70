package assess

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// RuleEPA is the federal rule of the United States (40 CFR 85.2222): the malfunction lamp must not be commanded on,
// and at most one non-continuous monitor may be open from model year 2001 on, two from 1996 to 2000. It
// counts compression ignition the same way, from model year 1997 on.
const RuleEPA = "us-epa"

// Inspection gives the verdict that [RuleEPA] would give.
func Inspection(s *obd.Scan) obd.Inspection {
	i := obd.Inspection{Verdict: obd.Unknown, Rule: RuleEPA}
	supported, open := nonContinuous(s)
	if s.MIL {
		i.Verdict = obd.Fail
		i.Reasons = append(i.Reasons, milReason(s))
	}
	switch {
	case len(s.Readiness.SinceClear) == 0:
		i.Reasons = append(i.Reasons, "readiness could not be read")
	case len(supported) == 0:
		i.Reasons = append(i.Reasons, "no ECU has a monitor that an inspection counts")
	default:
		verdict, reason := judgeMonitors(s, len(supported), open)
		i.Reasons = append(i.Reasons, reason)
		if !s.MIL {
			i.Verdict = verdict
		}
	}
	if i.Verdict == obd.Pass && readinessDoubtful(s) {
		i.Verdict = obd.Unknown
		i.Reasons = append(i.Reasons, "the readiness of one ECU could not be read")
	}
	if permanent := codesOf(s, obd.Permanent); len(permanent) > 0 {
		i.Reasons = append(i.Reasons, fmt.Sprintf("%s (%s) would fail in states that count permanent codes; this rule does not",
			count(len(permanent), "permanent code", "permanent codes"), strings.Join(permanent, ", ")))
	}
	return i
}

func milReason(s *obd.Scan) string {
	stored := codesOf(s, obd.Stored)
	if len(stored) == 0 {
		return "the malfunction lamp is commanded on"
	}
	return fmt.Sprintf("the malfunction lamp is commanded on, with %s: %s",
		count(len(stored), "stored code", "stored codes"), strings.Join(stored, ", "))
}

// judgeMonitors holds the number of open monitors against what the model year allows.
func judgeMonitors(s *obd.Scan, supported int, open []obd.MonitorID) (obd.Verdict, string) {
	state := fmt.Sprintf("%d of %s open", len(open), count(supported, "monitor", "monitors"))
	if len(open) > 0 {
		state += ": " + names(open)
	}
	first := 1996
	if s.Readiness.Ignition == obd.Compression {
		first = 1997
	}
	year := s.Vehicle.ModelYear
	allowed := 1
	switch {
	case year == 0 && len(open) == 2:
		return obd.Unknown, state + "; allowed up to model year 2000 only, and the model year is not known"
	case year == 0:
		state += "; the model year is not known"
	case year < first:
		return obd.Unknown, fmt.Sprintf("%s; the rule starts with model year %d, this is %d", state, first, year)
	case year <= 2000:
		allowed = 2
	}
	if len(open) > allowed {
		return obd.Fail, fmt.Sprintf("%s; %d allowed", state, allowed)
	}
	return obd.Pass, fmt.Sprintf("%s; %d allowed", state, allowed)
}

// readinessDoubtful tells that an ECU that should have monitors kept them to itself.
func readinessDoubtful(s *obd.Scan) bool {
	for _, u := range s.Unread {
		if u.Step == obd.StepReadiness && u.Reason != obd.NotSupported && (u.Request == "" || u.Request == "0101") {
			return true
		}
	}
	return false
}
