package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/console"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/theme"
)

// car answers a few lines and remembers all that it was given.
type car struct{ sent []string }

func (c *car) Send(_ context.Context, line string) (console.Exchange, error) {
	c.sent = append(c.sent, line)
	engine, gearbox := obd.CAN11(0x7E8), obd.CAN11(0x7E9)
	x := console.Exchange{At: screentest.At(), Took: 38 * time.Millisecond}
	switch line {
	case "0902":
		x.Answers = []console.Answer{
			{ECU: engine, Data: append([]byte{0x49, 2, 1}, "1FADP3E21EL200017"...), Facts: []string{"1FADP3E21EL200017"}},
			{ECU: gearbox, Data: []byte{0x7F, 9, 0x12}, Negative: "the control unit refuses: sub-function not supported (12)"},
		}
	case "010C":
		x.Answers = []console.Answer{{ECU: engine, Data: []byte{0x41, 0x0C, 0x0C, 0x38}, Readings: []obd.Reading{{Signal: "RPM", Name: "Engine speed", Value: 782, Unit: "/min"}}}}
	case "03":
		x.Answers = []console.Answer{{ECU: engine, Data: []byte{0x43, 1, 3, 1}, Codes: []obd.DTC{
			{Code: "P0301", Kind: obd.Stored, Description: "Cylinder 1 misfire detected", Severity: "high"},
		}}, {ECU: gearbox, Data: []byte{0x43, 0}}}
	case "0100":
		x.Answers = []console.Answer{{ECU: engine, Data: []byte{0x41, 0, 0x98, 0x18, 0, 1}, Bitmap: true, IDs: []int{1, 4, 5, 12, 13, 32}}}
	case "0908":
		x.Answers = []console.Answer{{ECU: engine, Data: []byte{0x49, 8, 2, 1, 0x9C, 6, 0x5E, 1, 0x84, 1, 0x9C}, InUse: &obd.InUse{Conditions: 412, IgnitionCycles: 1630,
			Counters: []obd.InUseCounter{{ID: "CAT1", Name: "catalyst, bank 1", Completions: 388, Conditions: 412}}}}}
	case "04":
		return console.Exchange{}, &console.Refusal{Why: console.Changes, Service: 4, Command: "obdctl dtc clear"}
	case "3400":
		return console.Exchange{}, &console.Refusal{Why: console.Programs, Service: 0x34}
	case "ATRV":
		return console.Exchange{}, &console.Refusal{Why: console.Adapter, Command: "obdctl raw ATRV"}
	case "evil":
		x.Answers = []console.Answer{{ECU: engine, Facts: []string{"\x1b]0;owned\x07"}}}
	default:
		return x, errs.New(errs.NoVehicle, "no reply from any ECU").WithHint("the ignition may be off")
	}
	return x, nil
}

// page is a page with a car at it.
func page(t *testing.T, c *car) *console.Screen {
	p := console.New(t.Context(), c)
	look := screentest.Look()
	look.Theme, look.Width, look.Height = theme.Get("none", true), 80, 20
	p.Resize(look)
	p.Update(screentest.Link())
	return p
}

// enter types a line and waits for what comes of it.
func enter(t *testing.T, p *console.Screen, line string) {
	t.Helper()
	for _, r := range line {
		p.Update(screentest.Press(string(r)))
	}
	screentest.Run(t, p.Update(screentest.Press("enter")), p.Update)
}

func press(p *console.Screen, keys ...string) {
	for _, k := range keys {
		p.Update(screentest.Press(k))
	}
}

func shows(t *testing.T, p *console.Screen, texts ...string) {
	t.Helper()
	view := ansi.Strip(p.View())
	for _, text := range texts {
		if !strings.Contains(view, text) {
			t.Errorf("the page does not show %q:\n%s", text, view)
		}
	}
}

func TestViews(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		after := func(lines ...string) func() screen.Screen {
			return func() screen.Screen {
				p := page(t, &car{})
				for _, line := range lines {
					enter(t, p, line)
				}
				return p
			}
		}
		screentest.Golden(t, "unplugged", func() screen.Screen { return console.New(t.Context(), &car{}) })
		screentest.Golden(t, "nothing", after(), screentest.Link(), screentest.Vehicle())
		screentest.Golden(t, "answers", after("0100", "03", "010C", "0902"), screentest.Link(), screentest.Vehicle())
		screentest.Golden(t, "refused", after("04", "3400", "ATRV", "22F190"), screentest.Link(), screentest.Vehicle())
	})
}

func TestALineIsSentOnceAndItsAnswersStand(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		c := &car{}
		p := page(t, c)
		enter(t, p, "0902")
		if len(c.sent) != 1 || c.sent[0] != "0902" {
			t.Errorf("sent %q, want 0902 once", c.sent)
		}
		shows(t, p, "7E8", "49 02 01 31 46", "1FADP3E21EL200017", "7E9", "7F 09 12", "38 ms")
		enter(t, p, "   ")
		if len(c.sent) != 1 {
			t.Errorf("an empty line was sent: %q", c.sent)
		}
	})
}

func TestHowOftenMonitorsRanIsCounted(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := page(t, &car{})
		enter(t, p, "0908")
		shows(t, p, "1,630 ignition cycles", "catalyst, bank 1  388 of 412")
	})
}

func TestARefusalNamesTheCommandThatAsks(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := page(t, &car{})
		enter(t, p, "04")
		shows(t, p, "Service 04 can change the car", "Nothing was sent", "obdctl dtc clear")
		enter(t, p, "ATRV")
		shows(t, p, "obdctl raw ATRV")
	})
}

func TestUpAndDownGoThroughTheLines(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		c := &car{}
		p := page(t, c)
		enter(t, p, "0100")
		enter(t, p, "03")
		enter(t, p, "03") // kept once
		press(p, "9", "up", "up", "up")
		enter(t, p, "")
		press(p, "up", "up", "down", "down")
		enter(t, p, "010C")
		press(p, "0", "up", "down")
		enter(t, p, "902") // what was being typed is still there
		if got, want := strings.Join(c.sent, " "), "0100 03 03 0100 010C 0902"; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
	})
}

func TestOneLineAtATime(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		c := &car{}
		p := page(t, c)
		press(p, "0", "3")
		first := p.Update(screentest.Press("enter"))
		press(p, "0", "4")
		screentest.Run(t, p.Update(screentest.Press("enter")), func(m tea.Msg) tea.Cmd {
			if _, ok := m.(screen.ToastMsg); !ok {
				t.Errorf("the second line led to %T", m)
			}
			return nil
		})
		screentest.Run(t, first, p.Update)
		enter(t, p, "") // what was typed meanwhile is still in the field
		if got := strings.Join(c.sent, " "); got != "03 04" {
			t.Errorf("sent %s, want 03 04", got)
		}
	})
}

func TestNothingIsSentWithoutACar(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		c := &car{}
		p := page(t, c)
		p.Update(screen.Link{State: screen.Lost})
		press(p, "0", "3")
		screentest.Run(t, p.Update(screentest.Press("enter")), p.Update)
		if len(c.sent) != 0 {
			t.Errorf("sent %q", c.sent)
		}
	})
}

func TestTheLogIsBoundedAndScrolls(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := page(t, &car{})
		for i := range 230 {
			enter(t, p, fmt.Sprintf("22%04X", i))
		}
		shows(t, p, "2200E5")
		for range 200 {
			press(p, "pgup")
		}
		shows(t, p, "22001E", "lines below") // the first thirty are gone
		for range 200 {
			press(p, "pgdown")
		}
		shows(t, p, "2200E5", "read only")
	})
}

func TestEscGivesTheKeysBack(t *testing.T) {
	p := page(t, &car{})
	press(p, "esc", "5")
	if p.Typing() {
		t.Error("the field still takes keys")
	}
	p.Enter(t.Context())
	if !p.Typing() {
		t.Error("the field is not in focus when the page comes back")
	}
}

func TestACarCannotDriveTheTerminal(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := page(t, &car{})
		enter(t, p, "evil")
		if view := p.View(); strings.Contains(view, "\x1b]0") || strings.Contains(view, "\x07") {
			t.Errorf("an escape sequence of the car is drawn: %q", view)
		}
	})
}
