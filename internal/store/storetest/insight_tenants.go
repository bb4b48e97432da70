package storetest

import (
	"context"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// insightAttacks are those on predictions, models and outcomes.
func (v victim) insightAttacks() map[string]func(context.Context, store.Tx) error {
	stolen, labelled := v.model, v.outcome
	return map[string]func(context.Context, store.Tx) error{
		"predict of it": func(ctx context.Context, tx store.Tx) error {
			return tx.Predictions().Add(ctx, v.vehicle.ID, []fleet.Prediction{saying(fleet.TopicBrake, "x", fleet.UrgencyNone, morning)})
		},
		"get prediction": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Predictions().Get(ctx, v.said[0].ID)
			return err
		},
		"delete prediction": func(ctx context.Context, tx store.Tx) error { return tx.Predictions().Delete(ctx, v.said[0].ID) },
		"get model":         func(ctx context.Context, tx store.Tx) error { _, err := tx.Models().Get(ctx, v.model.ID); return err },
		"change model":      func(ctx context.Context, tx store.Tx) error { return tx.Models().Put(ctx, &stolen) },
		"weights":           func(ctx context.Context, tx store.Tx) error { _, err := tx.Models().Weights(ctx, v.model); return err },
		"champion": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Models().Champion(ctx, v.model.Name, v.vehicle.ID)
			return err
		},
		"child of its model": func(ctx context.Context, tx store.Tx) error {
			return tx.Models().Add(ctx, &fleet.Model{Name: "x", Parent: &v.model.ID}, []byte("x"))
		},
		"model of it": func(ctx context.Context, tx store.Tx) error {
			return tx.Models().Add(ctx, &fleet.Model{Name: "x", VehicleID: &v.vehicle.ID}, []byte("x"))
		},
		"delete model": func(ctx context.Context, tx store.Tx) error { return tx.Models().Delete(ctx, v.model.ID) },
		"get outcome": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Outcomes().Get(ctx, v.outcome.ID)
			return err
		},
		"change outcome": func(ctx context.Context, tx store.Tx) error { return tx.Outcomes().Put(ctx, &labelled) },
		"delete outcome": func(ctx context.Context, tx store.Tx) error { return tx.Outcomes().Delete(ctx, v.outcome.ID) },
		"outcome of its prediction": func(ctx context.Context, tx store.Tx) error {
			mine := fleet.Vehicle{}
			if err := tx.Vehicles().Put(ctx, &mine); err != nil {
				return err
			}
			return tx.Outcomes().Put(ctx, &fleet.Outcome{VehicleID: mine.ID, Topic: fleet.TopicBrake, Part: "x", Finding: fleet.FoundWorn, PredictionID: &v.said[0].ID})
		},
	}
}

// insightLooks are those at predictions, models and outcomes.
func (v victim) insightLooks(ctx context.Context, tx store.Tx) map[string]func() (int, error) {
	return map[string]func() (int, error){
		"predictions": func() (int, error) {
			l, err := tx.Predictions().List(ctx, store.PredictionFilter{}, store.Page{})
			return len(l.Items), err
		},
		"latest predictions": func() (int, error) { l, err := tx.Predictions().Latest(ctx, v.vehicle.ID); return len(l), err },
		"prediction find": func() (int, error) {
			l, err := tx.Predictions().Find(ctx, v.said[0].ID.String())
			return len(l), err
		},
		"models":     func() (int, error) { l, err := tx.Models().List(ctx, "", store.Page{}); return len(l.Items), err },
		"model find": func() (int, error) { l, err := tx.Models().Find(ctx, "secret"); return len(l), err },
		"outcomes": func() (int, error) {
			l, err := tx.Outcomes().List(ctx, uuid.Nil, store.Page{})
			return len(l.Items), err
		},
	}
}
