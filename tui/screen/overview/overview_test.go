package overview_test

import (
	"context"
	"errors"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/overview"
	"github.com/fleetms/obdctl/tui/screen/screentest"
)

// scanner counts how often it is asked.
type scanner struct {
	scans int
	err   error
}

func (s *scanner) Scan(context.Context) error { s.scans++; return s.err }

func TestViews(t *testing.T) { screentest.Test(t, testViews) }

func testViews(t *testing.T) {
	build := func() screen.Screen { return overview.New(t.Context(), &scanner{}) }
	begun := screentest.Scanned()
	begun.Running, begun.Step, begun.Done, begun.SavedAs = true, obd.StepTests, 9, ""
	screentest.Golden(t, "nothing", build)
	screentest.Golden(t, "scanned", build, screentest.Link(), screentest.Vehicle(), screentest.Scanned())
	screentest.Golden(t, "scanning", build, screentest.Link(), screentest.Vehicle(), begun)
}

func TestACarIsScannedOnceByItself(t *testing.T) { screentest.Test(t, testACarIsScannedOnceByItself) }

func testACarIsScannedOnceByItself(t *testing.T) {
	car := &scanner{err: errors.New("no control unit answered")}
	s := overview.New(t.Context(), car)
	s.Resize(screentest.Look())
	enter := func() { screentest.Run(t, s.Enter(t.Context()), s.Update) }
	enter()
	if car.scans != 0 {
		t.Fatal("scanned without a car")
	}
	s.Update(screentest.Link())
	enter()
	enter()
	if car.scans != 1 {
		t.Errorf("scanned %d times, want once", car.scans)
	}
	s.Update(screen.Link{})
	s.Update(screentest.Link())
	enter()
	if car.scans != 2 {
		t.Error("the next car was not scanned")
	}
}

func TestAScanIsStopped(t *testing.T) { screentest.Test(t, testAScanIsStopped) }

func testAScanIsStopped(t *testing.T) {
	ended := make(chan struct{})
	s := overview.New(t.Context(), scanFunc(func(ctx context.Context) error {
		<-ctx.Done()
		close(ended)
		return ctx.Err()
	}))
	look := screentest.Look()
	look.Linear = true // no spinner, which turns as long as the scan runs
	s.Resize(look)
	s.Update(screentest.Link())
	screentest.Run(t, s.Enter(t.Context()), func(tea.Msg) tea.Cmd { return nil })
	for _, a := range s.Actions() {
		if a.ID == "overview.stop" {
			a.Run()
		}
	}
	<-ended
}

type scanFunc func(context.Context) error

func (f scanFunc) Scan(ctx context.Context) error { return f(ctx) }
