package j1979_test

import (
	"bytes"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

func TestRequests(t *testing.T) {
	for want, got := range map[string][]byte{
		"01 0C 0D": j1979.Current(0x0C, 0x0D),
		"02 0C 01": j1979.Freeze(0x0C, 1),
		"02 0C":    j1979.FreezeWithoutFrame(0x0C),
		"03":       j1979.Codes(obd.Stored),
		"07":       j1979.Codes(obd.Pending),
		"0A":       j1979.Codes(obd.Permanent),
		"04":       j1979.Clear(),
		"05 01 10": j1979.OxygenTest(1, 0x10),
		"06 A2":    j1979.MonitorTests(0xA2),
		"08 01 00": j1979.Control(1, 0),
		"09 02":    j1979.VehicleInfo(j1979.InfoVIN),
		"01 20":    j1979.Supported(obd.ServiceCurrentData, 0x20),
		"02 00 00": j1979.Supported(obd.ServiceFreezeFrame, 0),
		"05 00 01": j1979.Supported(obd.ServiceOxygenTests, 0),
	} {
		if !bytes.Equal(got, wire(t, want)) {
			t.Errorf("got % X, want %s", got, want)
		}
	}
}
