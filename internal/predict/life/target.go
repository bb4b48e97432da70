package life

import "math"

// target is what is known of a cycle: remaining life in cycles, capped, and whether the failure is within the horizon.
// NaN stands for unknown.
type target struct{ life, soon float64 }

// targets labels every cycle of a unit. Of one that still runs is known that it lasted to its last row: enough for the
// cycles that are far from it.
func (s Settings) targets(u Unit) []target {
	out := make([]target, len(u.Rows))
	for i := range out {
		left := float64(len(u.Rows) - 1 - i)
		t := target{life: min(left, s.Cap)}
		if left <= s.Horizon {
			t.soon = 1
		}
		if !u.Failed {
			if left < s.Cap {
				t.life = math.NaN()
			}
			if left <= s.Horizon {
				t.soon = math.NaN()
			}
		}
		out[i] = t
	}
	return out
}
