package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/search"
	"github.com/fleetms/obdctl/internal/store"
)

// at is a reading so many seconds after the morning.
func at(seconds float64, signal string, value float64) obd.Reading {
	return obd.Reading{At: morning.Add(time.Duration(seconds * float64(time.Second))), ECU: engine, Signal: signal, Value: value}
}

func text(seconds float64, signal string, value float64, word string) obd.Reading {
	r := at(seconds, signal, value)
	r.Text = word
	return r
}

// keep adds readings and returns how many were new.
func keep(t *testing.T, tenant store.Tenant, vehicle uuid.UUID, list ...obd.Reading) (n int) {
	t.Helper()
	update(t, tenant, func(ctx context.Context, tx store.Tx) (err error) {
		n, err = tx.Readings().Add(ctx, vehicle, list)
		return err
	})
	return n
}

func read(t *testing.T, ctx context.Context, tx store.Tx, s store.Span) (all []obd.Reading) {
	t.Helper()
	if err := tx.Readings().Each(ctx, s, func(r obd.Reading) bool { all = append(all, r); return true }); err != nil {
		t.Error(err)
	}
	return all
}

func values(t *testing.T, ctx context.Context, tx store.Tx, s store.Span) (all []float64) {
	t.Helper()
	for _, r := range read(t, ctx, tx, s) {
		all = append(all, r.Value)
	}
	return all
}

func same(got []float64, want ...float64) bool { return slices.Equal(got, want) }

// counts checks the number of readings in a plot of any fineness.
func counts(t *testing.T, ctx context.Context, tx store.Tx, s store.Span, want int64) {
	t.Helper()
	for _, n := range []int{1, 7, 60, 997} {
		buckets, err := tx.Readings().Plot(ctx, s, n)
		var sum int64
		for _, b := range buckets {
			sum += b.Count
		}
		if err != nil || sum != want || len(buckets) != n {
			t.Errorf("plot in %d: %d buckets with %d readings, want %d, %v", n, len(buckets), sum, want, err)
		}
	}
}

func readings(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	list := []obd.Reading{at(2, "RPM", 820), at(0, "RPM", 800), at(1, "RPM", 810), text(1, "FUEL_SYS", 2, "CL"), at(1, "SPEED", 50)}
	list[0].Unit, list[0].Name = "/min", "Engine speed"
	if n := keep(t, tenant, v.ID, list...); n != 5 {
		t.Errorf("%d new", n)
	}
	if n := keep(t, tenant, v.ID, append(list, at(1, "RPM", 999), at(0.5, "RPM", 805), at(0.5, "RPM", 806))...); n != 1 {
		t.Errorf("of known ones and one new one %d are new", n)
	}
	if n := keep(t, tenant, v.ID, text(0, "RPM", 800, "idle"), at(7, "RPM", 870)); n != 1 {
		t.Errorf("%d new", n)
	}
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		if got := values(t, ctx, tx, store.Span{VehicleID: v.ID, Signals: []string{"RPM"}}); !same(got, 800, 805, 810, 820, 870) {
			t.Errorf("the first value of a time stays: %v", got)
		}
		if got := read(t, ctx, tx, store.Span{VehicleID: v.ID, Signals: []string{"RPM"}}); got[0].Text != "" {
			t.Errorf("a reading that is there already gets no word: %+v", got[0])
		}
		half := store.Span{VehicleID: v.ID, Signals: []string{"RPM"}, From: morning.Add(500 * time.Millisecond), Until: morning.Add(2 * time.Second)}
		if got := values(t, ctx, tx, half); !same(got, 805, 810) {
			t.Errorf("from inclusive, until exclusive: %v", got)
		}
		got := read(t, ctx, tx, store.Span{VehicleID: v.ID, Signals: []string{"FUEL_SYS"}, ECU: &list[0].ECU})
		if len(got) != 1 || got[0] != list[3] {
			t.Errorf("a state: %+v", got)
		}
		all, err := tx.Readings().Series(ctx, v.ID)
		if err != nil || len(all) != 3 || all[1].Signal != "RPM" || all[1].Count != 5 || all[1].Unit != "/min" || all[1].Name != "Engine speed" ||
			!all[1].First.Equal(morning) || !all[1].Last.Equal(morning.Add(7*time.Second)) || all[1].ECU != engine {
			t.Errorf("series: %+v, %v", all, err)
		}
		return nil
	})
	refused(t, tenant, v.ID)
}

// refused are readings that have no place.
func refused(t *testing.T, tenant store.Tenant, vehicle uuid.UUID) {
	for name, r := range map[string]obd.Reading{
		"absent": {At: morning, Signal: "RPM", Absent: true}, "without a time": {Signal: "RPM"}, "not a number": {At: morning, Signal: "RPM", Value: math.NaN()},
	} {
		if err := tenant.Update(t.Context(), func(tx store.Tx) error {
			_, err := tx.Readings().Add(t.Context(), vehicle, []obd.Reading{r})
			return err
		}); err == nil {
			t.Errorf("a reading %s is refused", name)
		}
	}
	fails(t, tenant, "readings of no vehicle", store.ErrNotFound, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Readings().Add(ctx, newID(), []obd.Reading{at(0, "RPM", 800)})
		return err
	})
}

func orders(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	var list []obd.Reading
	for i := range 3000 { // more than any engine reads at once
		list = append(list, at(float64(i), "RPM", float64(i)), at(float64(i)+0.5, "SPEED", float64(i)))
	}
	keep(t, tenant, v.ID, list...)
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		var got []obd.Reading
		if err := tx.Readings().ByTime(ctx, store.Span{VehicleID: v.ID}, func(r obd.Reading) bool { got = append(got, r); return true }); err != nil {
			t.Error(err)
		}
		if !slices.Equal(got, list) {
			t.Errorf("%d readings by time are not the %d that were kept", len(got), len(list))
		}
		n := 0
		if err := tx.Readings().Each(ctx, store.Span{VehicleID: v.ID}, func(obd.Reading) bool { n++; return n < 10 }); err != nil || n != 10 {
			t.Errorf("stopped after %d, %v", n, err)
		}
		return nil
	})
}

// plots compares roll-ups with the readings themselves, whatever the edges are.
func plots(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	var list []obd.Reading
	for i := range 20_000 {
		list = append(list, at(float64(i), "RPM", float64((i*7919)%5000)-2500))
	}
	half := slices.Clone(list)
	for i := 0; i < len(half); i += 2 {
		half[i/2] = half[i]
	}
	keep(t, tenant, v.ID, half[:len(half)/2]...)
	keep(t, tenant, v.ID, list...) // the others come late, between those
	for _, cut := range []struct{ from, until float64 }{{0, 20_000}, {0, 3600}, {7, 19_993}, {3601.5, 7213.25}, {-500, 30_000}, {100, 101}} {
		s := store.Span{VehicleID: v.ID, Signals: []string{"RPM"}, From: at(cut.from, "", 0).At, Until: at(cut.until, "", 0).At}
		var want []obd.Reading
		for _, r := range list {
			if !r.At.Before(s.From) && r.At.Before(s.Until) {
				want = append(want, r)
			}
		}
		view(t, tenant, func(ctx context.Context, tx store.Tx) error {
			counts(t, ctx, tx, s, int64(len(want)))
			buckets, err := tx.Readings().Plot(ctx, s, 1)
			if err != nil || len(buckets) != 1 {
				t.Fatal(err)
			}
			lo, hi, sum := math.Inf(1), math.Inf(-1), 0.0
			for _, r := range want {
				lo, hi, sum = min(lo, r.Value), max(hi, r.Value), sum+r.Value
			}
			if b := buckets[0]; b.Min != lo || b.Max != hi || math.Abs(b.Mean-sum/float64(len(want))) > 1e-6 {
				t.Errorf("%v: %+v, want %v to %v, mean %v", cut, b, lo, hi, sum/float64(len(want)))
			}
			return nil
		})
	}
}

// narrow and wide spans are a mistake or slow, never a crash.
func spans(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	keep(t, tenant, v.ID, at(0, "RPM", 800))
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		for _, s := range []store.Span{{From: morning, Until: morning}, {From: morning, Until: morning.Add(time.Nanosecond)}, {From: morning, Until: morning.Add(-time.Hour)}} {
			s.VehicleID = v.ID
			if _, err := tx.Readings().Plot(ctx, s, 10); errs.KindOf(err) != errs.Usage {
				t.Errorf("plot from %v to %v: %v", s.From, s.Until, err)
			}
		}
		if _, err := tx.Readings().Plot(ctx, store.Span{VehicleID: v.ID, From: morning, Until: morning.Add(time.Hour)}, 0); errs.KindOf(err) != errs.Usage {
			t.Errorf("no buckets: %v", err)
		}
		old := store.Span{VehicleID: v.ID, From: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
		counts(t, ctx, tx, old, 1)
		counts(t, ctx, tx, store.Span{VehicleID: v.ID, From: morning, Until: morning.Add(time.Microsecond)}, 1)
		return nil
	})
}

// extremes are values that no sum can hold: they are kept all the same, and a plot of them can be written as JSON.
func extremes(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	huge := math.MaxFloat64
	keep(t, tenant, v.ID, at(0, "X", huge), at(1, "X", huge), at(2, "X", huge), at(100, "X", -huge), at(101, "X", -huge))
	keep(t, tenant, v.ID, at(1, "X", huge), at(3, "X", -huge), at(4, "X", -huge), at(5, "X", -huge), at(102, "X", -huge))
	keep(t, tenant, v.ID, at(6, "X", -huge), at(7, "X", huge), obd.Reading{At: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Hour), ECU: engine, Signal: "X", Value: 1})
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		s := store.Span{VehicleID: v.ID, From: morning, Until: morning.Add(time.Hour)}
		counts(t, ctx, tx, s, 11)
		for _, n := range []int{1, 60} {
			buckets, err := tx.Readings().Plot(ctx, s, n)
			if _, bad := json.Marshal(buckets); err != nil || bad != nil {
				t.Errorf("plot in %d: %v, %v", n, err, bad)
			}
		}
		return nil
	})
}

func trips(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	trip := func(hour int) fleet.Trip {
		start := morning.Add(time.Duration(hour) * time.Hour)
		return fleet.Trip{ID: newID(), VehicleID: v.ID, Start: start, End: start.Add(time.Minute), DistanceKm: float64(hour)}
	}
	list := []fleet.Trip{trip(0), trip(1), trip(2)}
	replace := func(from, until int, all ...fleet.Trip) {
		update(t, tenant, func(ctx context.Context, tx store.Tx) error {
			return tx.Trips().Replace(ctx, v.ID, morning.Add(time.Duration(from)*time.Hour), morning.Add(time.Duration(until)*time.Hour), all)
		})
	}
	replace(0, 3, list...)
	other := trip(1)
	replace(1, 2, other)
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		all := pages(t, 2, func(p store.Page) (store.List[fleet.Trip], error) {
			return tx.Trips().List(ctx, v.ID, time.Time{}, time.Time{}, p)
		})
		if len(all) != 3 || all[0].ID != list[2].ID || all[1].ID != other.ID || all[2].ID != list[0].ID {
			t.Errorf("trips: %+v", all)
		}
		if got, err := tx.Trips().Get(ctx, other.ID); err != nil || got.DistanceKm != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := tx.Trips().Get(ctx, list[1].ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a replaced trip: %v", err)
		}
		return nil
	})
	if n := tripsFound(t, tenant); n != 3 {
		t.Errorf("a search finds %d trips", n)
	}
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Delete(ctx, v.ID) })
	if n := tripsFound(t, tenant); n != 0 {
		t.Errorf("a search finds %d trips of a deleted vehicle", n)
	}
}

func tripsFound(t *testing.T, tenant store.Tenant) (n int) {
	q := search.Query{Filters: []search.Filter{{Field: search.FieldKind, Value: "trip"}}}
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		l, err := tx.Search().Find(ctx, q, store.Page{})
		n = len(l.Items)
		return err
	})
	return n
}
