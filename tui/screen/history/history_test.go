package history_test

import (
	"context"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/history"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/theme"
)

// keeper has three scans of two cars, and remembers what it was asked.
type keeper struct {
	scans    []history.Scan
	opened   string
	compared []string
	deleted  string
}

func id(n byte) uuid.UUID { return uuid.UUID{0: 1, 15: n} }

func newKeeper() *keeper {
	scan := func(n byte, car byte, name string, days int, mil bool, codes int, verdict obd.Verdict) history.Scan {
		at := screentest.At().AddDate(0, 0, -days)
		return history.Scan{Vehicle: name, ScanInfo: fleet.ScanInfo{ID: id(n), VehicleID: id(car), Started: at, Ended: at.Add(4 * time.Second), MIL: mil, Codes: codes, Verdict: verdict}}
	}
	return &keeper{scans: []history.Scan{
		scan(1, 101, "Blue Focus", 0, false, 0, obd.Pass), scan(2, 102, "B-OD 2 \x1b[31m", 3, false, 1, obd.Fail), scan(3, 101, "Blue Focus", 12, true, 4, obd.Fail),
	}}
}

func (k *keeper) KeptScans(context.Context, string) ([]history.Scan, error) { return k.scans, nil }

func (k *keeper) KeptCodes(context.Context, string) ([]history.Code, error) {
	at, gone := screentest.At(), screentest.At()
	return []history.Code{
		{Vehicle: "Blue Focus", Description: "Cylinder 1 misfire detected", Severity: "high", CodeHistory: fleet.CodeHistory{Code: "P0301", Kind: obd.Stored, FirstSeen: at.AddDate(0, 0, -12), LastSeen: at.AddDate(0, 0, -12), Gone: &gone}},
		{Vehicle: "B-OD 2", Description: "System too lean (bank 1)", Severity: "medium", CodeHistory: fleet.CodeHistory{Code: "P0171", Kind: obd.Pending, FirstSeen: at.AddDate(0, 0, -3), LastSeen: at.AddDate(0, 0, -3)}},
	}, nil
}

func (k *keeper) OpenScan(_ context.Context, id string) error { k.opened = id; return nil }

func (k *keeper) CompareScans(_ context.Context, one, other string) (compare.Result, error) {
	k.compared = []string{one, other}
	before, after := screentest.Scan(), screentest.Scan()
	before.Started = before.Started.AddDate(0, 0, -12)
	after.MIL, after.Codes = false, slices.DeleteFunc(slices.Clone(after.Codes), func(d obd.DTC) bool { return d.Kind == obd.Stored })
	after.Tests[3].Value, after.Tests[3].Passed, after.Tests[3].Margin = 3, true, new(0.125)
	after.Assessment = assess.Scan(after)
	return compare.Scans(before, after), nil
}

func (k *keeper) DeleteScan(_ context.Context, id string) error { k.deleted = id; return nil }

func look() screen.Look {
	l := screentest.Look()
	l.Theme, l.Width, l.Height = theme.Get("none", true), 80, 19
	return l
}

func TestViews(t *testing.T) { screentest.Test(t, testViews) }

func testViews(t *testing.T) {
	build := func(k *keeper, keys ...string) func() screen.Screen {
		return func() screen.Screen {
			s := history.New(t.Context(), k)
			s.Resize(look())
			screentest.Run(t, s.Enter(t.Context()), s.Update)
			for _, key := range keys {
				press(t, s, key)
			}
			return s
		}
	}
	screentest.Golden(t, "nothing", build(&keeper{}))
	screentest.Golden(t, "lists", build(newKeeper(), "space"))
	screentest.Golden(t, "codes", build(newKeeper(), "o"))
	screentest.Golden(t, "compared", build(newKeeper(), "c"))
}

// press does what the frame does with a key, and tells what the frame was asked.
func press(t *testing.T, s *history.Screen, key string) (asked []tea.Msg) {
	t.Helper()
	take := func(m tea.Msg) tea.Cmd { asked = append(asked, m); return s.Update(m) }
	for _, a := range s.Actions() {
		if slices.Contains(a.Keys, key) {
			if a.Not == "" {
				screentest.Run(t, a.Run(), take)
			}
			return asked
		}
	}
	screentest.Run(t, s.Update(screentest.Press(key)), take)
	return asked
}

func entered(t *testing.T, k *keeper) *history.Screen {
	s := history.New(t.Context(), k)
	s.Resize(look())
	screentest.Run(t, s.Enter(t.Context()), s.Update)
	return s
}

func TestTwoScansAreCompared(t *testing.T) { screentest.Test(t, testTwoScansAreCompared) }

func testTwoScansAreCompared(t *testing.T) {
	k := newKeeper()
	s := entered(t, k)
	press(t, s, "c") // alone: with the one before of the same vehicle
	if want := []string{id(3).String(), id(1).String()}; !slices.Equal(k.compared, want) {
		t.Errorf("compared %v, want %v", k.compared, want)
	}
	press(t, s, "esc")
	for _, key := range []string{"space", "down", "space", "down", "space", "c"} { // the third mark takes the first's place
		press(t, s, key)
	}
	if want := []string{id(2).String(), id(3).String()}; !slices.Equal(k.compared, want) {
		t.Errorf("compared %v, want %v", k.compared, want)
	}
}

func TestAScanIsOpenedAndDeleted(t *testing.T) { screentest.Test(t, testAScanIsOpenedAndDeleted) }

func testAScanIsOpenedAndDeleted(t *testing.T) {
	k := newKeeper()
	s := entered(t, k)
	press(t, s, "down")
	asked := press(t, s, "enter")
	if k.opened != id(2).String() || !slices.Contains(asked, tea.Msg(screen.GoMsg{Name: "overview"})) {
		t.Errorf("opened %q, asked for %v", k.opened, asked)
	}
	for _, m := range press(t, s, "x") {
		if ask, ok := m.(screen.AskMsg); ok {
			if k.deleted != "" {
				t.Fatal("deleted before anybody said yes")
			}
			screentest.Run(t, ask.Run(), s.Update)
		}
	}
	if k.deleted != id(2).String() {
		t.Errorf("deleted %q", k.deleted)
	}
}
