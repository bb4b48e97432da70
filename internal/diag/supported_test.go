package diag_test

import (
	"context"
	"testing"

	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestSupportedWalksWhileAnyECUSaysSo(t *testing.T) {
	car := diagtest.Petrol()
	s := supported(t, tester(car))
	equal(t, "ECUs", s.ECUs, []obd.Address{engine, gearbox})
	equal(t, "of engine", s.Of(engine), []byte{0x01, 0x04, 0x05, 0x0C, 0x0D, 0x0F, 0x10, 0x1C, 0x1F, 0x21, 0x2F, 0x41, 0x42})
	equal(t, "of gearbox", s.Of(gearbox), []byte{0x01, 0x04, 0x05, 0x0C, 0x0D})
	equal(t, "asked", car.Asked, []string{"0100", "0120406080A0C0"})
}

func TestSupportedFallsBackToOneBitmapAtATime(t *testing.T) {
	for name, car := range map[string]*diagtest.Car{
		"batches ignored": {Protocol: obd.CAN11x500, Batch: map[string]int{"7E8": -1, "7E9": -1}, Script: diagtest.Petrol().Script},
		"first one only":  {Protocol: obd.CAN11x500, Batch: map[string]int{"7E8": 1}, Script: diagtest.Petrol().Script},
		"older line":      {Protocol: obd.KWPFast, Script: diagtest.Petrol().Script},
	} {
		s := supported(t, tester(car))
		equal(t, name, s.Of(engine), []byte{0x01, 0x04, 0x05, 0x0C, 0x0D, 0x0F, 0x10, 0x1C, 0x1F, 0x21, 0x2F, 0x41, 0x42})
	}
}

func TestSupportedDoesNotBelieveEverything(t *testing.T) {
	car := &diagtest.Car{Protocol: obd.CAN11x500, Script: map[string]string{
		"0100": "7E8 4100 FFFFFFFF", "0120": "7E8 4120 FFFFFFFF", "0140": "7E8 4140 FFFFFFFF", "0160": "7E8 4160 FFFFFFFF",
		"0180": "7E8 4180 FFFFFFFF", "01A0": "7E8 41A0 FFFFFFFF", "01C0": "7E8 41C0 FFFFFFFF", "01E0": "7E8 41E0 FFFFFFFF",
		"0105": "7E8 4105 7B", "010C": "7E8 410C 1AF8",
	}}
	tester := tester(car)
	s, missed, err := tester.Supported(context.Background(), obd.ServiceCurrentData)
	if err != nil || !s.IsSuspect(engine) {
		t.Fatalf("suspect = %v, %v", s.Suspect, err)
	}
	equal(t, "noted", whys(missed), []why{{ECU: engine, Request: "0100", Reason: obd.Malformed}})
	readings, missed, err := tester.Read(context.Background(), s.IDs()...)
	if err != nil {
		t.Fatal(err)
	}
	if r, ok := value(readings, engine, "RPM"); !ok || r.Value != 1726 {
		t.Errorf("RPM = %+v", r)
	}
	for _, u := range missed {
		if u.ECU == engine {
			t.Errorf("unread %+v, though the claim was not to be believed", u)
		}
	}
	if n := len(car.Asked); n > 400 {
		t.Errorf("%d requests", n)
	}
}

func TestSupportedOfOtherServices(t *testing.T) {
	car := diagtest.Petrol()
	tester := tester(car)
	for service, want := range map[obd.Service][]byte{
		obd.ServiceFreezeFrame: {0x02, 0x04, 0x05, 0x0C, 0x0D}, obd.ServiceMonitorTests: {0x01, 0x02, 0x21},
		obd.ServiceVehicleInfo: {0x02, 0x04, 0x06, 0x0A},
	} {
		s, missed, err := tester.Supported(context.Background(), service)
		if err != nil || len(missed) > 0 {
			t.Errorf("service %02X: %v, %v", service, missed, err)
		}
		equal(t, "ids", s.Of(engine), want)
	}
	asked := len(car.Asked)
	if _, _, err := tester.Supported(context.Background(), obd.ServiceMonitorTests); err != nil || len(car.Asked) != asked {
		t.Errorf("asked again: %v, %v", car.Asked[asked:], err)
	}
}
