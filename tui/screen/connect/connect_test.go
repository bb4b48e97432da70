package connect_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/connect"
	"github.com/fleetms/obdctl/tui/screen/screentest"
)

// bench is a computer with a few adapters in sight.
type bench struct {
	sights  []connect.Sight
	said    []string
	err     error
	card    *connect.Card
	opened  []string
	release chan struct{} // what Connect waits for; nil for nothing
}

func (b *bench) Look(_ context.Context, emit func(connect.Sight)) error {
	for _, s := range b.sights {
		emit(s)
	}
	return nil
}

func (b *bench) Connect(ctx context.Context, address string, emit func(connect.Said)) error {
	b.opened = append(b.opened, address)
	for _, line := range b.said {
		emit(connect.Said{At: screentest.At(), Text: line})
	}
	if b.release != nil {
		select {
		case <-b.release:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return b.err
}

func (b *bench) Disconnect(context.Context) error { return nil }
func (b *bench) Check(string) error               { return nil }
func (b *bench) Demos() []connect.Demo {
	return []connect.Demo{{Address: "sim:petrol-misfire", Title: "Petrol car with a misfire"}, {Address: "sim:ev", Title: "Electric car"}}
}
func (b *bench) Card(context.Context, string) (*connect.Card, error) { return b.card, nil }
func (b *bench) Examine(context.Context, string, func(connect.Said)) (*connect.Card, error) {
	return b.card, b.err
}

func shop() *bench {
	return &bench{sights: []connect.Sight{
		{Address: "auto", Likely: true},
		{Address: "serial:///dev/ttyUSB0", Medium: "USB", Name: "/dev/ttyUSB0", About: "CH340", Likely: true},
		{Address: "serial:///dev/ttyS0", Medium: "USB", Name: "/dev/ttyS0"},
		{Address: "tcp://192.168.0.10:35000", Medium: "Wi-Fi", Likely: true, Last: screentest.At().Add(-26 * time.Hour)},
		{Address: "ble://00:11:22:33:44:55", Medium: "Bluetooth LE", Name: "vLinker MC", About: "-61 dBm", Likely: true},
		{Medium: "pass-thru", Blind: errors.New("there are no pass-thru drivers on this system")},
	}}
}

// run enters the page and lets everything happen that happens by itself.
func run(t *testing.T, b *bench, first string, keys ...string) (*connect.Screen, *[]tea.Msg) {
	t.Helper()
	s := connect.New(t.Context(), b, first)
	look := screentest.Look()
	look.Linear = true // no spinner
	m := screentest.Frame(t, s, 80, 24, "none", true)
	var told []tea.Msg
	take := func(msg tea.Msg) tea.Cmd {
		told = append(told, msg)
		_, cmd := m.Update(msg)
		return cmd
	}
	screentest.Run(t, m.Init(), take)
	for _, k := range keys {
		_, cmd := m.Update(screentest.Press(k))
		screentest.Run(t, cmd, take)
	}
	return s, &told
}

func TestViews(t *testing.T) { screentest.Test(t, testViews) }

func testViews(t *testing.T) {
	state := func(b *bench, keys ...string) func() screen.Screen {
		return func() screen.Screen { s, _ := run(t, b, "", keys...); return s }
	}
	screentest.Golden(t, "in-sight", state(shop()))

	known := shop()
	known.card = &connect.Card{Claims: "ELM327 v2.1", Behaves: "ELM327 v1.4", Baud: 38400, Answer: 4 * time.Millisecond,
		Request: 31 * time.Millisecond, Batch: 6, Refuses: []string{"ATPPS", "ATCV"}, Made: screentest.At()}
	screentest.Golden(t, "report-card", state(known), screentest.Link())

	failing := shop()
	failing.said = []string{"trying 38400 baud", "searching for the protocol"}
	failing.err = errs.New(errs.NoVehicle, "no control unit answered").WithHint("switch the ignition on and try again")
	screentest.Golden(t, "failed", state(failing, "enter"), screen.Link{State: screen.Failed})
}

func TestWhatWasUsedLastIsOnTop(t *testing.T) { screentest.Test(t, testWhatWasUsedLastIsOnTop) }

func testWhatWasUsedLastIsOnTop(t *testing.T) {
	b := shop()
	run(t, b, "", "enter")
	if len(b.opened) != 1 || b.opened[0] != "tcp://192.168.0.10:35000" {
		t.Errorf("opened %v", b.opened)
	}
}

func TestADemoCarIsOneKeyAway(t *testing.T) { screentest.Test(t, testADemoCarIsOneKeyAway) }

func testADemoCarIsOneKeyAway(t *testing.T) {
	b := shop()
	_, told := run(t, b, "", "d")
	if len(b.opened) != 1 || b.opened[0] != "sim:petrol-misfire" {
		t.Errorf("opened %v", b.opened)
	}
	if !slices.Contains(*told, tea.Msg(screen.GoMsg{Name: "overview"})) {
		t.Error("a connection leads to the overview")
	}
}

func TestANamedAdapterIsOpenedAtOnce(t *testing.T) {
	screentest.Test(t, testANamedAdapterIsOpenedAtOnce)
}

func testANamedAdapterIsOpenedAtOnce(t *testing.T) {
	b := shop()
	run(t, b, "sim:ev")
	if len(b.opened) != 1 || b.opened[0] != "sim:ev" {
		t.Errorf("opened %v", b.opened)
	}
}

func TestStayingOnWhatWasChosen(t *testing.T) { screentest.Test(t, testStayingOnWhatWasChosen) }

func testStayingOnWhatWasChosen(t *testing.T) {
	b := shop()
	s, _ := run(t, b, "", "down")
	s.Update(screen.Item[connect.Sight]{Value: connect.Sight{Address: "serial:///dev/ttyACM9", Name: "new", Likely: true, Last: screentest.At()}})
	screentest.Run(t, s.Update(screentest.Press("enter")), func(tea.Msg) tea.Cmd { return nil })
	for _, a := range s.Actions() {
		if a.ID == "connect.open" {
			screentest.Run(t, a.Run(), s.Update)
		}
	}
	if len(b.opened) != 1 || b.opened[0] != "ble://00:11:22:33:44:55" {
		t.Errorf("opened %v: the cursor moved away when an adapter appeared above it", b.opened)
	}
}
