package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// Options of training.
type Options struct {
	Seed        uint64
	CodeVersion string // of obdctl
	Now         time.Time
}

// Train learns a model from what is kept, measures it on the frozen part, and adds it as a challenger. A zero vehicle asks
// for a model of the whole fleet.
func Train(ctx context.Context, t store.Tenant, k Kind, vehicle uuid.UUID, o Options) (fleet.Model, error) {
	c := k.Card()
	if c.PerVehicle == (vehicle == uuid.Nil) {
		return fleet.Model{}, wrongScope(c)
	}
	study, parent, err := gather(ctx, t, k, vehicle)
	if err != nil {
		return fleet.Model{}, fmt.Errorf("train %s: %w", c.Name, err)
	}
	units := study.Units()
	d := divide(units)
	if err := d.enough(c); err != nil {
		return fleet.Model{}, err
	}
	weights, err := study.Train(ctx, d.learn, o.Seed)
	if err != nil {
		return fleet.Model{}, fmt.Errorf("train %s: %w", c.Name, err)
	}
	metrics, err := study.Measure(ctx, weights, d.frozen)
	if err != nil {
		return fleet.Model{}, fmt.Errorf("measure %s: %w", c.Name, err)
	}
	m := fleet.Model{
		Name: c.Name, State: fleet.Challenger, Algorithm: c.Algorithm, Data: span(c, units, d.learn), DataHash: hashOf(units, d.learn), Split: d.words(c),
		Seed: o.Seed, CodeVersion: o.CodeVersion, Metrics: metrics, Limits: c.Limits, Trained: obd.Stamp(o.Now),
	}
	if c.PerVehicle {
		m.VehicleID = &vehicle
	}
	if parent != nil {
		m.Parent = &parent.ID
	}
	err = t.Update(ctx, func(tx store.Tx) error { return tx.Models().Add(ctx, &m, weights) })
	return m, err
}

func wrongScope(c Card) error {
	if c.PerVehicle {
		return errs.New(errs.Usage, "%s learns from one vehicle", c.Name).WithHint("say which one: --vehicle WORDS, or --all for each vehicle that has enough")
	}
	return errs.New(errs.Usage, "%s learns from the whole fleet", c.Name).WithHint("leave --vehicle away")
}

// gather reads what there is to learn from, and the champion of today.
func gather(ctx context.Context, t store.Tenant, k Kind, vehicle uuid.UUID) (study Study, champion *fleet.Model, err error) {
	err = t.View(ctx, func(tx store.Tx) error {
		if study, err = k.Gather(ctx, tx, vehicle); err != nil {
			return err
		}
		champion, err = championOf(ctx, tx, k.Card(), vehicle)
		return err
	})
	return study, champion, err
}

// championOf is the model that speaks for exactly this scope, nil for none.
func championOf(ctx context.Context, tx store.Tx, c Card, vehicle uuid.UUID) (*fleet.Model, error) {
	m, err := tx.Models().Champion(ctx, c.Name, vehicle)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case c.PerVehicle != (m.VehicleID != nil):
		return nil, nil
	}
	return &m, nil
}

// span says from what and when a model learned.
func span(c Card, units []Unit, chosen []int) string {
	var from, until time.Time
	for _, i := range chosen {
		at := units[i].At
		if from.IsZero() || at.Before(from) {
			from = at
		}
		if at.After(until) {
			until = at
		}
	}
	of := "of the fleet"
	if c.PerVehicle {
		of = "of this vehicle"
	}
	return fmt.Sprintf("%d %ss %s, %s to %s", len(chosen), c.Unit, of, from.Format(time.DateOnly), until.Format(time.DateOnly))
}
