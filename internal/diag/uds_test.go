package diag_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestTheDialectIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		car  *diagtest.Car
		want obd.Dialect
	}{
		"SAE J1979":               {diagtest.Petrol(), obd.DialectJ1979},
		"K-line":                  {diagtest.Elder(), obd.DialectJ1979},
		"nobody there":            {quietCar(), obd.DialectJ1979},
		"SAE J1979-2":             {diagtest.OBDonUDS(), obd.DialectOBDUDS},
		"J1979-2 without F810":    {with(diagtest.OBDonUDS(), map[string]string{"22F810": ""}), obd.DialectOBDUDS},
		"ISO 27145":               {diagtest.WWHOBD(), obd.DialectWWHOBD},
		"ISO 27145 without F810":  {with(diagtest.WWHOBD(), map[string]string{"22F810": ""}), obd.DialectWWHOBD},
		"electric":                {diagtest.Electric(), obd.DialectUDSOnly},
		"behind a gateway":        {with(quietCar(), map[string]string{"7EC<3E00": "7EC 7E00", "7EC<190208": "7EC 5902FF"}), obd.DialectUDSOnly},
		"J1979 ECU without PIDs":  {with(quietCar(), map[string]string{"0100": "7E8 7F0112", "7E8<190208": "7E8 7F1911", "7E8<3E00": "7E8 7F3E11", "03": "7E8 4300"}), obd.DialectJ1979},
		"refused in this session": {with(quietCar(), map[string]string{"0100": "7E8 7F017F", "22F810": "7E8 62F81002"}), obd.DialectOBDUDS},
	} {
		t.Run(name, func(t *testing.T) {
			tester := tester(c.car)
			if _, _, err := tester.Supported(context.Background(), obd.ServiceCurrentData); err != nil {
				t.Fatal(err)
			}
			if got := tester.Dialect(); got != c.want {
				t.Errorf("got %s, want %s; asked %q", got, c.want, c.car.Asked)
			}
		})
	}
}

func quietCar() *diagtest.Car {
	return &diagtest.Car{Protocol: obd.CAN11x500, Script: map[string]string{}}
}

func TestMonitorTestsBehindIdentifiersInEveryShape(t *testing.T) {
	two := "010A0B620A3D0BD1" + "%s" + "0510005000000060"
	for name, reply := range map[string]string{
		"records alone":        "7E8 62F601" + two[:16] + two[18:],
		"MID before each":      "7E8 62F601" + two[:16] + "01" + two[18:],
		"identifier each time": "7E8 62F601" + two[:16] + "F601" + two[18:],
	} {
		t.Run(name, func(t *testing.T) {
			tester := tester(with(diagtest.OBDonUDS(), map[string]string{"22F600": "7E8 62F60080000000", "22F601": reply}))
			supported(t, tester)
			tests, missed, err := tester.MonitorTests(context.Background())
			if err != nil || len(missed) > 0 || len(tests) != 2 || tests[0].TID != 1 || tests[1].TID != 5 || *tests[1].UAS != 0x10 {
				t.Errorf("%v, missed %v, tests %+v", err, missed, tests)
			}
		})
	}
}

func TestUnreadNamesTheRequestThatWasSent(t *testing.T) {
	tester := tester(with(diagtest.OBDonUDS(), map[string]string{"22F42F": "7E8 7F2222", "7E8<22F42F": "7E8 7F2222"}))
	supported(t, tester)
	_, missed, err := tester.ReadAll(context.Background())
	if err != nil || len(missed) != 1 || missed[0].Request != "22F42F" || missed[0].Reason != obd.Refused || *missed[0].NRC != 0x22 {
		t.Errorf("%v, missed %+v", err, missed)
	}
}

func TestCodesFallBackPerECU(t *testing.T) {
	car := with(diagtest.OBDonUDS(), map[string]string{
		"190208": "7E8 5902FF 030100 2F", "7E9<190208": "7E9 7F1912", "7E9<194233081E": "7E9 594233FFFF04 82 070011 2F 44 070100 04",
	})
	tester := tester(car)
	supported(t, tester)
	codes, missed, err := tester.Codes(context.Background(), obd.Stored)
	if err != nil || len(missed) > 0 || len(codes) != 2 {
		t.Fatalf("%v, missed %v, codes %+v", err, missed, codes)
	}
	// The ECU ignored the mask: P0701 is only pending.
	if c := codes[1]; c.Code != "P0700" || c.Class != "A" || *c.FailureType != 0x11 || *c.Status != 0x2F || c.List != "19 42" {
		t.Errorf("got %+v", c)
	}
}

func TestAnEmptyListIsNotSilence(t *testing.T) {
	car := with(diagtest.OBDonUDS(), map[string]string{"190208": "7E8 5902FF", "7E9<190208": ""})
	tester := tester(car)
	supported(t, tester)
	codes, missed, err := tester.Codes(context.Background(), obd.Stored)
	if err != nil || len(codes) != 0 || len(missed) != 1 || missed[0].ECU != gearbox || missed[0].Reason != obd.NoReply {
		t.Errorf("%v, codes %v, missed %+v", err, codes, missed)
	}
}

func TestClearOverUDS(t *testing.T) {
	for name, c := range map[string]struct {
		car    *diagtest.Car
		script map[string]string
		want   map[obd.Address]bool
		denied bool
	}{
		"all":         {diagtest.OBDonUDS(), map[string]string{"190208": "7E8 5902FF\n7E9 5902FF"}, map[obd.Address]bool{engine: true, gearbox: true}, false},
		"codes again": {diagtest.OBDonUDS(), nil, map[obd.Address]bool{engine: false, gearbox: true}, false},
		"no groups": {diagtest.OBDonUDS(), map[string]string{
			"14FFFF33": "7E8 54\n7E9 7F1431", "14FFFFFF": "7E9 54", "190208": "7E8 5902FF\n7E9 5902FF",
		}, map[obd.Address]bool{engine: true, gearbox: true}, false},
		"one refuses":    {diagtest.OBDonUDS(), map[string]string{"14FFFF33": "7E8 54\n7E9 7F1422", "190208": "7E8 5902FF\n7E9 5902FF"}, map[obd.Address]bool{engine: true, gearbox: false}, false},
		"one silent":     {diagtest.OBDonUDS(), map[string]string{"14FFFF33": "7E8 54", "190208": "7E8 5902FF\n7E9 5902FF"}, map[obd.Address]bool{engine: true, gearbox: false}, false},
		"engine running": {diagtest.OBDonUDS(), map[string]string{"22F40C": "7E8 62F40C 0C80"}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			car := with(c.car, c.script)
			tester := tester(car)
			supported(t, tester)
			results, err := tester.Clear(context.Background(), false)
			if c.denied {
				if kind(err) != "denied" || sent(car, "14FFFF33") {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil || len(results) != len(c.want) {
				t.Fatalf("%v, results %+v", err, results)
			}
			for _, r := range results {
				if r.Done != c.want[r.ECU] || !r.Done && r.Why == nil {
					t.Errorf("%s: done %v, why %+v", r.ECU, r.Done, r.Why)
				}
			}
		})
	}
}

func TestAnElectricCarIsClearedOnlyByForce(t *testing.T) {
	car := diagtest.Electric()
	tester := tester(car)
	supported(t, tester)
	if _, err := tester.Clear(context.Background(), false); kind(err) != "denied" || sent(car, "14FFFFFF") {
		t.Errorf("nobody knows whether it stands: %v", err)
	}
	if results, err := tester.Clear(context.Background(), true); err != nil || len(results) != 2 || !sent(car, "14FFFFFF") {
		t.Errorf("%v, results %+v", err, results)
	}
}

func TestThePollerReadsIdentifiers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := diagtest.OBDonUDS()
		car.Latency = 10 * time.Millisecond
		tester := tester(car)
		supported(t, tester)
		wants, err := tester.Wants(0, "RPM", "VSS", "ECT")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		seen := map[string]int{}
		p, err := tester.Poller(diag.PollerOptions{Wants: wants, Emit: func(s diag.Sample) {
			for _, r := range s.Readings {
				seen[r.Signal]++
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		asked := len(car.Asked)
		if err := p.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		requests := len(car.Asked) - asked
		for _, signal := range []string{"RPM", "VSS", "ECT"} {
			if seen[signal] < requests-10 {
				t.Errorf("%s came %d times in %d requests", signal, seen[signal], requests)
			}
		}
		if !slices.ContainsFunc(car.Asked, func(s string) bool { return len(s) >= 14 && s[len(s)-14:len(s)-12] == "22" }) {
			t.Errorf("no request had three identifiers: %q", car.Asked[asked:asked+5])
		}
	})
}

func TestControlIsNotThere(t *testing.T) {
	tester := tester(diagtest.OBDonUDS())
	supported(t, tester)
	if _, err := tester.Control(context.Background(), 1, nil, true); kind(err) != "unsupported" {
		t.Errorf("got %v", err)
	}
}
