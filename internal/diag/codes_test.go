package diag_test

import (
	"context"
	"testing"

	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/obd"
)

type code struct {
	ECU  obd.Address
	Code string
}

func TestCodes(t *testing.T) {
	for name, row := range map[string]struct {
		kind   obd.CodeKind
		script map[string]string
		codes  []code
		missed []why
	}{
		"stored": {kind: obd.Stored, codes: []code{{engine, "P0301"}}},
		"none":   {kind: obd.Pending},
		"permanent of one of two": {
			kind: obd.Permanent, codes: []code{{engine, "P0301"}},
		},
		"several ECUs in any order": {
			kind: obd.Stored, script: map[string]string{"03": "7E9 43020700C123\n7E8 43020301C100"},
			codes: []code{{engine, "P0301"}, {engine, "U0100"}, {gearbox, "P0700"}, {gearbox, "U0123"}},
		},
		"the same code twice in one list": {
			kind: obd.Stored, script: map[string]string{"03": "7E8 430203010301\n7E9 4300"}, codes: []code{{engine, "P0301"}},
		},
		"unsupported is not none": {
			kind: obd.Permanent, script: map[string]string{"0A": "7E8 7F0A11"},
			missed: []why{{engine, "0A", obd.NotSupported, 0x11}},
		},
		"pending without an end is not none": {
			kind: obd.Stored, script: map[string]string{"03": "7E8 !pending\n7E9 43010700", "7E8<03": "7E8 !pending"},
			codes: []code{{gearbox, "P0700"}}, missed: []why{{engine, "03", obd.StillPending, 0}},
		},
		"an unresolved 78 is not none": {
			kind: obd.Stored, script: map[string]string{"03": "7E8 7F0378\n7E9 4300"},
			missed: []why{{engine, "03", obd.StillPending, 0x78}},
		},
		"silent ECU answers alone": {
			kind: obd.Stored, script: map[string]string{"03": "7E8 43010301", "7E9<03": "7E9 43010700"},
			codes: []code{{engine, "P0301"}, {gearbox, "P0700"}},
		},
		"silent ECU refuses alone": {
			kind: obd.Stored, script: map[string]string{"03": "7E8 43010301", "7E9<03": "7E9 7F0311"},
			codes: []code{{engine, "P0301"}}, missed: []why{{gearbox, "03", obd.NotSupported, 0x11}},
		},
		"nobody": {
			kind: obd.Permanent, script: map[string]string{"0A": ""}, missed: []why{{0, "0A", obd.NoReply, 0}},
		},
		"cut list": {
			kind: obd.Stored, script: map[string]string{"03": "7E8 43030301\n7E9 4300", "7E8<03": "7E8 43030301"},
			codes: []code{{engine, "P0301"}}, missed: []why{{engine, "03", obd.Malformed, 0}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tester := tester(with(diagtest.Petrol(), row.script))
			supported(t, tester)
			codes, missed, err := tester.Codes(context.Background(), row.kind)
			if err != nil {
				t.Fatal(err)
			}
			var got []code
			for _, c := range codes {
				got = append(got, code{c.ECU, c.Code})
				if c.Kind != row.kind || c.Description == "" {
					t.Errorf("%+v", c)
				}
			}
			equal(t, "codes", got, row.codes)
			equal(t, "unread", whys(missed), row.missed)
		})
	}
}

// TestSilenceMeansNoCodesOnOldLines: on ISO 9141-2 an ECU without codes may keep silent, when PID 01 counts none.
func TestSilenceMeansNoCodesOnOldLines(t *testing.T) {
	tester := tester(diagtest.Elder())
	supported(t, tester)
	if _, missed, err := tester.Codes(context.Background(), obd.Stored); err != nil || len(missed) != 1 {
		t.Errorf("before the count was read: %v, %v", missed, err)
	}
	if _, _, err := tester.Readiness(context.Background()); err != nil {
		t.Fatal(err)
	}
	codes, missed, err := tester.Codes(context.Background(), obd.Stored)
	if err != nil || len(codes) > 0 || len(missed) > 0 {
		t.Errorf("codes %v, unread %v, %v", codes, missed, err)
	}
}

func TestClear(t *testing.T) {
	for name, row := range map[string]struct {
		script map[string]string
		force  bool
		want   []why // Reason "done" where it was
		denied bool
	}{
		"all": {script: map[string]string{"04": "7E8 44\n7E9 44"}, want: []why{{ECU: engine, Reason: "done"}, {ECU: gearbox, Reason: "done"}}},
		"one refuses": {
			script: map[string]string{"04": "7E9 7F0422\n7E8 44"},
			want:   []why{{ECU: engine, Reason: "done"}, {ECU: gearbox, Request: "04", NRC: 0x22, Reason: obd.Refused}},
		},
		"one is silent": {
			script: map[string]string{"04": "7E8 44"},
			want:   []why{{ECU: engine, Reason: "done"}, {ECU: gearbox, Request: "04", Reason: obd.NoReply}},
		},
		"engine running":             {script: map[string]string{"010C": "7E8 410C 0C80", "04": "7E8 44"}, denied: true, force: true},
		"engine unknown":             {script: map[string]string{"010C": "", "04": "7E8 44"}, denied: true},
		"engine unknown, and may be": {script: map[string]string{"010C": "", "04": "7E8 44\n7E9 44"}, force: true, want: []why{{ECU: engine, Reason: "done"}, {ECU: gearbox, Reason: "done"}}},
	} {
		t.Run(name, func(t *testing.T) {
			car := with(diagtest.Petrol(), row.script)
			tester := tester(car)
			supported(t, tester)
			results, err := tester.Clear(context.Background(), row.force)
			if row.denied {
				if kind(err) != "denied" || sent(car, "04") {
					t.Errorf("error %v, sent %v", err, sent(car, "04"))
				}
				return
			}
			var got []why
			for _, r := range results {
				if r.Done {
					got = append(got, why{ECU: r.ECU, Reason: "done"})
					continue
				}
				got = append(got, whys([]obd.Unread{*r.Why})...)
			}
			if err != nil {
				t.Error(err)
			}
			equal(t, "results", got, row.want)
		})
	}
}

func TestControlIsGuarded(t *testing.T) {
	car := with(diagtest.Petrol(), map[string]string{"0801": "7E8 4801 00", "010C": "7E8 410C 0C80"})
	tester := tester(car)
	if _, err := tester.Control(context.Background(), 1, nil, true); kind(err) != "denied" || sent(car, "0801") {
		t.Errorf("engine running: %v", err)
	}
	car.Script["010C"] = "7E8 410C 0000"
	results, err := tester.Control(context.Background(), 1, nil, false)
	if err != nil || len(results) != 1 || results[0].ECU != engine || !results[0].Done || string(results[0].Data) != "\x00" {
		t.Errorf("results %+v, %v", results, err)
	}
	if _, err := tester.Control(context.Background(), 0x20, nil, true); kind(err) != "usage" {
		t.Errorf("bitmap id: %v", err)
	}
}
