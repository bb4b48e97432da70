package adapters_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// TestBusLinks runs the suite of links over simulated cars that are reached by their frames.
func TestBusLinks(t *testing.T) {
	for _, row := range []struct {
		name string
		car  adaptertest.Car
	}{
		{"petrol-misfire", adaptertest.Car{VIN: "1FADP3E21EL200017", ECUs: 2, CAN: true}},
		{"four-ecu", adaptertest.Car{VIN: "3VWD17AJ6HM200417", ECUs: 4, CAN: true}},
		{"diesel-4ecu-29bit", adaptertest.Car{VIN: "WVGZZZ5N6KW200317", ECUs: 4, CAN: true}},
	} {
		t.Run(row.name, func(t *testing.T) {
			adaptertest.RunLink(t, row.car, func(t *testing.T) link.Link {
				l, err := adapters.Open(t.Context(), "sim:"+row.name+"?pace=0&via=bus", options())
				if err != nil {
					t.Fatal(err)
				}
				return l
			})
		})
	}
}

// TestBusReplayGivesTheSameResult compares everything, times and identifiers too.
func TestBusReplayGivesTheSameResult(t *testing.T) {
	for _, scenario := range []string{"petrol-misfire", "diesel-4ecu-29bit"} {
		for _, pace := range []string{"0", "1"} {
			t.Run(scenario+" pace "+pace, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "car.rec")
				live := record(t, "sim:"+scenario+"?via=bus&pace="+pace, path)
				for _, query := range []string{"", "?strict=1"} {
					l, err := adapters.Open(t.Context(), "replay:"+path+query, options())
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(live, diagnose(t, l)); diff != "" {
						t.Errorf("replay%s (-live +replay):\n%s", query, diff)
					}
					_ = l.Close()
				}
			})
		}
	}
}

// frameLog is a car of two control units as another program saw it: functional requests, flow control missing.
const frameLog = `(1700000000.000000) can0 7DF#0201000000000000
(1700000000.010000) can0 7E8#064100BE3EA81300
(1700000000.011000) can0 7E9#0641009800000100
(1700000000.500000) can0 1A0#DEADBEEF
(1700000001.000000) can0 7DF#0209020000000000
(1700000001.010000) can0 7E8#1014490201314641
(1700000001.020000) can0 7E8#2144503345323145
(1700000001.030000) can0 7E8#224C323030303137
`

func TestForeignFrameLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.log")
	if err := os.WriteFile(path, []byte(frameLog), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := adapters.Open(t.Context(), "replay:"+path, options())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	replies, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x09, 0x02}})
	if err != nil || len(replies) != 1 || !strings.HasSuffix(string(replies[0].Data), "1FADP3E21EL200017") || replies[0].At.Unix() != 1700000001 {
		t.Errorf("%v, %v", replies, err)
	}
	replies, err = l.Exchange(t.Context(), link.Request{Target: obd.CAN11(0x7E9), Data: []byte{0x01, 0x00}})
	if err != nil || len(replies) != 1 || replies[0].ECU != obd.CAN11(0x7E9) {
		t.Errorf("one of them: %v, %v", replies, err)
	}
}

func TestBusGuardStandsUnderneath(t *testing.T) {
	b, err := adapters.OpenBus(t.Context(), "sim:?via=bus&pace=0", options())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Send(t.Context(), can.New(0x7DF, 1, 4)); errs.KindOf(err) != errs.Denied {
		t.Errorf("Send: %v, want it denied", err)
	}
	if _, err := adapters.OpenBus(t.Context(), "sim:?pace=0", options()); errs.KindOf(err) != errs.Unsupported {
		t.Errorf("OpenBus of a port: %v", err)
	}
	if _, err := adapters.OpenPort(t.Context(), "sim:?via=bus", options()); errs.KindOf(err) != errs.Unsupported {
		t.Errorf("OpenPort of a bus: %v", err)
	}
}

func TestRecordingOfABusIsVersioned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.rec")
	record(t, "sim:?via=bus&pace=0", path)
	data, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(data), "obdctl-recording/2\n") {
		t.Fatalf("%.40s, %v", data, err)
	}
	rec, err := replay.Load(path, replay.Select{})
	if err = errors.Join(err); err != nil || !rec.HasFrames() {
		t.Errorf("%v", err)
	}
}
