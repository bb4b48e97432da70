package assess

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// What monitors wait for, in Cel, % and kPa.
const (
	warmCoolant  = 70
	coldCoolant  = 35
	tankLeast    = 15
	tankMost     = 85
	airColdest   = 4
	airWarmest   = 35
	thinAir      = 75 // about 2,400 m
	coolantNoise = -40
)

// blocked says why the monitor cannot run now; "" when nothing that was read speaks against it.
func blocked(s *obd.Scan, id obd.MonitorID, p plan) string {
	var why []string
	if codes := suspending(s, p); len(codes) > 0 {
		why = append(why, strings.Join(codes, ", ")+" may suspend it: repair first")
	}
	if t, ok := highest(s, "ECT"); ok && t > coolantNoise {
		switch {
		case p.warm && t < warmCoolant:
			why = append(why, fmt.Sprintf("coolant is at %.0f °C, the monitor waits for about %d", t, warmCoolant))
		case p.cold && t > coldCoolant:
			why = append(why, fmt.Sprintf("coolant is at %.0f °C, the monitor waits for a cold start below %d", t, coldCoolant))
		}
	}
	if level, ok := value(s, "FLI"); ok && p.tank && (level < tankLeast || level > tankMost) {
		why = append(why, fmt.Sprintf("fuel level is %.0f %%, the monitor waits for %d to %d", level, tankLeast, tankMost))
	}
	if id == obd.MonitorEvap {
		why = append(why, weather(s)...)
	}
	return strings.Join(why, "; ")
}

// weather lists what keeps the tank's leak test from running.
func weather(s *obd.Scan) []string {
	var why []string
	if t, ok := value(s, "AAT"); ok && t > coolantNoise && (t < airColdest || t > airWarmest) {
		why = append(why, fmt.Sprintf("outside air is at %.0f °C, the monitor waits for %d to %d", t, airColdest, airWarmest))
	}
	if kPa, ok := value(s, "BARO"); ok && kPa > 0 && kPa < thinAir {
		why = append(why, fmt.Sprintf("air pressure is %.0f kPa, the monitor waits for more than %d", kPa, thinAir))
	}
	return why
}

// suspending lists stored and pending codes of the parts that the monitor relies on.
func suspending(s *obd.Scan, p plan) []string {
	var codes []string
	for _, kind := range []obd.CodeKind{obd.Stored, obd.Pending} {
		for _, code := range codesOf(s, kind) {
			relies := slices.ContainsFunc(p.codes, func(prefix string) bool { return strings.HasPrefix(code, prefix) })
			if relies && !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	return codes
}
