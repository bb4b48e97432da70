package live_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui"
	"github.com/fleetms/obdctl/tui/screen/live"
	"github.com/fleetms/obdctl/tui/screen/live/trace"
	"github.com/fleetms/obdctl/tui/screen/screentest"
)

// crowd is a car of sixty signals.
type crowd struct {
	car
	readings []obd.Reading
	at       time.Time
	boards   chan *trace.Board
}

func newCrowd() *crowd {
	c := &crowd{at: screentest.At(), boards: make(chan *trace.Board, 1)}
	for i := range 60 {
		id := fmt.Sprintf("SIGNAL_%02d", i)
		c.readings = append(c.readings, obd.Reading{ECU: obd.CAN11(0x7E8), Signal: id, Name: "Signal number " + id, Unit: "%"})
		c.menu.Signals = append(c.menu.Signals, live.Signal{ID: id, Name: id, Unit: "%"})
	}
	var all []string
	for _, s := range c.menu.Signals {
		all = append(all, s.ID)
	}
	c.menu.Presets = []live.Preset{{Name: "engine", Signals: all}}
	return c
}

func (c *crowd) Watch(ctx context.Context, _ []string, b *trace.Board) error {
	c.boards <- b
	<-ctx.Done()
	return ctx.Err()
}

// sample sends one value of each signal, a twentieth of a second after the last.
func (c *crowd) sample() {
	c.at = c.at.Add(50 * time.Millisecond)
	for i := range c.readings {
		c.readings[i].Value = 50 + 50*math.Sin(float64(c.at.UnixMilli())/1000+float64(i))
	}
	c.board.Take(c.at, c.readings)
}

// crowded is the workstation on the live page with a minute of sixty signals, and the message of a frame.
func crowded(b *testing.B, width, height int, keys ...string) (*crowd, *tui.Model, tea.Msg) {
	b.Helper()
	c := newCrowd()
	m := tui.New(b.Context(), tui.Options{Pages: []tui.Page{{Screen: live.New(b.Context(), c), Key: "5"}}, Look: screentest.Look(), Theme: "dark"})
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	m.Update(screentest.Link())
	p := newPump(b, func(msg tea.Msg) tea.Cmd { _, cmd := m.Update(msg); return cmd })
	p.start(m.Init())
	for {
		select {
		case c.board = <-c.boards:
			for range 20 * 60 {
				c.sample()
			}
		case msg := <-p.messages:
			p.handle(msg)
			if _, isBatch := msg.(tea.BatchMsg); isBatch || c.board == nil {
				continue
			}
			for _, k := range keys {
				m.Update(screentest.Press(k))
			}
			return c, m, msg
		}
	}
}

// BenchmarkSixtySignals is everything but drawing that one of the twenty samples a second costs: they are taken, and
// the page is told that there is a frame.
func BenchmarkSixtySignals(b *testing.B) {
	c, m, frame := crowded(b, 120, 40)
	b.ReportAllocs()
	for b.Loop() {
		c.sample()
		m.Update(frame)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)*20/float64(time.Second)*100, "%core")
}

// BenchmarkFrame is one frame of the whole terminal with sixty signals: the message, and the view.
func BenchmarkFrame(b *testing.B) {
	for _, face := range []struct {
		name string
		keys []string
	}{{"numbers", nil}, {"gauges", []string{"v"}}, {"plots", []string{"v", "v"}}} {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
			b.Run(fmt.Sprintf("%s/%dx%d", face.name, size[0], size[1]), func(b *testing.B) {
				c, m, frame := crowded(b, size[0], size[1], face.keys...)
				b.ReportAllocs()
				for b.Loop() {
					c.sample()
					m.Update(frame)
					_ = m.View()
				}
			})
		}
	}
}
