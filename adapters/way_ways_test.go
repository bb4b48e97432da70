package adapters_test

import (
	"runtime"
	"testing"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/internal/errs"
)

// TestWaysThatAreNotHere must say what to do instead. The addresses lead nowhere on any computer.
func TestWaysThatAreNotHere(t *testing.T) {
	for _, address := range []string{"j2534://no such device", "rfcomm://00:00:5E:00:53:01/30", "ble://?service=XYZ", "doip://127.0.0.1:9"} {
		_, err := adapters.Open(t.Context(), address, adapters.Options{NoRecovery: true})
		if err == nil || errs.KindOf(err) == errs.Internal || errs.HintOf(err) == "" {
			t.Errorf("%s on %s: %v (%s)", address, runtime.GOOS, err, errs.HintOf(err))
		}
	}
}
