package simulator_test

import (
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"
)

// TestTimesFollowTheModel holds the simulated times against the model of the package comment: serial
// time both ways, the ECU's latency, 2 ms of the adapter, 3 ms more for a reply of three frames.
func TestTimesFollowTheModel(t *testing.T) {
	for _, baud := range []int{9600, 38400, 115200, 500000} {
		for _, ecu := range []time.Duration{5 * time.Millisecond, 15 * time.Millisecond} {
			t.Run(fmt.Sprintf("%d/%s", baud, ecu), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					address := fmt.Sprintf("sim:four-ecu?baud=%d&ecu_latency=%s", baud, ecu)
					p := open(t, address)
					for _, c := range []string{"ATZ", "ATE0", "ATH1", "ATS0", "ATSP6", "ATSH7E0", "0100"} {
						ask(t, p, c)
					}
					each := 10 * time.Second / time.Duration(baud)
					near(t, "one PID", timed(t, func() { ask(t, p, "010C1") }), 22*each+ecu+2*time.Millisecond)
					near(t, "six PIDs", timed(t, func() { ask(t, p, "010C0D0405110F3") }), 78*each+ecu+5*time.Millisecond)
					p.Close()
				})
			})
		}
	}
}

func timed(t *testing.T, f func()) time.Duration {
	t.Helper()
	start := time.Now()
	f()
	return time.Since(start)
}

func near(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	if ratio := float64(got) / float64(want); math.Abs(ratio-1) > 0.03 {
		t.Errorf("%s took %s, want %s (ratio %.3f)", what, got, want, ratio)
	} else {
		t.Logf("%s: %s, model %s (ratio %.3f)", what, got, want, ratio)
	}
}
