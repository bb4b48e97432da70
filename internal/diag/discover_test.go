package diag_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/module"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestDiscoverFindsUnitsBeyondTheEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := &diagtest.Car{Protocol: obd.CAN11x500, Volts: 12.4, Script: map[string]string{
			"3E00":       "7E8 7E00",
			"7E8<3E00":   "7E8 7E00",
			"77D<3E00":   "77D 7F3E7F", // refuses, and is there
			"77D<22F187": "77D 62F187 33513041424331323300",
			"77D<22F197": "77D 7F2231",
			"77D<19020D": "77D 5902FF 4A0200 08 4A0300 24 4A0400 50",
			"7E8<19020D": "7E8 7F1911",
			"7E8<22F197": "7E8 7F2211",
		}}
		maker, _ := module.ForVIN("WVWZZZ1KZ8W000001")
		begin := time.Now()
		found, err := tester(car).Discover(t.Context(), diag.Discovery{Places: maker.Modules, Codes: true, MinVolts: 11.8})
		if err != nil || len(found) != 2 {
			t.Fatalf("%v, found %v", err, found)
		}
		brakes, engine := found[0], found[1]
		if brakes.System != "abs" || brakes.ECU.Address != obd.CAN11(0x77D) || brakes.Request != obd.CAN11(0x713) ||
			len(brakes.ECU.Info) != 1 || brakes.ECU.Info[0].Text != "3Q0ABC123" {
			t.Errorf("brakes: %+v", brakes)
		}
		if len(brakes.Codes) != 2 || brakes.Codes[0].Kind != obd.Stored || brakes.Codes[1].Kind != obd.Pending || brakes.Codes[0].Code != "C0A02" {
			t.Errorf("codes of the brakes: %+v", brakes.Codes)
		}
		if engine.System != "engine" || len(engine.Unread) != 1 || engine.Unread[0].Reason != obd.NotSupported {
			t.Errorf("engine: %+v", engine)
		}
		if rate := float64(len(car.Asked)-1) / time.Since(begin).Seconds(); rate > 10.01 {
			t.Errorf("%.2f requests a second, want 10 at most", rate)
		}
	})
}

func TestDiscoverStopsWithAWeakBattery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := &diagtest.Car{Protocol: obd.CAN11x500, Volts: 11.1}
		_, err := tester(car).Discover(t.Context(), diag.Discovery{MinVolts: 11.8})
		if errs.KindOf(err) != errs.Denied || len(car.Asked) > 1 {
			t.Errorf("got %v after %q", err, car.Asked)
		}
	})
}
