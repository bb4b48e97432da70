package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	lang "github.com/fleetms/obdctl/internal/search"
	"github.com/fleetms/obdctl/internal/store"
)

// victim is one of everything.
type victim struct {
	vehicle  fleet.Vehicle
	scan     fleet.ScanInfo
	trip     fleet.Trip
	note     fleet.Note
	customer fleet.Customer
	order    fleet.WorkOrder
	file     fleet.File
	said     []fleet.Prediction
	model    fleet.Model
	outcome  fleet.Outcome
}

func furnish(t *testing.T, tenant store.Tenant) (v victim) {
	t.Helper()
	v.vehicle = car(t, tenant, fleet.Vehicle{VIN: accord, Label: "secret"})
	v.scan = save(t, tenant, diagnosis(accord, morning, code("P0301", obd.Stored, "secret misfire")), v.vehicle.ID)
	keep(t, tenant, v.vehicle.ID, at(0, "RPM", 800))
	v.trip = fleet.Trip{ID: newID(), Start: morning, End: morning.Add(time.Hour)}
	v.note = fleet.Note{Text: "secret", Subject: fleet.Subject{VehicleID: &v.vehicle.ID}}
	v.customer = fleet.Customer{Name: "secret"}
	v.order = fleet.WorkOrder{VehicleID: v.vehicle.ID, Title: "secret", Number: "secret", State: fleet.OrderOpen, Opened: morning}
	v.file = fleet.File{Name: "secret", Kind: "other", Subject: fleet.Subject{VehicleID: &v.vehicle.ID}}
	v.said = []fleet.Prediction{saying(fleet.TopicBrake, "secret", fleet.UrgencySoon, morning)}
	v.model = trained("secret", &v.vehicle.ID, morning)
	v.model.State = fleet.Champion
	v.outcome = fleet.Outcome{VehicleID: v.vehicle.ID, Topic: fleet.TopicBrake, Part: "secret", Finding: fleet.FoundWorn}
	update(t, tenant, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.Predictions().Add(ctx, v.vehicle.ID, v.said), tx.Models().Add(ctx, &v.model, []byte("secret")), tx.Outcomes().Put(ctx, &v.outcome))
	})
	update(t, tenant, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Imports().Begin(ctx, &fleet.Import{Key: "secret"})
		return errors.Join(err, tx.Trips().Replace(ctx, v.vehicle.ID, morning, morning.Add(time.Hour), []fleet.Trip{v.trip}), tx.Notes().Put(ctx, &v.note),
			tx.Customers().Put(ctx, &v.customer), tx.Orders().Put(ctx, &v.order), tx.Files().Put(ctx, &v.file, bytes.NewReader([]byte("secret"))),
			tx.Cards().Put(ctx, "secret", json.RawMessage("{}")))
	})
	return v
}

// tenants attacks one tenant's things from another one with their true ids.
func tenants(t *testing.T, e Engine) {
	owner, thief := local(t, e), named(t, e, e.AddTenant(t))
	v := furnish(t, owner)
	all := v.attacks()
	maps.Copy(all, v.shopAttacks())
	maps.Copy(all, v.insightAttacks())
	for what, attack := range all {
		if err := thief.Update(t.Context(), func(tx store.Tx) error { return attack(t.Context(), tx) }); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: got %v, want %v", what, err, store.ErrNotFound)
		}
	}
	view(t, thief, func(ctx context.Context, tx store.Tx) error {
		for what, n := range v.looks(t, ctx, tx) {
			if n != 0 {
				t.Errorf("%s shows %d of another tenant", what, n)
			}
		}
		return nil
	})
	furnish(t, thief) // the same VIN, content key and identity are no conflict between two tenants
	view(t, owner, func(ctx context.Context, tx store.Tx) error {
		for what, n := range v.looks(t, ctx, tx) {
			if n != 1 {
				t.Errorf("%s shows the owner %d", what, n)
			}
		}
		return nil
	})
	if _, err := e.For(t.Context(), uuid.NewString()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown tenant: %v", err)
	}
}

// attacks are all methods that take an id; each must say that there is no such thing.
func (v victim) attacks() map[string]func(context.Context, store.Tx) error {
	id := v.vehicle.ID
	stolen := v.vehicle
	return map[string]func(context.Context, store.Tx) error{
		"get vehicle":    func(ctx context.Context, tx store.Tx) error { _, err := tx.Vehicles().Get(ctx, id); return err },
		"change vehicle": func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Put(ctx, &stolen) },
		"delete vehicle": func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Delete(ctx, id) },
		"merge from": func(ctx context.Context, tx store.Tx) error {
			mine := fleet.Vehicle{}
			return errors.Join(tx.Vehicles().Put(ctx, &mine), tx.Vehicles().Merge(ctx, id, mine.ID))
		},
		"merge into": func(ctx context.Context, tx store.Tx) error {
			mine := fleet.Vehicle{}
			return errors.Join(tx.Vehicles().Put(ctx, &mine), tx.Vehicles().Merge(ctx, mine.ID, id))
		},
		"scan under vehicle": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Scans().Put(ctx, diagnosis("", morning), id, "")
			return err
		},
		"get scan":    func(ctx context.Context, tx store.Tx) error { _, err := tx.Scans().Get(ctx, v.scan.ID); return err },
		"delete scan": func(ctx context.Context, tx store.Tx) error { return tx.Scans().Delete(ctx, v.scan.ID) },
		"add readings": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Readings().Add(ctx, id, []obd.Reading{at(1, "RPM", 1)})
			return err
		},
		"replace trips": func(ctx context.Context, tx store.Tx) error {
			return tx.Trips().Replace(ctx, id, morning, morning.Add(time.Hour), nil)
		},
		"get trip":    func(ctx context.Context, tx store.Tx) error { _, err := tx.Trips().Get(ctx, v.trip.ID); return err },
		"get note":    func(ctx context.Context, tx store.Tx) error { _, err := tx.Notes().Get(ctx, v.note.ID); return err },
		"delete note": func(ctx context.Context, tx store.Tx) error { return tx.Notes().Delete(ctx, v.note.ID) },
	}
}

// shopAttacks are those on what a shop writes.
func (v victim) shopAttacks() map[string]func(context.Context, store.Tx) error {
	id := v.vehicle.ID
	about := fleet.Subject{VehicleID: &id}
	return map[string]func(context.Context, store.Tx) error{
		"note on it": func(ctx context.Context, tx store.Tx) error {
			return tx.Notes().Put(ctx, &fleet.Note{Text: "x", Subject: about})
		},
		"get customer": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Customers().Get(ctx, v.customer.ID)
			return err
		},
		"delete customer": func(ctx context.Context, tx store.Tx) error { return tx.Customers().Delete(ctx, v.customer.ID) },
		"car of a customer": func(ctx context.Context, tx store.Tx) error {
			return tx.Vehicles().Put(ctx, &fleet.Vehicle{CustomerID: &v.customer.ID})
		},
		"order for it": func(ctx context.Context, tx store.Tx) error {
			return tx.Orders().Put(ctx, &fleet.WorkOrder{VehicleID: id, Title: "x", State: fleet.OrderOpen, Opened: morning})
		},
		"order after scan": func(ctx context.Context, tx store.Tx) error {
			mine := fleet.Vehicle{}
			return errors.Join(tx.Vehicles().Put(ctx, &mine), tx.Orders().Put(ctx, &fleet.WorkOrder{VehicleID: mine.ID, Title: "x", State: fleet.OrderOpen, Opened: morning, After: &v.scan.ID}))
		},
		"get order":    func(ctx context.Context, tx store.Tx) error { _, err := tx.Orders().Get(ctx, v.order.ID); return err },
		"delete order": func(ctx context.Context, tx store.Tx) error { return tx.Orders().Delete(ctx, v.order.ID) },
		"file on it": func(ctx context.Context, tx store.Tx) error {
			return tx.Files().Put(ctx, &fleet.File{Name: "x", Kind: "other", Subject: about}, bytes.NewReader(nil))
		},
		"get file": func(ctx context.Context, tx store.Tx) error { _, err := tx.Files().Get(ctx, v.file.ID); return err },
		"open file": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Files().Open(ctx, v.file.SHA256)
			return err
		},
		"delete file": func(ctx context.Context, tx store.Tx) error { return tx.Files().Delete(ctx, v.file.ID) },
		"get card":    func(ctx context.Context, tx store.Tx) error { _, err := tx.Cards().Get(ctx, "secret"); return err },
	}
}

// looks are all lists and finds, with how much of the victim each shows.
func (v victim) looks(t *testing.T, ctx context.Context, tx store.Tx) map[string]int {
	id := v.vehicle.ID
	all := v.shopLooks(ctx, tx)
	maps.Copy(all, v.insightLooks(ctx, tx))
	maps.Copy(all, map[string]func() (int, error){
		"vehicle list":  func() (int, error) { l, err := tx.Vehicles().List(ctx, store.Page{}); return len(l.Items), err },
		"vehicle find":  func() (int, error) { l, err := tx.Vehicles().Find(ctx, accord); return len(l), err },
		"vehicle by id": func() (int, error) { l, err := tx.Vehicles().Find(ctx, id.String()); return len(l), err },
		"scan list": func() (int, error) {
			l, err := tx.Scans().List(ctx, store.ScanFilter{}, store.Page{})
			return len(l.Items), err
		},
		"scans of it": func() (int, error) {
			l, err := tx.Scans().List(ctx, store.ScanFilter{VehicleID: id}, store.Page{})
			return len(l.Items), err
		},
		"scan find": func() (int, error) { l, err := tx.Scans().Find(ctx, v.scan.ID.String(), uuid.Nil); return len(l), err },
		"codes": func() (int, error) {
			l, err := tx.Codes().History(ctx, uuid.Nil, "", store.Page{})
			return len(l.Items), err
		},
		"codes of it": func() (int, error) { l, err := tx.Codes().History(ctx, id, "", store.Page{}); return len(l.Items), err },
		"series":      func() (int, error) { l, err := tx.Readings().Series(ctx, id); return len(l), err },
		"readings":    func() (int, error) { return len(read(t, ctx, tx, store.Span{VehicleID: id})), nil },
		"plot": func() (int, error) {
			b, err := tx.Readings().Plot(ctx, store.Span{VehicleID: id, From: morning, Until: morning.Add(time.Hour)}, 1)
			return int(b[0].Count), err
		},
		"trips": func() (int, error) {
			l, err := tx.Trips().List(ctx, uuid.Nil, time.Time{}, time.Time{}, store.Page{})
			return len(l.Items), err
		},
	})
	found := map[string]int{}
	for what, look := range all {
		n, err := look()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		found[what] = n
	}
	return found
}

// shopLooks are those at what a shop writes.
func (v victim) shopLooks(ctx context.Context, tx store.Tx) map[string]func() (int, error) {
	return map[string]func() (int, error){
		"notes": func() (int, error) {
			l, err := tx.Notes().List(ctx, fleet.Subject{}, store.Page{})
			return len(l.Items), err
		},
		"notes of it": func() (int, error) {
			l, err := tx.Notes().List(ctx, v.note.Subject, store.Page{})
			return len(l.Items), err
		},
		"customers":     func() (int, error) { l, err := tx.Customers().List(ctx, store.Page{}); return len(l.Items), err },
		"customer find": func() (int, error) { l, err := tx.Customers().Find(ctx, "secret"); return len(l), err },
		"orders": func() (int, error) {
			l, err := tx.Orders().List(ctx, uuid.Nil, "", store.Page{})
			return len(l.Items), err
		},
		"order find": func() (int, error) { l, err := tx.Orders().Find(ctx, "secret"); return len(l), err },
		"files": func() (int, error) {
			l, err := tx.Files().List(ctx, fleet.Subject{}, store.Page{})
			return len(l.Items), err
		},
		"cards":   func() (int, error) { l, err := tx.Cards().List(ctx); return len(l), err },
		"imports": func() (int, error) { l, err := tx.Imports().List(ctx, store.Page{}); return len(l.Items), err },
		"search": func() (int, error) {
			l, err := tx.Search().Find(ctx, lang.Query{Filters: []lang.Filter{{Field: lang.FieldKind, Value: "scan"}}}, store.Page{})
			return len(l.Items), err
		},
		"search by word": func() (int, error) {
			l, err := tx.Search().Find(ctx, lang.Query{Words: []lang.Word{{Text: "misfire"}}}, store.Page{})
			return len(l.Items), err
		},
	}
}
