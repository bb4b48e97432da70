package main

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/config"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// database is the file that everything is kept in.
func (a *app) database() string {
	if a.conf.DB != "" {
		return a.conf.DB
	}
	return config.DefaultDB()
}

// busyTime is how long another program's write is waited for: an import of a large file takes most of a minute.
const busyTime = time.Minute

// openStore opens the database, with its key where it is encrypted; it is made at the first use.
func (a *app) openStore(ctx context.Context, o sqlite.Options) (_ *sqlite.Store, err error) {
	if o.Engine == nil {
		if o.Engine, err = a.engine(ctx, a.database()); err != nil {
			return nil, err
		}
	}
	if o.Busy == 0 {
		o.Busy = busyTime
	}
	return await(ctx, func() (*sqlite.Store, error) { return sqlite.Open(ctx, a.database(), o) })
}

// tenant opens the database and returns the installation's own store; the function closes it.
func (a *app) tenant(ctx context.Context) (store.Tenant, func() error, error) {
	if a.held != nil {
		return a.held.tenant(ctx, a)
	}
	return a.tenantWith(ctx, sqlite.Options{})
}

func (a *app) tenantWith(ctx context.Context, o sqlite.Options) (store.Tenant, func() error, error) {
	s, err := a.openStore(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	t, err := s.For(ctx, fleet.Local)
	if err != nil {
		return nil, nil, firstError(err, s.Close())
	}
	return t, s.Close, nil
}

// view runs f on the installation's store, which it opens and closes. One that cannot be written is read all the same.
func (a *app) view(ctx context.Context, f func(store.Tx) error) error {
	t, closeStore, err := a.tenant(ctx)
	if errors.Is(err, store.ErrReadOnly) {
		a.notice(true, "the database cannot be written and is only read: "+a.database())
		var second error
		if t, closeStore, second = a.tenantWith(ctx, sqlite.Options{ReadOnly: true}); second == nil {
			err = nil
		}
	}
	if err != nil {
		return err
	}
	return firstError(t.View(ctx, f), closeStore())
}

// update runs f in one transaction of the installation's store.
func (a *app) update(ctx context.Context, f func(store.Tx) error) error {
	return a.inStore(ctx, store.Tenant.Update, f)
}

func (a *app) inStore(ctx context.Context, how func(store.Tenant, context.Context, func(store.Tx) error) error, f func(store.Tx) error) error {
	t, closeStore, err := a.tenant(ctx)
	if err != nil {
		return err
	}
	return firstError(how(t, ctx, f), closeStore())
}

// oneVehicle finds the vehicle that words mean; none and several are told apart.
func oneVehicle(ctx context.Context, tx store.Tx, words string) (fleet.Vehicle, error) {
	found, err := tx.Vehicles().Find(ctx, words)
	switch {
	case err != nil:
		return fleet.Vehicle{}, err
	case len(found) == 0:
		return fleet.Vehicle{}, errs.New(errs.BadInput, "no vehicle is known as %q", words).WithHint("'obdctl vehicle list' shows all; a VIN, a plate, a label or the start of an id finds one")
	case len(found) > 1:
		return fleet.Vehicle{}, errs.New(errs.Usage, "%q may be %s", words, titles(found)).WithHint("give more of the VIN or id")
	}
	return found[0], nil
}

func titles(all []fleet.Vehicle) string {
	text := ""
	for i, v := range all {
		switch {
		case i == 3:
			return text + " and others"
		case i > 0:
			text += ", "
		}
		text += v.Title() + " (" + v.ID.String()[:13] + ")"
	}
	return text
}

// oneScan finds the scan that words mean: an id or its start, last, last~1, first.
func oneScan(ctx context.Context, tx store.Tx, words string, vehicle uuid.UUID) (fleet.ScanInfo, error) {
	found, err := tx.Scans().Find(ctx, words, vehicle)
	switch {
	case err != nil:
		return fleet.ScanInfo{}, err
	case len(found) == 0:
		return fleet.ScanInfo{}, errs.New(errs.BadInput, "no scan is known as %q", words).WithHint("'obdctl scan list' shows all; last, last~1, first or the start of an id finds one")
	case len(found) > 1:
		return fleet.ScanInfo{}, errs.New(errs.Usage, "%q may be %d scans", words, len(found)).WithHint("give more of the id")
	}
	return found[0], nil
}

// belonging finds the vehicle that a scan was said to be of; the zero id when nothing was said.
func (a *app) belonging(ctx context.Context, words string) (id uuid.UUID, err error) {
	if words == "" {
		return uuid.Nil, nil
	}
	err = a.view(ctx, func(tx store.Tx) error {
		v, err := oneVehicle(ctx, tx, words)
		id = v.ID
		return err
	})
	return id, err
}
