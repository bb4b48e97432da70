package storetest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// saying is a prediction with everything that one may have.
func saying(topic fleet.Topic, part string, urgency fleet.Urgency, at time.Time) fleet.Prediction {
	value := 0.62
	return fleet.Prediction{
		At: at, Topic: topic, Part: part, Urgency: urgency, Claim: "The " + part + " is likely stuck open.", Quantity: "share of trips", Value: &value, Unit: "1",
		Interval: &fleet.Interval{Low: 0.4, High: 0.8, Level: 0.9}, Horizon: &fleet.Horizon{Value: 30, Unit: "d"},
		Reasons:     []fleet.Reason{{Signal: "ECT", Direction: "low", Contribution: 4.2, Text: "coolant 14 K below the model"}},
		LearnedFrom: "23 healthy trips", Looked: fleet.Looked{Trips: 3, From: at.Add(-time.Hour), Until: at},
		Model: fleet.ModelRef{Name: "engine-residuals", Version: 2, Hash: "ab"}, WouldChange: []string{"a new thermostat"}, Missing: []string{}, Marks: []string{fleet.MarkFewData},
		Proposal: &fleet.Proposal{What: "replace the thermostat", When: "within a month", Why: "it stays cold", Cost: "more fuel"},
	}
}

func predictions(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{Label: "van"})
	early, late := morning, morning.Add(24*time.Hour)
	runs := [][]fleet.Prediction{
		{saying(fleet.TopicEngine, "thermostat", fleet.UrgencySoon, early), saying(fleet.TopicEngine, "alternator", fleet.UrgencyNow, early), saying(fleet.TopicBrake, "front pads", fleet.UrgencyWatch, early)},
		{saying(fleet.TopicEngine, "thermostat", fleet.UrgencyNone, late)},
	}
	for i := range runs {
		update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Predictions().Add(ctx, v.ID, runs[i]) })
	}
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Predictions().Get(ctx, runs[0][0].ID)
		if diff := cmp.Diff(runs[0][0], got); diff != "" || err != nil {
			t.Errorf("%s, %v", diff, err)
		}
		latest, err := tx.Predictions().Latest(ctx, v.ID)
		if err != nil || len(latest) != 2 || latest[0].Part != "front pads" || latest[1].ID != runs[1][0].ID {
			t.Errorf("the last run on each topic, most urgent first: %+v, %v", latest, err)
		}
		all := pages(t, 1, func(p store.Page) (store.List[fleet.Prediction], error) {
			return tx.Predictions().List(ctx, store.PredictionFilter{VehicleID: v.ID}, p)
		})
		if len(all) != 4 || all[0].ID != runs[1][0].ID {
			t.Errorf("newest first: %+v", all)
		}
		for f, want := range map[store.PredictionFilter]int{{Topic: fleet.TopicBrake}: 1, {Since: late}: 1, {Until: late}: 3, {VehicleID: newID()}: 0} {
			if l, err := tx.Predictions().List(ctx, f, store.Page{}); err != nil || len(l.Items) != want {
				t.Errorf("%+v: %d, %v", f, len(l.Items), err)
			}
		}
		if found, err := tx.Predictions().Find(ctx, runs[0][1].ID.String()); err != nil || len(found) != 1 {
			t.Errorf("by id: %+v, %v", found, err)
		}
		return nil
	})
	fails(t, tenant, "a prediction of nothing", store.ErrNotFound, func(ctx context.Context, tx store.Tx) error {
		return tx.Predictions().Add(ctx, newID(), []fleet.Prediction{saying(fleet.TopicBrake, "pads", fleet.UrgencyNone, early)})
	})
	ordered(t, tenant, v, runs[0][0].ID)
	gone(t, tenant, "prediction", runs[1][0].ID, func(tx store.Tx) deleter { return tx.Predictions() }, func(ctx context.Context, tx store.Tx, id uuid.UUID) error {
		_, err := tx.Predictions().Get(ctx, id)
		return err
	})
}

// ordered makes a work order of a prediction's proposal.
func ordered(t *testing.T, tenant store.Tenant, v fleet.Vehicle, prediction uuid.UUID) {
	t.Helper()
	o := fleet.WorkOrder{VehicleID: v.ID, Title: "replace the thermostat", PredictionID: &prediction}
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Orders().Put(ctx, &o) })
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		if got, err := tx.Orders().Get(ctx, o.ID); err != nil || got.PredictionID == nil || *got.PredictionID != prediction {
			t.Errorf("the order knows its prediction: %+v, %v", got, err)
		}
		return nil
	})
	nothing := newID()
	fails(t, tenant, "an order of no prediction", store.ErrNotFound, func(ctx context.Context, tx store.Tx) error {
		return tx.Orders().Put(ctx, &fleet.WorkOrder{VehicleID: v.ID, Title: "x", PredictionID: &nothing})
	})
}

func trained(name string, vehicle *uuid.UUID, at time.Time) fleet.Model {
	low := 0.88
	return fleet.Model{
		Name: name, VehicleID: vehicle, Algorithm: "ridge", Data: "23 trips", DataHash: "cd", Split: "every fourth trip frozen", Seed: 7, CodeVersion: "dev", Trained: at,
		Metrics: []fleet.Metric{{Name: "F1", Value: 0.91, Low: &low, On: "6 frozen trips", Better: "higher"}}, Limits: []string{"this vehicle only"},
	}
}

func models(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{Label: "van"})
	weights := [][]byte{[]byte("one"), noise(300_000), []byte("one")}
	var list []fleet.Model
	for i, vehicle := range []*uuid.UUID{&v.ID, &v.ID, nil} {
		m := trained("engine-residuals", vehicle, morning.Add(time.Duration(i)*time.Hour))
		update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Models().Add(ctx, &m, weights[i]) })
		list = append(list, m)
	}
	if list[0].Version != 1 || list[1].Version != 2 || list[2].Version != 1 || list[0].State != fleet.Challenger || list[0].Weights != list[2].Weights {
		t.Errorf("numbered by name and vehicle: %+v", list)
	}
	champions(t, tenant, v, list)
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		for i, m := range list {
			if got, err := tx.Models().Weights(ctx, m); err != nil || !bytes.Equal(got, weights[i]) {
				t.Errorf("weights of %s: %d bytes, %v", m.Title(), len(got), err)
			}
		}
		all := pages(t, 2, func(p store.Page) (store.List[fleet.Model], error) { return tx.Models().List(ctx, "", p) })
		if len(all) != 3 || all[0].ID != list[2].ID {
			t.Errorf("newest first: %+v", all)
		}
		for words, want := range map[string]int{"engine-residuals": 3, "engine-residuals 1": 2, "engine-residuals@2": 1, list[0].ID.String(): 1, "brake": 0} {
			if found, err := tx.Models().Find(ctx, words); err != nil || len(found) != want {
				t.Errorf("find %q: %d, %v", words, len(found), err)
			}
		}
		return nil
	})
	for _, size := range []int{0, store.MaxWeights + 1} {
		m := trained("x", nil, morning)
		if err := tenant.Update(t.Context(), func(tx store.Tx) error { return tx.Models().Add(t.Context(), &m, make([]byte, size)) }); err == nil {
			t.Errorf("weights of %d bytes are kept", size)
		}
	}
	gone(t, tenant, "model", list[0].ID, func(tx store.Tx) deleter { return tx.Models() }, func(ctx context.Context, tx store.Tx, id uuid.UUID) error {
		_, err := tx.Models().Get(ctx, id)
		return err
	})
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Models().Weights(ctx, list[2])
		return err // the same content is still another model's
	})
}

// champions promotes the first, then the second: the first one retires, and the one for all speaks for other vehicles only.
func champions(t *testing.T, tenant store.Tenant, v fleet.Vehicle, list []fleet.Model) {
	t.Helper()
	other := car(t, tenant, fleet.Vehicle{Label: "digger"})
	for i := range list {
		list[i].State = fleet.Champion
		update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Models().Put(ctx, &list[i]) })
	}
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		for vehicle, want := range map[uuid.UUID]uuid.UUID{v.ID: list[1].ID, other.ID: list[2].ID, uuid.Nil: list[2].ID} {
			if got, err := tx.Models().Champion(ctx, "engine-residuals", vehicle); err != nil || got.ID != want {
				t.Errorf("champion: %+v, %v", got, err)
			}
		}
		if got, err := tx.Models().Get(ctx, list[0].ID); err != nil || got.State != fleet.Retired {
			t.Errorf("the earlier champion: %+v, %v", got, err)
		}
		return nil
	})
	fails(t, tenant, "no champion of a name", store.ErrNotFound, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Models().Champion(ctx, "brake", v.ID)
		return err
	})
	fails(t, tenant, "a change over an older revision", store.ErrConflict, func(ctx context.Context, tx store.Tx) error { return tx.Models().Put(ctx, &list[0]) })
}

func outcomes(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	p := []fleet.Prediction{saying(fleet.TopicEngine, "thermostat", fleet.UrgencySoon, morning)}
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Predictions().Add(ctx, v.ID, p) })
	measured := 41.5
	list := []fleet.Outcome{
		{VehicleID: v.ID, At: morning, Topic: fleet.TopicEngine, Part: "thermostat", Finding: fleet.FoundFailed, Replaced: true, PredictionID: &p[0].ID},
		{VehicleID: v.ID, At: morning.Add(time.Hour), Topic: fleet.TopicBrake, Part: "front pads", Finding: fleet.FoundWorn, Measured: &measured, Unit: "%", Note: "even wear"},
	}
	for i := range list {
		update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Outcomes().Put(ctx, &list[i]) })
	}
	list[1].Note = "even wear, both sides"
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Outcomes().Put(ctx, &list[1]) })
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		got := pages(t, 1, func(p store.Page) (store.List[fleet.Outcome], error) { return tx.Outcomes().List(ctx, v.ID, p) })
		if diff := cmp.Diff([]fleet.Outcome{list[1], list[0]}, got); diff != "" {
			t.Error(diff)
		}
		return nil
	})
	for _, odd := range []fleet.Outcome{{Topic: "weather", Part: "x", Finding: fleet.FoundWorn}, {Topic: fleet.TopicBrake, Part: "x", Finding: "maybe"}, {Topic: fleet.TopicBrake, Finding: fleet.FoundWorn}} {
		odd.VehicleID = v.ID
		if err := tenant.Update(t.Context(), func(tx store.Tx) error { return tx.Outcomes().Put(t.Context(), &odd) }); err == nil {
			t.Errorf("kept: %+v", odd)
		}
	}
	gone(t, tenant, "outcome", list[0].ID, func(tx store.Tx) deleter { return tx.Outcomes() }, func(ctx context.Context, tx store.Tx, id uuid.UUID) error {
		_, err := tx.Outcomes().Get(ctx, id)
		return err
	})
}

// insightMoves merges two vehicles, both with a champion, and deletes what is left.
func insightMoves(t *testing.T, e Engine) {
	tenant := local(t, e)
	from, into := car(t, tenant, fleet.Vehicle{Label: "a"}), car(t, tenant, fleet.Vehicle{Label: "b"})
	var mine, theirs fleet.Model
	update(t, tenant, func(ctx context.Context, tx store.Tx) error {
		for m, v := range map[*fleet.Model]fleet.Vehicle{&mine: from, &theirs: into} {
			*m = trained("engine-residuals", &v.ID, morning)
			m.State = fleet.Champion
			if err := tx.Models().Add(ctx, m, []byte(v.Label)); err != nil {
				return err
			}
		}
		if err := tx.Predictions().Add(ctx, from.ID, []fleet.Prediction{saying(fleet.TopicBrake, "pads", fleet.UrgencySoon, morning)}); err != nil {
			return err
		}
		if err := tx.Outcomes().Put(ctx, &fleet.Outcome{VehicleID: from.ID, Topic: fleet.TopicBrake, Part: "pads", Finding: fleet.FoundWorn}); err != nil {
			return err
		}
		return tx.Vehicles().Merge(ctx, from.ID, into.ID)
	})
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		if p, err := tx.Predictions().Latest(ctx, from.ID); err != nil || len(p) != 1 || p[0].VehicleID != into.ID {
			t.Errorf("predictions: %+v, %v", p, err)
		}
		if o, err := tx.Outcomes().List(ctx, into.ID, store.Page{}); err != nil || len(o.Items) != 1 || o.Items[0].VehicleID != into.ID {
			t.Errorf("outcomes: %+v, %v", o, err)
		}
		if m, err := tx.Models().Champion(ctx, "engine-residuals", into.ID); err != nil || m.ID != theirs.ID {
			t.Errorf("champion: %+v, %v", m, err)
		}
		if m, err := tx.Models().Get(ctx, mine.ID); err != nil || m.State != fleet.Retired || m.Version != 2 || *m.VehicleID != into.ID {
			t.Errorf("the other one: %+v, %v", m, err)
		}
		return nil
	})
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Delete(ctx, into.ID) })
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Predictions().List(ctx, store.PredictionFilter{}, store.Page{})
		o, oerr := tx.Outcomes().List(ctx, uuid.Nil, store.Page{})
		m, merr := tx.Models().List(ctx, "", store.Page{})
		if err != nil || oerr != nil || merr != nil || len(p.Items)+len(o.Items)+len(m.Items) != 0 {
			t.Errorf("left behind: %d predictions, %d outcomes, %d models", len(p.Items), len(o.Items), len(m.Items))
		}
		return nil
	})
}
