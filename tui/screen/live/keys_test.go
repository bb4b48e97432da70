package live_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/fleetms/obdctl/tui"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/screentest"
)

// driven is a page with half a minute of values.
func driven(t *testing.T, change func(*tui.Options)) *page {
	t.Helper()
	p := enter(t, change)
	p.car.drive()
	p.run(nil)
	return p
}

func TestSignalsAreFoundAndMarked(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := enter(t, nil)
		p.keys("p")
		p.shows("Electrical supply", "2 signals", "Everything that the car has")
		p.keys("down", "enter")
		if want := []string{"VPWR", "RPM"}; !slices.Equal(p.car.asked, want) {
			t.Errorf("watches %q, want %q", p.car.asked, want)
		}
		p.keys("s", "c", "l", "n", "t")
		p.shows("Engine coolant temperature")
		p.hides("Vehicle speed")
		p.keys("space", "enter")
		if want := []string{"RPM", "ECT", "VPWR"}; !slices.Equal(p.car.asked, want) {
			t.Errorf("watches %q, want %q", p.car.asked, want)
		}
	})
}

func TestAPauseHoldsStillAndLosesNothing(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := driven(t, nil)
		p.keys("space")
		p.shows("paused at 09:41:41")
		before := p.view()
		p.car.sample(screentest.At().Add(time.Minute), 1.5)
		p.run(nil)
		if p.view() != before {
			t.Errorf("it moved:\n%s", p.view())
		}
		p.keys("space")
		p.shows("120  km/h")
	})
}

func TestTheCursorTellsValuesOfThen(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := driven(t, nil)
		p.keys("v", "v")
		p.shows("A‹ Engine speed", "B› Vehicle speed", "last 30 s")
		p.keys("home")
		p.shows("paused at 09:41:12")
		p.keys("left", "left")
		p.shows("paused at 09:41:11")
		p.keys("esc")
		p.hides("paused")
		p.keys("+")
		p.shows("last 10 s")
		p.keys("-", "-", "-", "-", "-", "-", "-", "-")
		p.shows("last 1 h")
	})
}

func TestLimitsRing(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := driven(t, func(o *tui.Options) { o.Look.Imperial = true })
		p.keys("down", "down", "a")
		p.shows("Limits: Engine coolant temperature °F")
		p.keys("x", "enter")
		p.shows("Such as 10..110")
		p.keys("backspace", ".", ".", "2", "1", "2", "enter")
		p.shows("rings beyond its limits now")
		p.keys("u")
		p.hides("rings beyond")
		if p.car.board.Rows(nil)[2].Limits.IsSet() {
			t.Error("the limits were not taken back")
		}
		p.keys("a", ".", ".", "2", "1", "2", "enter")
		p.car.sample(screentest.At().Add(time.Minute), 2)
		p.run(nil)
		p.shows("above 212", "Engine coolant temperature above 212: 248 °F")
	})
}

func TestARecordingAsksForTheVehicleWhenTheCarDoesNotTell(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := driven(t, nil)
		p.car.needs = true
		p.keys("r")
		p.shows("Which vehicle is it?")
		p.keys("v", "a", "n", "enter")
		if want := []string{"", "van"}; !slices.Equal(p.car.words, want) {
			t.Errorf("asked with %q, want %q", p.car.words, want)
		}
		link := screentest.Link()
		link.Keeping = true
		p.send(link)
		p.shows("recording 0:00", "r stop")
		p.keys("r")
		p.shows("1,204 values are kept")
	})
}

func TestALostLinkKeepsTheValues(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := driven(t, nil)
		link := screentest.Link()
		link.State, link.Try = screen.Lost, 2
		p.send(link)
		p.shows("link lost; all values up to 09:41:41 are kept", "Engine speed")
		link.State, link.Since = screen.Connected, link.Since.Add(1500*time.Millisecond)
		p.send(link)
		p.shows("came back after 1.5 s")
		if p.car.watches != 1 {
			t.Errorf("watched %d times: the link comes back by itself", p.car.watches)
		}
	})
}

func TestAWatchThatEndedSaysWhyAndBeginsAnewWithTheCar(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := driven(t, nil)
		go func() { p.car.ended <- errors.New("nothing answers any more") }()
		p.run(nil)
		<-time.After(time.Second)
		link := screentest.Link()
		link.State = screen.Connecting
		p.send(link)
		p.hides("Engine speed")
		p.send(screentest.Link())
		if p.car.watches != 2 {
			t.Errorf("watched %d times, want anew for the next car", p.car.watches)
		}
	})
}

func TestAScreenReaderHearsValuesWhenItAsks(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		p := driven(t, func(o *tui.Options) { o.Look.Linear = true })
		before := p.view()
		p.car.sample(screentest.At().Add(time.Minute), 2)
		p.run(nil)
		if p.view() != before {
			t.Errorf("it changed without being asked:\n%s", p.view())
		}
		p.keys("space")
		p.shows("As of 09:42:12.", "Vehicle speed", "160")
	})
}
