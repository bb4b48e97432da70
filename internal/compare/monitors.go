package compare

import "github.com/fleetms/obdctl/internal/obd"

// MonitorMove is the readiness of one monitor before and after.
type MonitorMove struct {
	Monitor obd.MonitorID `json:"monitor"`
	Before  string        `json:"before"` // "complete", "open", "absent" or "unknown"
	After   string        `json:"after"`
}

// monitors compares what either vehicle state supports, in the order of the standard.
func monitors(before, after obd.Readiness) []MonitorMove {
	moves := []MonitorMove{}
	seen := map[obd.MonitorID]bool{}
	for _, list := range [][]obd.Monitor{before.SinceClear, after.SinceClear} {
		for _, m := range list {
			if seen[m.ID] {
				continue
			}
			seen[m.ID] = true
			move := MonitorMove{m.ID, state(before.SinceClear, m.ID), state(after.SinceClear, m.ID)}
			if !isNothing(move.Before) || !isNothing(move.After) {
				moves = append(moves, move)
			}
		}
	}
	return moves
}

func isNothing(state string) bool { return state == "absent" || state == "unknown" }

func state(list []obd.Monitor, id obd.MonitorID) string {
	if len(list) == 0 {
		return "unknown"
	}
	for _, m := range list {
		switch {
		case m.ID != id:
		case !m.Supported:
			return "absent"
		case m.Complete:
			return "complete"
		default:
			return "open"
		}
	}
	return "absent"
}

// opened lists the monitors that have yet to run.
func opened(moves []MonitorMove) []obd.MonitorID {
	var open []obd.MonitorID
	for _, m := range moves {
		if m.After == "open" {
			open = append(open, m.Monitor)
		}
	}
	return open
}
