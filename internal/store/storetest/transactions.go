package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

func transactions(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{Label: "first"})
	changed := errors.New("changed my mind")
	err := tenant.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.Vehicles().Put(t.Context(), &fleet.Vehicle{Label: "second"}); err != nil {
			return err
		}
		if _, err := tx.Readings().Add(t.Context(), v.ID, []obd.Reading{at(0, "RPM", 1)}); err != nil {
			return err
		}
		return changed
	})
	if !errors.Is(err, changed) {
		t.Errorf("an error comes back as it is: %v", err)
	}
	count := func(tx store.Tx) int {
		l, err := tx.Vehicles().List(t.Context(), store.Page{})
		if err != nil {
			t.Error(err)
		}
		return len(l.Items)
	}
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		if all, err := tx.Readings().Series(ctx, v.ID); count(tx) != 1 || err != nil || len(all) != 0 {
			t.Errorf("a rolled back change left %d vehicles and %+v, %v", count(tx), all, err)
		}
		return nil
	})
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		before := count(tx)
		car(t, tenant, fleet.Vehicle{Label: "meanwhile"})
		if after := count(tx); after != before {
			t.Errorf("a view saw %d vehicles, then %d", before, after)
		}
		return nil
	})
	err = tenant.View(t.Context(), func(tx store.Tx) error { return tx.Vehicles().Put(t.Context(), &fleet.Vehicle{Label: "sly"}) })
	if !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("a change in a view: %v", err)
	}
	released(t, tenant)
}

// released is the writer's place after whatever went wrong.
func released(t *testing.T, tenant store.Tenant) {
	func() {
		defer func() { _ = recover() }()
		_ = tenant.Update(t.Context(), func(store.Tx) error { panic("a defect") })
	}()
	car(t, tenant, fleet.Vehicle{Label: "after a panic"}) // the writer is free again
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tenant.Update(ctx, func(store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled update: %v", err)
	}
}

// writers lets two openings write in turn while others read.
func writers(t *testing.T, e Engine) {
	stores := []store.Store{e, e.Again(t)}
	first := local(t, e)
	v := car(t, first, fleet.Vehicle{})
	const rounds = 20
	var all sync.WaitGroup
	failed := make(chan error, 4*rounds)
	for who, s := range stores {
		tenant := local(t, s)
		if tenant.ID() != first.ID() {
			t.Fatalf("local is %v and %v", first.ID(), tenant.ID())
		}
		all.Go(func() {
			for n := range rounds {
				failed <- tenant.Update(t.Context(), func(tx store.Tx) error {
					_, err := tx.Readings().Add(t.Context(), v.ID, []obd.Reading{at(float64(n), fmt.Sprint("S", who), 1)})
					return err
				})
				failed <- tenant.View(t.Context(), func(tx store.Tx) error { _, err := tx.Readings().Series(t.Context(), v.ID); return err })
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			t.Error(err)
		}
	}
	view(t, first, func(ctx context.Context, tx store.Tx) error {
		if got := values(t, ctx, tx, store.Span{VehicleID: v.ID}); len(got) != 2*rounds {
			t.Errorf("%d readings of %d", len(got), 2*rounds)
		}
		return nil
	})
}
