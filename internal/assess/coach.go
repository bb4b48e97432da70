package assess

import "github.com/fleetms/obdctl/internal/obd"

// Coach tells for every open monitor what completes it, and what keeps it from running now.
func Coach(s *obd.Scan) []obd.CoachStep {
	steps := []obd.CoachStep{}
	for _, m := range s.Readiness.SinceClear {
		if !m.Supported || m.Complete {
			continue
		}
		p, ok := plans[m.ID]
		if !ok {
			continue
		}
		steps = append(steps, obd.CoachStep{Monitor: m.ID, Advice: p.advice, Blocked: blocked(s, m.ID, p)})
	}
	return steps
}
