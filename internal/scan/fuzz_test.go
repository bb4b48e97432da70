package scan_test

import (
	"context"
	"testing"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/scan"
)

// FuzzScan: whatever a car answers, a scan ends, after a bounded number of requests, with a valid document.
func FuzzScan(f *testing.F) {
	f.Add([]byte{1, 4, 4, 0xFF, 0xFF, 0xFF, 0xFF}, false)
	f.Add([]byte{1, 4, 5, 0, 0xFF, 0xFF, 0xFF, 0xFF}, true)
	f.Add([]byte{3, 0x64, 4, 0x98, 0x1B, 0, 0x13, 0x45, 2, 1, 2, 0x20}, false)
	f.Add([]byte{2, 0x24, 9, 1, 2, 3}, true)
	schema := compile(f, obd.ScanSchema)
	f.Fuzz(func(t *testing.T, script []byte, kLine bool) {
		l := &diagtest.Liar{Script: script, Protocol: obd.CAN11x500}
		if kLine {
			l.Protocol = obd.KWPFast
		}
		o := fixed()
		s, err := scan.Run(context.Background(), equip(l, diag.Options{Now: o.Now}), o)
		if s == nil || err != nil && len(s.Unread) == 0 {
			t.Fatal(err)
		}
		if l.Requests > 4000 {
			t.Errorf("%d requests", l.Requests)
		}
		validate(t, schema, s)
	})
}
