package assess

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// Counters below these say that codes were cleared lately: about two days of ordinary driving, less than most
// cars need to complete their monitors.
const (
	recentWarmUps = 5   // PID 30
	recentKM      = 80  // PID 31
	recentMinutes = 120 // PID 4E, engine running
)

// sinceClear are the counters that start again when codes are cleared (or the battery is disconnected).
var sinceClear = []struct {
	signal    string
	below     float64
	one, many string // what it counts
	pid       string
}{
	{"CLR_DIST", recentKM, "km driven", "km driven", "PID 31"},
	{"WARM_UPS", recentWarmUps, "warm-up", "warm-ups", "PID 30"},
	{"CLR_TIME", recentMinutes, "minute of engine running", "minutes of engine running", "PID 4E"},
}

// The answers of [obd.Likelihood].
const (
	yes      = "yes"
	likely   = "likely"
	unlikely = "unlikely"
	unknown  = "unknown"
)

// RecentlyCleared tells whether somebody cleared the codes shortly before, which hides faults from a buyer or an
// inspector. Counters that an ECU keeps decide where they agree; open monitors and permanent codes back them up.
func RecentlyCleared(s *obd.Scan) obd.Likelihood {
	l := obd.Likelihood{Answer: unknown, Evidence: []string{}}
	recent, old := 0, 0
	for _, c := range sinceClear {
		for _, r := range deciding(s, readings(s, c.signal)) {
			l.Evidence = append(l.Evidence, fmt.Sprintf("%s since the codes were cleared (%s%s)",
				count(int(r.Value), c.one, c.many), c.pid, source(s, r.ECU, ", ")))
			if r.Value < c.below {
				recent++
			} else {
				old++
			}
		}
	}
	signs := clearedSigns(s)
	l.Evidence = append(l.Evidence, signs...)
	switch {
	case recent > 0 && (old == 0 || len(signs) > 0):
		l.Answer = yes
	case recent > 0 || old == 0 && len(signs) > 0:
		l.Answer = likely
	case old > 0:
		l.Answer = unlikely
	case allComplete(s):
		l.Answer = unlikely
		l.Evidence = append(l.Evidence, "every monitor has completed since the codes were last cleared")
	}
	return l
}

// deciding leaves the readings of ECUs with monitors of their own; a control unit that never counts says 0 for ever.
func deciding(s *obd.Scan, all []obd.Reading) []obd.Reading {
	var of []obd.Reading
	for _, r := range all {
		for _, status := range s.Readiness.PerECU {
			watches := slices.ContainsFunc(status.Monitors, func(m obd.Monitor) bool { return m.Supported && !isContinuous(m.ID) })
			if status.ECU == r.ECU && watches {
				of = append(of, r)
				break
			}
		}
	}
	if len(of) == 0 {
		return all
	}
	return of
}

// clearedSigns are observations that clearing leaves behind.
func clearedSigns(s *obd.Scan) []string {
	var signs []string
	supported, open := nonContinuous(s)
	if n := len(supported); n >= 3 && len(open)*2 > n {
		sign := fmt.Sprintf("%d of %d monitors are open", len(open), n)
		if wasRead(s, obd.StepStored) && len(codesOf(s, obd.Stored)) == 0 {
			sign += " and no code is stored"
		}
		signs = append(signs, sign)
	}
	if reset := resetMonitors(s); len(reset) > 0 {
		signs = append(signs, "open though completed before, by the in-use counters: "+strings.Join(reset, ", "))
	}
	if lost := permanentAlone(s); len(lost) > 0 {
		signs = append(signs, "permanent without a stored code, as clearing leaves it: "+strings.Join(lost, ", "))
	}
	return signs
}

// permanentAlone lists permanent codes that are neither stored nor pending. An ECU that finds the fault gone by itself
// takes the permanent code away together with the stored one (SAE J1979, service 0A).
func permanentAlone(s *obd.Scan) []string {
	if !wasRead(s, obd.StepStored) {
		return nil
	}
	var alone []string
	stored, pending := codesOf(s, obd.Stored), codesOf(s, obd.Pending)
	for _, code := range codesOf(s, obd.Permanent) {
		if !slices.Contains(stored, code) && !slices.Contains(pending, code) {
			alone = append(alone, code)
		}
	}
	return alone
}

func allComplete(s *obd.Scan) bool {
	supported, open := nonContinuous(s)
	return len(supported) > 0 && len(open) == 0
}
