package main

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// liveKeeper writes live values into the database, in a goroutine of its own: reading the car never waits for the disk.
type liveKeeper struct {
	tenant  store.Tenant
	vehicle uuid.UUID
	close   func() error

	mu      sync.Mutex
	waiting []obd.Reading
	first   time.Time
	last    time.Time
	count   int // readings that were written
	failed  error

	done chan struct{}
	quit chan struct{}
}

const (
	keepEvery   = time.Second // what a power cut may cost
	keepWaiting = 1_000_000   // readings that may wait for a disk that does not answer
)

// keepLive opens the database and finds the vehicle, by the VIN that the car tells or by words.
func (a *app) keepLive(ctx context.Context, s *session, words string) (*liveKeeper, error) {
	vin, err := firstVIN(ctx, s)
	if err != nil {
		return nil, err
	}
	t, closeStore, err := a.tenant(ctx)
	if err != nil {
		return nil, err
	}
	k := &liveKeeper{tenant: t, close: closeStore, done: make(chan struct{}), quit: make(chan struct{})}
	err = t.Update(ctx, func(tx store.Tx) (err error) {
		k.vehicle, err = liveVehicle(ctx, tx, vin, words)
		return err
	})
	if err != nil {
		return nil, firstError(err, closeStore())
	}
	go k.run(context.WithoutCancel(ctx))
	return k, nil
}

func firstVIN(ctx context.Context, s *session) (string, error) {
	units, _, err := s.tester.VIN(ctx)
	if err != nil {
		return "", err
	}
	for _, u := range units {
		if u.VIN != "" {
			return u.VIN, nil
		}
	}
	return "", nil
}

func liveVehicle(ctx context.Context, tx store.Tx, vin, words string) (uuid.UUID, error) {
	if words != "" {
		v, err := oneVehicle(ctx, tx, words)
		return v.ID, err
	}
	if vin == "" {
		return uuid.Nil, errs.New(errs.Usage, "the car does not tell its VIN").WithHint("name the vehicle by --vehicle, 'obdctl vehicle add' makes one")
	}
	found, err := tx.Vehicles().Find(ctx, vin)
	if err != nil {
		return uuid.Nil, err
	}
	for _, v := range found {
		if v.VIN == vin {
			return v.ID, nil
		}
	}
	v := fleet.Vehicle{VIN: vin}
	if err := fillByVIN(&v); err != nil {
		v = fleet.Vehicle{Label: vin} // a car may tell what is no VIN
	}
	err = tx.Vehicles().Put(ctx, &v)
	return v.ID, err
}

// add takes readings over; it never blocks.
func (k *liveKeeper) add(readings []obd.Reading) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, r := range readings {
		if r.Absent || r.At.IsZero() || len(k.waiting) >= keepWaiting {
			continue
		}
		k.waiting = append(k.waiting, r)
	}
}

func (k *liveKeeper) run(ctx context.Context) {
	defer close(k.done)
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			k.flush(ctx)
		case <-k.quit:
			k.flush(ctx)
			return
		}
	}
}

func (k *liveKeeper) flush(ctx context.Context) {
	k.mu.Lock()
	batch := k.waiting
	k.waiting = nil
	k.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	err := k.tenant.Update(ctx, func(tx store.Tx) error {
		_, err := tx.Readings().Add(ctx, k.vehicle, batch)
		return err
	})
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		k.waiting = append(batch, k.waiting...) // tried again with the next ones
		k.failed = err
		return
	}
	k.failed = nil
	k.count += len(batch)
	for _, r := range batch {
		if k.first.IsZero() || r.At.Before(k.first) {
			k.first = r.At
		}
		if r.At.After(k.last) {
			k.last = r.At
		}
	}
}

// end writes what waits, finds the trips in what was written, and closes the database.
func (k *liveKeeper) end(ctx context.Context) error {
	close(k.quit)
	<-k.done
	err := k.failed
	if err == nil && !k.first.IsZero() {
		err = k.tenant.Update(ctx, func(tx store.Tx) error { return replaceTrips(ctx, tx, k.vehicle, k.first, k.last) })
	}
	return firstError(err, k.close())
}
