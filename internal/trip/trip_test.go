package trip_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/trip"
)

var start = time.Date(2026, 3, 2, 7, 30, 0, 0, time.UTC)

// log writes readings second by second.
type log struct {
	now  time.Time
	list []obd.Reading
}

func newLog() *log { return &log{now: start} }

func (l *log) put(signal string, value float64) {
	l.list = append(l.list, obd.Reading{At: l.now, Signal: signal, Value: value})
}

// drive goes on for some seconds at the speed, with the engine at rpm.
func (l *log) drive(seconds int, kmh, rpm float64) *log {
	for range seconds {
		l.put("RPM", rpm)
		l.put("VSS", kmh)
		l.now = l.now.Add(time.Second)
	}
	return l
}

func (l *log) pause(d time.Duration) *log {
	l.now = l.now.Add(d)
	return l
}

func (l *log) find(o trip.Options) []fleet.Trip { return trip.Find(slices.Values(l.list), o) }

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s: %g, want %g", what, got, want)
	}
}

func TestAJourneyHasDistanceAndTimes(t *testing.T) {
	trips := newLog().drive(60, 0, 800).drive(600, 60, 2000).drive(120, 0, 800).drive(600, 30, 1500).find(trip.Options{})
	if len(trips) != 1 {
		t.Fatalf("%d trips", len(trips))
	}
	got := trips[0]
	near(t, "distance", got.DistanceKm, 15, 0.05)
	near(t, "moving", got.MovingS, 1202, 1.5)
	near(t, "idle", got.IdleS, 178, 2)
	near(t, "mean", got.MeanKmh, 45, 0.2)
	if got.MaxKmh != 60 || !got.Start.Equal(start) || got.DistanceFrom != "speed" {
		t.Errorf("%+v", got)
	}
}

func TestARestEndsATripAndALightDoesNot(t *testing.T) {
	for name, c := range map[string]struct {
		log  *log
		want int
	}{
		"stop-start at a light":      {newLog().drive(300, 50, 1800).drive(60, 0, 0).drive(300, 50, 1800), 1},
		"the engine was off":         {newLog().drive(300, 50, 1800).drive(200, 0, 0).drive(300, 50, 1800), 2},
		"nothing was heard":          {newLog().drive(300, 50, 1800).pause(6*time.Minute).drive(300, 50, 1800), 2},
		"a short hole in the log":    {newLog().drive(300, 50, 1800).pause(time.Minute).drive(300, 50, 1800), 1},
		"idling in the yard":         {newLog().drive(900, 0, 800), 0},
		"an electric car, no engine": {newLog().drive(300, 50, 0).drive(30, 0, 0).drive(300, 50, 0), 1},
	} {
		if got := c.log.find(trip.Options{}); len(got) != c.want {
			t.Errorf("%s: %d trips, want %d", name, len(got), c.want)
		}
	}
}

func TestHardBrakingIsCountedOnce(t *testing.T) {
	l := newLog().drive(120, 80, 2500)
	for v := 80.0; v > 0; v -= 15 { // 4.2 m/s2
		l.drive(1, v, 2000)
	}
	l.drive(30, 0, 800)
	for v := 0.0; v < 50; v += 12.6 { // 3.5 m/s2
		l.drive(1, v, 3000)
	}
	got := l.drive(60, 50, 2000).find(trip.Options{})
	if len(got) != 1 || got[0].HardBrakes != 1 || got[0].HardStarts != 1 || len(got[0].Events) != 2 {
		t.Fatalf("%+v", got)
	}
}

func TestRoundedSpeedsAtTenHertzAreNotHard(t *testing.T) {
	l := newLog()
	for i := range 3000 {
		l.put("VSS", 50+float64(i%2)) // one km/h of noise is 2.8 m/s2 from sample to sample
		l.now = l.now.Add(100 * time.Millisecond)
	}
	if got := l.find(trip.Options{}); len(got) != 1 || got[0].HardBrakes+got[0].HardStarts != 0 {
		t.Fatalf("%+v", got)
	}
}

func TestFuelComesFromWhatTheCarTells(t *testing.T) {
	rate := newLog()
	for range 3600 {
		rate.put("FUEL_RATE", 6)
		rate.put("MAF", 10)
		rate.drive(1, 60, 2000)
	}
	got := rate.find(trip.Options{})
	if len(got) != 1 || got[0].FuelSource != "FUEL_RATE" {
		t.Fatalf("%+v", got)
	}
	near(t, "litres", *got[0].FuelL, 6, 0.01)

	air := newLog()
	for range 3600 {
		air.put("MAF", 10)
		air.drive(1, 60, 2000)
	}
	if got := air.find(trip.Options{}); got[0].FuelL != nil {
		t.Errorf("the air mass says nothing about an unknown fuel: %g", *got[0].FuelL)
	}
	got = air.find(trip.Options{Petrol: true})
	near(t, "litres by air", *got[0].FuelL, 10/14.7/745*3600, 0.01)
}

func TestTheOdometerWinsWhereItCountsFinely(t *testing.T) {
	l := newLog()
	l.put("ODO", 5000)
	l.drive(600, 60, 2000)
	l.put("ODO", 5010.4)
	if got := l.find(trip.Options{}); got[0].DistanceFrom == "odometer" {
		t.Error("the odometer stood before the trip began and is not its start")
	}
	l = newLog().drive(1, 60, 2000)
	l.put("ODO", 5000)
	l.drive(600, 60, 2000)
	l.put("ODO", 5010.4)
	got := l.drive(1, 60, 2000).find(trip.Options{})
	if got[0].DistanceFrom != "odometer" || math.Abs(got[0].DistanceKm-10.4) > 0.001 {
		t.Errorf("%+v", got[0])
	}
}

func TestColdStartAndLimitsAreKept(t *testing.T) {
	l := newLog().drive(1, 10, 900)
	l.put("ECT", 12)
	l.put("VPWR", 12.1)
	l.drive(300, 50, 1800)
	l.put("ECT", 91)
	l.put("VPWR", 14.2)
	got := l.drive(1, 50, 1800).find(trip.Options{})[0]
	if !*got.ColdStart || *got.MaxCoolantC != 91 || *got.MinVoltage != 12.1 {
		t.Errorf("%+v", got)
	}
}

func TestTheSameTripHasTheSameName(t *testing.T) {
	vehicle := uuid.MustParse("0198c0de-0000-7000-8000-000000000001")
	l := newLog().drive(300, 50, 1800)
	a, b := l.find(trip.Options{VehicleID: vehicle})[0], l.find(trip.Options{VehicleID: vehicle})[0]
	if a.ID != b.ID || a.ID.Version() != 7 || a.ID == l.find(trip.Options{})[0].ID {
		t.Errorf("%s %s", a.ID, b.ID)
	}
}

func TestReadingsOutOfOrderDoNoHarm(t *testing.T) {
	l := newLog().drive(300, 50, 1800)
	l.list = append(l.list, obd.Reading{At: start.Add(-time.Hour), Signal: "VSS", Value: 255}, obd.Reading{Signal: "VSS", Value: 1})
	if got := l.find(trip.Options{}); len(got) != 1 || got[0].MaxKmh != 50 {
		t.Errorf("%+v", got)
	}
}

func BenchmarkFind(b *testing.B) {
	l := newLog().drive(50_000, 50, 1800)
	var all = slices.Values(l.list)
	b.ReportAllocs()
	for b.Loop() {
		trip.Find(all, trip.Options{})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(l.list)), "ns/reading")
}
