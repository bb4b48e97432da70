package live_test

import (
	"slices"
	"testing"
	"time"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/live"
	"github.com/fleetms/obdctl/tui/screen/live/trace"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/theme"
)

func TestViews(t *testing.T) { screentest.Test(t, testViews) }

func testViews(t *testing.T) {
	link := screentest.Link()
	link.Rate = 143
	screentest.Golden(t, "nothing", func() screen.Screen { return live.New(t.Context(), newCar()) })
	screentest.Golden(t, "numbers", built(t, true), link)
	screentest.Golden(t, "gauges", built(t, true, "v"), link)
	screentest.Golden(t, "plots", built(t, false, "v", "v"), link)
	screentest.Golden(t, "cursor", built(t, false, "v", "v", "m", "left", "shift+left", "m", "left"), link)
	lost := link
	lost.State, lost.Try, lost.Keeping = screen.Lost, 3, true
	screentest.Golden(t, "lost", built(t, false), link, lost)
}

// built makes the page with half a minute of values, and presses keys. With an alarm the engine is too fast.
func built(t *testing.T, alarm bool, keys ...string) func() screen.Screen {
	return func() screen.Screen {
		c := newCar()
		s := live.New(t.Context(), c)
		look := screentest.Look()
		look.Width, look.Height, look.Theme = 76, 19, theme.Get("none", true)
		s.Resize(look)
		s.Update(screentest.Link())
		run := newPump(t, s.Update).run
		run(s.Enter(t.Context()))
		c.drive()
		if alarm {
			high := 2000.0
			c.board.Limit("RPM", trace.Limits{High: &high})
			c.sample(screentest.At().Add(30*time.Second), 0.12)
		}
		press := func(k string) {
			for _, a := range s.Actions() {
				if slices.Contains(a.Keys, k) {
					run(a.Run())
					return
				}
			}
			run(s.Update(screentest.Press(k)))
		}
		run(nil)
		for _, k := range keys {
			press(k)
		}
		return s
	}
}
