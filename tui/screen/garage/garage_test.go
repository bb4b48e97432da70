package garage_test

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/catalog/vin"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/garage"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/theme"
)

// yard is a garage in memory. The VINs are of no real cars.
type yard struct {
	all    []garage.Vehicle
	opened []uuid.UUID
}

func id(n byte) uuid.UUID { return uuid.UUID{0: 1, 15: n} }

func vehicle(n byte, v fleet.Vehicle, last *fleet.ScanInfo) garage.Vehicle {
	v.ID = id(n)
	if last != nil {
		last.Started, v.Scans = screentest.At().AddDate(0, 0, -int(n)).Add(time.Hour), int(n)
	}
	return garage.Vehicle{Vehicle: v, Last: last}
}

func full() *yard {
	km := 184230.4
	return &yard{all: []garage.Vehicle{
		vehicle(1, fleet.Vehicle{VIN: "1FADP3E21EL200017", Label: "Blue Focus", Plate: "B OB 2026", Maker: "Ford", Model: "Focus", ModelYear: 2014, OdometerKm: &km},
			&fleet.ScanInfo{MIL: true, Codes: 3, Verdict: obd.Fail, Protocol: obd.CAN11x500}),
		vehicle(2, fleet.Vehicle{VIN: "WVWZZZ1KZAW000042", Plate: "HH GO 77", Maker: "Volkswagen", Model: "Golf", ModelYear: 2010},
			&fleet.ScanInfo{Codes: 1, Verdict: obd.Pass, Protocol: obd.CAN11x500}),
		vehicle(3, fleet.Vehicle{Label: "Tractor", Maker: "Fendt"}, &fleet.ScanInfo{Verdict: obd.Pass, Protocol: obd.J1939}),
		vehicle(4, fleet.Vehicle{VIN: "VF1ZZZ00000000099", Maker: "Renault"}, nil),
	}}
}

func (y *yard) Garage(context.Context) ([]garage.Vehicle, error) { return y.all, nil }

func (y *yard) OpenVehicle(_ context.Context, id uuid.UUID) error {
	y.opened = append(y.opened, id)
	return nil
}

func (y *yard) DecodeVIN(text string) obd.Vehicle { return vin.DecodeAt(text, screentest.At()) }

func (y *yard) AddVehicle(_ context.Context, text string) (fleet.Vehicle, error) {
	v := vehicle(9, fleet.Vehicle{VIN: strings.ToUpper(text)}, nil)
	y.all = append(y.all, v)
	return v.Vehicle, nil
}

// page is a page in front that has read the garage.
func page(t *testing.T, y *yard) *garage.Screen {
	p := garage.New(t.Context(), y)
	look := screentest.Look()
	look.Theme, look.Width, look.Height = theme.Get("none", true), 80, 20
	p.Resize(look)
	screentest.Run(t, p.Enter(t.Context()), p.Update)
	return p
}

func TestViews(t *testing.T) { screentest.Test(t, testViews) }

func testViews(t *testing.T) {
	build := func() screen.Screen { return page(t, full()) }
	screentest.Golden(t, "empty", func() screen.Screen { return page(t, &yard{}) })
	screentest.Golden(t, "list", build, screentest.Link(), screentest.Vehicle())
	screentest.Golden(t, "never", build, screentest.Press("end"))
	screentest.Golden(t, "found", func() screen.Screen {
		p := page(t, full())
		typeInto(p, "hhgo")
		p.Update(screentest.Press("tab"))
		return p
	})
}

// press runs an action by its id and returns what it asks of the frame.
func press(t *testing.T, p *garage.Screen, id string) (asked []tea.Msg) {
	t.Helper()
	for _, a := range p.Actions() {
		if a.ID != id {
			continue
		}
		if a.Not != "" {
			t.Fatalf("%s cannot be done: %s", id, a.Not)
		}
		screentest.Run(t, a.Run(), func(m tea.Msg) tea.Cmd {
			asked = append(asked, m)
			return p.Update(m)
		})
		return asked
	}
	t.Fatalf("there is no action %s", id)
	return nil
}

func typeInto(p *garage.Screen, text string) {
	for _, a := range p.Actions() {
		if a.ID == "garage.find" {
			a.Run()
		}
	}
	for _, r := range text {
		p.Update(screentest.Press(string(r)))
	}
}

func TestSearchFindsAsOneTypes(t *testing.T) {
	for words, want := range map[string]byte{"golf": 2, "bob2026": 1, "b ob": 1, "2010 volks": 2, "0017": 1, "fendt": 3} {
		screentest.Test(t, func(t *testing.T) {
			y := full()
			p := page(t, y)
			typeInto(p, words)
			if !p.Typing() {
				t.Fatal("the search does not have the keys")
			}
			screentest.Run(t, p.Update(screentest.Press("enter")), p.Update)
			if len(y.opened) != 1 || y.opened[0] != id(want) {
				t.Errorf("%q opened %v, want vehicle %d", words, y.opened, want)
			}
		})
	}
}

func TestOpeningGoesToTheOverview(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		y := full()
		p := page(t, y)
		p.Update(screentest.Press("down"))
		went := false
		for _, m := range press(t, p, "garage.open") {
			if to, ok := m.(screen.GoMsg); ok {
				went = to.Name == "overview"
			}
		}
		if len(y.opened) != 1 || y.opened[0] != id(2) || !went {
			t.Errorf("opened %v, went to the overview: %v", y.opened, went)
		}
	})
}

func TestNothingIsOpenedOverARunningScan(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		y := full()
		p := page(t, y)
		p.Update(screen.Scan{Running: true})
		typeInto(p, "golf")
		screentest.Run(t, p.Update(screentest.Press("enter")), p.Update)
		if len(y.opened) != 0 {
			t.Errorf("opened %v while a car is being read", y.opened)
		}
	})
}

// TestAddingByVIN types three numbers into the question: one that is none, one that is there, and a new one.
func TestAddingByVIN(t *testing.T) {
	for text, want := range map[string]struct {
		done bool
		says string
	}{
		"1FADP3E21":         {false, "VIN"},
		"1fadp3e21el200017": {false, "Blue Focus"},
		"WVWZZZ1KZAW000043": {true, ""},
	} {
		screentest.Test(t, func(t *testing.T) {
			y := full()
			p := page(t, y)
			var ask screen.Overlay
			for _, m := range press(t, p, "garage.add") {
				if o, ok := m.(screen.OverlayMsg); ok {
					ask = o.Overlay
				}
			}
			if ask == nil {
				t.Fatal("nobody was asked")
			}
			for _, r := range text {
				ask.Update(screentest.Press(string(r)))
			}
			done, cmd := ask.Update(screentest.Press("enter"))
			look := screentest.Look()
			look.Theme, look.Width, look.Height = theme.Get("none", true), 80, 20
			if done != want.done || !strings.Contains(ask.View(look), want.says) {
				t.Errorf("%s: taken %v, want %v and %q in\n%s", text, done, want.done, want.says, ask.View(look))
			}
			screentest.Run(t, cmd, p.Update)
			if added := len(y.all) == 5; added != want.done {
				t.Errorf("%s: added %v, want %v", text, added, want.done)
			}
			if want.done && !strings.Contains(p.View(), text) {
				t.Errorf("the new vehicle is not in view:\n%s", p.View())
			}
		})
	}
}
