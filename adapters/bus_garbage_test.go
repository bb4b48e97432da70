package adapters_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/internal/errs"
)

// TestLogWithGarbage tells lines that are not understood, and does not ask for an ignition when a log is
// what holds no vehicle.
func TestLogWithGarbage(t *testing.T) {
	for _, row := range []struct {
		name, log string
		kind      errs.Kind
		says      string
	}{
		{"a car between garbage", strings.Replace(frameLog, "\n", "\nno frame\n\x00\xFF(x) can0 7E8#ZZ\n", 1), errs.Internal, ""},
		{"no dialogue", "(1700000000.000000) can0 1A0#DEADBEEF\nno frame\n(1700000000.1) can0\n", errs.NoVehicle, "can decode"},
	} {
		path := filepath.Join(t.TempDir(), "car.log")
		if err := os.WriteFile(path, []byte(row.log), 0o600); err != nil {
			t.Fatal(err)
		}
		var told []string
		o := options()
		o.Notify = func(e adapters.Event) { told = append(told, e.Text) }
		l, err := adapters.Open(t.Context(), "replay:"+path, o)
		if err == nil {
			_ = l.Close()
		}
		if (err != nil) != (row.kind != errs.Internal) || err != nil && (errs.KindOf(err) != row.kind || !strings.Contains(errs.HintOf(err), row.says)) {
			t.Errorf("%s: %v (%s)", row.name, err, errs.HintOf(err))
		}
		if !strings.Contains(strings.Join(told, "\n"), "2 lines of the log") {
			t.Errorf("%s: told %q", row.name, told)
		}
	}
}
