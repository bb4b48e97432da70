package live_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui"
	"github.com/fleetms/obdctl/tui/screen/live"
	"github.com/fleetms/obdctl/tui/screen/live/trace"
	"github.com/fleetms/obdctl/tui/screen/screentest"
)

// car is one that answers with what a test puts on the board.
type car struct {
	menu    live.Menu
	board   *trace.Board
	asked   []string // signals of the latest watch
	watches int
	ended   chan error // ends a watch
	words   []string   // what Record was asked with
	needs   bool       // the car tells no VIN
}

func newCar() *car {
	return &car{ended: make(chan error), menu: live.Menu{
		Signals: []live.Signal{
			{ID: "RPM", Name: "Engine speed", Unit: "/min"}, {ID: "VSS", Name: "Vehicle speed", Unit: "km/h"},
			{ID: "ECT", Name: "Engine coolant temperature", Unit: "Cel"}, {ID: "LOAD_PCT", Name: "Calculated engine load", Unit: "%"},
			{ID: "VPWR", Name: "Control module voltage", Unit: "V"}, {ID: "FUELSYS1", Name: "Fuel system 1 status"},
		},
		Presets: []live.Preset{
			{Name: "engine", Signals: []string{"RPM", "VSS", "ECT", "LOAD_PCT", "VPWR", "FUELSYS1"}},
			{Name: "electrical", Signals: []string{"VPWR", "RPM"}},
		},
	}}
}

func (c *car) Offer(context.Context) (live.Menu, error) { return c.menu, nil }

func (c *car) Watch(ctx context.Context, signals []string, b *trace.Board) error {
	c.board, c.asked = b, signals
	c.watches++
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-c.ended:
		return err
	}
}

func (c *car) Record(_ context.Context, words string) error {
	c.words = append(c.words, words)
	if c.needs && words == "" {
		return errs.New(errs.Usage, "the car does not tell its VIN")
	}
	return nil
}

func (c *car) StopRecording(context.Context) (live.Kept, error) { return live.Kept{Values: 1204}, nil }

// drive sends half a minute of a drive, five samples a second.
func (c *car) drive() {
	for i := range 150 {
		c.sample(screentest.At().Add(time.Duration(i)*200*time.Millisecond), float64(i)/150)
	}
}

func (c *car) sample(at time.Time, x float64) {
	wave := (1 + math.Sin(x*12)) / 2
	r := func(id, name, unit string, v float64) obd.Reading {
		return obd.Reading{ECU: obd.CAN11(0x7E8), Signal: id, Name: name, Unit: unit, Value: v}
	}
	state := r("FUELSYS1", "Fuel system 1 status", "", 2)
	state.Text = "CL"
	c.board.Take(at, []obd.Reading{
		r("RPM", "Engine speed", "/min", math.Round(900+2400*wave)), r("VSS", "Vehicle speed", "km/h", math.Round(80*x)),
		r("ECT", "Engine coolant temperature", "Cel", math.Round(60+30*x)), r("LOAD_PCT", "Calculated engine load", "%", 20+60*wave),
		r("VPWR", "Control module voltage", "V", 14.08), state,
	})
}

// page is the screen in its frame, entered, with a car that answers.
type page struct {
	t   *testing.T
	car *car
	s   *live.Screen
	m   *tui.Model
	*pump
}

func enter(t *testing.T, change func(*tui.Options)) *page {
	t.Helper()
	c := newCar()
	p := &page{t: t, car: c, s: live.New(t.Context(), c)}
	p.pump = newPump(t, func(m tea.Msg) tea.Cmd { _, next := p.m.Update(m); return next })
	o := tui.Options{Pages: []tui.Page{{Screen: p.s, Key: "5"}}, Look: screentest.Look(), Theme: "none"}
	if change != nil {
		change(&o)
	}
	p.m = tui.New(t.Context(), o)
	p.m.Update(screentest.Link())
	p.run(p.m.Init())
	if c.board == nil {
		t.Fatal("nothing is watched")
	}
	return p
}

// send hands over a message and lets everything happen that follows, such as the next frame.
func (p *page) send(msgs ...tea.Msg) {
	p.t.Helper()
	for _, m := range msgs {
		_, cmd := p.m.Update(m)
		p.run(cmd)
	}
}

func (p *page) keys(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.send(screentest.Press(k))
	}
}

func (p *page) view() string { return ansi.Strip(p.m.View().Content) }

func (p *page) shows(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.view(), text) {
			p.t.Errorf("%q is not on the screen:\n%s", text, p.view())
		}
	}
}

func (p *page) hides(text string) {
	p.t.Helper()
	if strings.Contains(p.view(), text) {
		p.t.Errorf("%q is on the screen:\n%s", text, p.view())
	}
}

func TestAFrameComesByItself(t *testing.T) { screentest.Test(t, testAFrameComesByItself) }

func testAFrameComesByItself(t *testing.T) {
	p := enter(t, nil)
	p.shows("Waiting for the first values")
	p.car.drive()
	p.run(nil)
	p.shows("Engine at a glance", "Engine speed", "Vehicle speed")
}

func TestTwentyFramesASecondAtTheMost(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := enter(t, nil)
		before := p.handled
		go func() {
			for i := range 2000 { // two seconds, a thousand samples in each
				<-time.After(time.Millisecond)
				p.car.sample(screentest.At().Add(time.Duration(i)*time.Millisecond), 0.5)
			}
		}()
		p.run(nil)
		if frames := p.handled - before; frames < 35 || frames > 42 {
			t.Errorf("%d frames in two seconds, want about forty", frames)
		}
	})
}
