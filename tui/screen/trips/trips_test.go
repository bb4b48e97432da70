package trips_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/screen/trips"
	"github.com/fleetms/obdctl/tui/theme"
)

// keeper has trips, and counts whose speed was asked for.
type keeper struct {
	trips []trips.Trip
	asked []uuid.UUID
}

func (k *keeper) KeptTrips(context.Context, string) ([]trips.Trip, error) { return k.trips, nil }

func (k *keeper) TripSpeed(_ context.Context, t fleet.Trip, n int) ([]fleet.Bucket, error) {
	k.asked = append(k.asked, t.ID)
	out := make([]fleet.Bucket, n)
	for i := range out {
		v := 45 - 45*math.Cos(float64(i)/20)
		if i < n/3 || i > n/3+20 { // a time without readings
			out[i] = fleet.Bucket{Count: 1, Min: v, Max: v, Mean: v}
		}
	}
	return out, nil
}

func newKeeper() *keeper {
	trip := func(n byte, hours int, km float64, events ...fleet.TripEvent) trips.Trip {
		start := screentest.At().Add(-time.Duration(hours) * time.Hour)
		t := fleet.Trip{ID: uuid.UUID{15: n}, Start: start, End: start.Add(31 * time.Minute), DistanceKm: km, MaxKmh: 90, MeanKmh: 48, IdleS: 184, FuelL: new(1.87), Events: events}
		for i := range t.Events {
			t.Events[i].At = start.Add(time.Duration(i+1) * 7 * time.Minute)
		}
		t.HardBrakes = len(events)
		return trips.Trip{Trip: t, Vehicle: "Blue Focus"}
	}
	return &keeper{trips: []trips.Trip{
		trip(1, 2, 24.7, fleet.TripEvent{Kind: "hard_brake", Value: -4.1, Unit: "m/s2"}, fleet.TripEvent{Kind: "hot", Value: 112, Unit: "Cel"}), trip(2, 30, 3.2),
	}}
}

func entered(t *testing.T, k *keeper) *trips.Screen {
	s := trips.New(k)
	l := screentest.Look()
	l.Theme, l.Width, l.Height = theme.Get("none", true), 80, 19
	s.Resize(l)
	screentest.Run(t, s.Enter(t.Context()), s.Update)
	return s
}

func press(t *testing.T, s *trips.Screen, key string) {
	t.Helper()
	for _, a := range s.Actions() {
		if slices.Contains(a.Keys, key) && a.Not == "" {
			screentest.Run(t, a.Run(), s.Update)
			return
		}
	}
	screentest.Run(t, s.Update(screentest.Press(key)), s.Update)
}

func TestViews(t *testing.T) { screentest.Test(t, testViews) }

func testViews(t *testing.T) {
	screentest.Golden(t, "nothing", func() screen.Screen { return entered(t, &keeper{}) })
	screentest.Golden(t, "trip", func() screen.Screen { return entered(t, newKeeper()) })
	screentest.Golden(t, "event", func() screen.Screen {
		s := entered(t, newKeeper())
		press(t, s, "right")
		press(t, s, "right")
		return s
	})
}

func TestTheSpeedOfATripIsReadOnce(t *testing.T) { screentest.Test(t, testTheSpeedOfATripIsReadOnce) }

func testTheSpeedOfATripIsReadOnce(t *testing.T) {
	k := newKeeper()
	s := entered(t, k)
	press(t, s, "down")
	press(t, s, "down")
	press(t, s, "right") // it has no events
	if want := []uuid.UUID{k.trips[0].ID, k.trips[1].ID}; !slices.Equal(k.asked, want) {
		t.Errorf("asked for %v, want %v", k.asked, want)
	}
}
