package codes_test

import (
	"context"
	"errors"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/codes"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/theme"
)

// shop knows one code by heart and counts what it is asked to clear.
type shop struct {
	known   bool
	running error
	cleared []bool // anyway, of each time
}

func (s *shop) Explain(d obd.DTC) codes.Explanation {
	if d.Code != "P0301" {
		return codes.Explanation{Family: "powertrain, generic (SAE J2012)"}
	}
	return codes.Explanation{
		Known: true, Family: "powertrain, generic (SAE J2012): ignition system or misfire",
		Feels:  "The engine shakes at idle and lacks power; the lamp flashes while the catalyst may be damaged.",
		Causes: []string{"worn spark plug", "ignition coil or its plug", "leaking injector", "low compression"},
		Checks: []string{"swap the coil with that of another cylinder and see whether the code follows", "look at the spark plug", "measure the compression"},
	}
}

func (s *shop) Past(_ context.Context, _, code string) ([]fleet.CodeHistory, error) {
	if code != "P0301" {
		return nil, nil
	}
	gone := screentest.At().AddDate(0, -2, 0)
	return []fleet.CodeHistory{
		{Code: code, ECU: obd.CAN11(0x7E8), Kind: obd.Stored, Scans: 4, FirstSeen: gone.AddDate(0, -1, 0), LastSeen: screentest.At()},
		{Code: code, ECU: obd.CAN11(0x7E8), Kind: obd.Pending, Scans: 1, FirstSeen: gone.Add(-time.Hour), LastSeen: gone.Add(-time.Hour), Gone: &gone},
	}, nil
}

func (s *shop) Standstill(context.Context) (bool, error) { return s.known, s.running }

func (s *shop) Clear(_ context.Context, anyway bool) (codes.Cleared, error) {
	s.cleared = append(s.cleared, anyway)
	return codes.Cleared{Done: 2, Saved: "before.json"}, nil
}

// page is a page that has read the scan and the past of its first code.
func page(t *testing.T, s *shop) *codes.Screen {
	p := codes.New(t.Context(), s)
	look := screentest.Look()
	look.Theme, look.Width, look.Height = theme.Get("none", true), 80, 20
	p.Resize(look)
	p.Update(screentest.Link())
	p.Update(screentest.Scanned())
	screentest.Run(t, p.Update(screentest.Vehicle()), p.Update)
	return p
}

func TestViews(t *testing.T) { screentest.Test(t, testViews) }

func testViews(t *testing.T) {
	read := func() screen.Screen { return page(t, &shop{known: true}) }
	screentest.Golden(t, "nothing", func() screen.Screen { return codes.New(t.Context(), &shop{}) })
	screentest.Golden(t, "list", read, screentest.Link(), screentest.Vehicle())
	screentest.Golden(t, "details", read, screentest.Link(), screentest.Vehicle(), screentest.Press("enter"))
	none := screentest.Scanned()
	clean := *none.Scan
	clean.Codes, clean.Complete = nil, []obd.Step{obd.StepStored}
	clean.Unread = append(clean.Unread, obd.Unread{Step: obd.StepPermanent, Reason: obd.NotSupported})
	none.Scan = &clean
	screentest.Golden(t, "none", read, none)
}

// press runs an action by its id and returns what it asks of the frame.
func press(t *testing.T, p *codes.Screen, id string) (asked []tea.Msg) {
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

func question(t *testing.T, all []tea.Msg) screen.AskMsg {
	t.Helper()
	for _, m := range all {
		if ask, ok := m.(screen.AskMsg); ok {
			return ask
		}
	}
	t.Fatalf("nobody was asked; the messages were %v", all)
	return screen.AskMsg{}
}

func TestClearingIsRefusedWhileTheEngineRuns(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		s := &shop{known: true, running: errors.New("the engine is running (800/min)")}
		told := false
		for _, m := range press(t, page(t, s), "codes.clear") {
			switch m := m.(type) {
			case screen.AskMsg:
				t.Error("a person was asked although the engine runs")
			case screen.ToastMsg:
				told = m.Text == s.running.Error()
			}
		}
		if !told || len(s.cleared) != 0 {
			t.Errorf("the refusal was told: %v; cleared %d times", told, len(s.cleared))
		}
	})
}

func TestClearingAsksFirst(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		s := &shop{known: true}
		p := page(t, s)
		ask := question(t, press(t, p, "codes.clear"))
		if !ask.Danger || ask.Yes != "Clear 3 codes" || len(ask.Points) != 5 || ask.Word != "" || len(s.cleared) != 0 {
			t.Errorf("the question is %+v; cleared %d times before the answer", ask, len(s.cleared))
		}
		screentest.Run(t, ask.Run(), p.Update)
		if len(s.cleared) != 1 || s.cleared[0] {
			t.Errorf("cleared as %v, want once and with the engine known to stand", s.cleared)
		}
	})
}

func TestAPersonLooksWhereTheCarDoesNotTell(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		s := &shop{}
		p := page(t, s)
		ask := question(t, press(t, p, "codes.clear"))
		if ask.Word == "" {
			t.Error("no word has to be typed")
		}
		screentest.Run(t, ask.Run(), p.Update)
		if len(s.cleared) != 1 || !s.cleared[0] {
			t.Errorf("cleared as %v, want once, on the person's word", s.cleared)
		}
	})
}

func TestWhatIsNotThisCarIsNotCleared(t *testing.T) {
	past, replay := screentest.Scanned(), screentest.Link()
	past.Past, replay.Replay = true, true
	running := screentest.Scanned()
	running.Running = true
	for name, m := range map[string]tea.Msg{"an earlier scan": past, "a recording": replay, "no car": screen.Link{}, "a running scan": running} {
		screentest.Test(t, func(t *testing.T) {
			p := page(t, &shop{known: true})
			p.Update(m)
			for _, a := range p.Actions() {
				if a.ID == "codes.clear" && a.Not == "" {
					t.Errorf("%s can be cleared", name)
				}
			}
		})
	}
}
