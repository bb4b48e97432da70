package diag_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestASessionIsKeptAliveAndEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := &diagtest.Car{Protocol: obd.CAN11x500, Script: map[string]string{
			"1003": "7E8 5003 0032 01F4", "1001": "7E8 5001 0032 01F4", "22F190": "7E8 62F190 31",
		}}
		d := tester(car).Dialogue(engine, 0)
		if _, err := d.Start(t.Context(), 0x03); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		if _, err := d.Ask(t.Context(), []byte{0x22, 0xF1, 0x90}, false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2500 * time.Millisecond)
		if err := d.End(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		want := []string{"7E8<1003", "7E8<3E80", "7E8<22F190", "7E8<3E80", "7E8<1001"}
		if !slices.Equal(car.Asked, want) {
			t.Errorf("asked %q, want %q", car.Asked, want)
		}
	})
}

func TestARefusedSessionIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := &diagtest.Car{Protocol: obd.CAN11x500, Script: map[string]string{"1003": "7E8 7F1022"}}
		d := tester(car).Dialogue(engine, 0)
		var n link.NegativeReply
		if _, err := d.Start(t.Context(), 0x03); !errors.As(err, &n) || n.Code != 0x22 {
			t.Errorf("got %v, want NRC 22", err)
		}
		time.Sleep(10 * time.Second)
		if err := d.End(t.Context()); err != nil || len(car.Asked) != 1 {
			t.Errorf("%v, asked %q", err, car.Asked)
		}
	})
}

// inverse is a key source that turns every bit of the seed.
type inverse struct{ asked int }

func (i *inverse) Key(_ context.Context, _ obd.Address, level byte, seed []byte) ([]byte, error) {
	i.asked++
	key := slices.Clone(seed)
	for k := range key {
		key[k] ^= 0xFF
	}
	return key, nil
}

func TestUnlockTriesOnce(t *testing.T) {
	for name, c := range map[string]struct {
		seed, key string
		asked     int
		hint      string
	}{
		"opens":        {"7E8 6701 12345678", "7E8 6702", 1, ""},
		"open already": {"7E8 6701 0000", "", 0, ""},
		"wrong key":    {"7E8 6701 12345678", "7E8 7F2735", 1, "wrong"},
		"locked":       {"7E8 7F2737", "", 0, "wait 10s"},
		"too many":     {"7E8 6701 12345678", "7E8 7F2736", 1, "wait 10s"},
	} {
		t.Run(name, func(t *testing.T) {
			car := &diagtest.Car{Protocol: obd.CAN11x500, Script: map[string]string{"2701": c.seed, "2702EDCBA987": c.key}}
			keys := &inverse{}
			_, err := tester(car).Dialogue(engine, 0).Unlock(t.Context(), 0x01, keys)
			if (err == nil) != (c.hint == "") || !strings.Contains(errs.HintOf(err), c.hint) || keys.asked != c.asked {
				t.Errorf("got %v (%s), %d keys", err, errs.HintOf(err), keys.asked)
			}
			if len(car.Asked) > 2 {
				t.Errorf("asked %q", car.Asked)
			}
		})
	}
}

func TestScanDIDsIsSlowAndSaysWhatItFinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := &diagtest.Car{Protocol: obd.CAN11x500, Volts: 12.4, Script: map[string]string{
			"22F18A": "7E8 7F2231", "22F18B": "7E8 7F2231", "22F18C": "7E8 62F18C 41424344", "22F18D": "7E8 7F2233", "22F18E": "7E8 7F2231",
		}}
		var found []diag.FoundDID
		var last int
		begin := time.Now()
		err := tester(car).ScanDIDs(t.Context(), diag.DIDScan{
			ECU: engine, From: 0xF18A, To: 0xF18E, MinVolts: 11.8,
			Found:    func(f diag.FoundDID) error { found = append(found, f); return nil },
			Progress: func(next int) error { last = next; return nil },
		})
		if err != nil || len(found) != 2 || string(found[0].Data) != "ABCD" || *found[1].NRC != 0x33 || last != 0xF18F {
			t.Errorf("%v, found %v, next %X", err, found, last)
		}
		if took := time.Since(begin); took != 500*time.Millisecond {
			t.Errorf("five requests took %s, want ten a second", took)
		}
	})
}

func TestScanDIDsStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nothing := func(diag.FoundDID) error { return nil }
		low := &diagtest.Car{Protocol: obd.CAN11x500, Volts: 11.4}
		err := tester(low).ScanDIDs(t.Context(), diag.DIDScan{ECU: engine, To: 9, MinVolts: 11.8, Found: nothing})
		if errs.KindOf(err) != errs.Denied || len(low.Asked) != 0 {
			t.Errorf("low battery: %v, asked %q", err, low.Asked)
		}
		gone := &diagtest.Car{Protocol: obd.CAN11x500}
		err = tester(gone).ScanDIDs(t.Context(), diag.DIDScan{ECU: engine, To: 0xFFFF, Found: nothing})
		if errs.KindOf(err) != errs.NoVehicle || len(gone.Asked) != 8 {
			t.Errorf("silent ECU: %v after %d requests", err, len(gone.Asked))
		}
		ctx, cancel := context.WithCancel(t.Context())
		busy := &diagtest.Car{Protocol: obd.CAN11x500, Script: map[string]string{"220000": "7E8 62000001"}, On: func(string) { cancel() }}
		err = tester(busy).ScanDIDs(ctx, diag.DIDScan{ECU: engine, To: 0xFFFF, Found: nothing})
		if !errors.Is(err, context.Canceled) || len(busy.Asked) != 1 {
			t.Errorf("interrupt: %v after %d requests", err, len(busy.Asked))
		}
	})
}

func TestStationary(t *testing.T) {
	for name, c := range map[string]struct {
		script  map[string]string
		refused bool
	}{
		"standing": {map[string]string{"010C": "7E8 410C 0000", "010D": "7E8 410D 00"}, false},
		"idling":   {map[string]string{"010C": "7E8 410C 0C80", "010D": "7E8 410D 00"}, true},
		"moving":   {map[string]string{"010C": "7E8 410C 0000", "010D": "7E8 410D 05"}, true},
		"electric": {map[string]string{"010D": "7E8 410D 00"}, false},
		"unknown":  {nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			err := tester(&diagtest.Car{Protocol: obd.CAN11x500, Script: c.script}).Stationary(t.Context(), false)
			if (errs.KindOf(err) == errs.Denied) != c.refused {
				t.Errorf("got %v", err)
			}
		})
	}
}
