package simulator_test

import (
	"testing"
	"testing/synctest"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// TestRaisedSpeed raises the line by AT BRD, whose divisor gives 115,200 only within 1 %, and by STBR.
func TestRaisedSpeed(t *testing.T) {
	for address, baud := range map[string]int{"sim:": 115200, "sim:?adapter=stn2120": 500000} {
		synctest.Test(t, func(t *testing.T) {
			port, err := simulator.Open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			defer port.Close()
			l, err := elm327.Dial(t.Context(), port, elm327.Options{Baud: baud})
			if err != nil {
				t.Fatalf("%s: %v", address, err)
			}
			if got := port.(link.SpeedSetter).Speed(); got != baud || l.Describe().Baud != baud {
				t.Errorf("%s: the line runs at %d, the link says %d, want %d", address, got, l.Describe().Baud, baud)
			}
		})
	}
}
