package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func notes(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	s := save(t, tenant, diagnosis("", morning), v.ID)
	about := []fleet.Subject{{VehicleID: &v.ID}, {ScanID: &s.ID}, {}}
	list := make([]fleet.Note, len(about))
	for i := range list {
		list[i] = fleet.Note{Text: "brakes squeak", Subject: about[i]}
		update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Notes().Put(ctx, &list[i]) })
	}
	older := list[2]
	list[2].Text = "brakes done"
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Notes().Put(ctx, &list[2]) })
	fails(t, tenant, "a change over an older revision", store.ErrConflict, func(ctx context.Context, tx store.Tx) error { return tx.Notes().Put(ctx, &older) })
	nobody := newID()
	fails(t, tenant, "a note on nothing", store.ErrNotFound, func(ctx context.Context, tx store.Tx) error {
		return tx.Notes().Put(ctx, &fleet.Note{Text: "x", Subject: fleet.Subject{VehicleID: &nobody}})
	})
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		all := pages(t, 2, func(p store.Page) (store.List[fleet.Note], error) { return tx.Notes().List(ctx, fleet.Subject{}, p) })
		if len(all) != 3 || all[0].Text != "brakes done" || all[0].Rev != 2 {
			t.Errorf("notes: %+v", all)
		}
		if l, err := tx.Notes().List(ctx, fleet.Subject{ScanID: &s.ID}, store.Page{}); err != nil || len(l.Items) != 1 {
			t.Errorf("of a scan: %+v, %v", l, err)
		}
		return nil
	})
	gone(t, tenant, "note", list[0].ID, func(tx store.Tx) deleter { return tx.Notes() }, func(ctx context.Context, tx store.Tx, id uuid.UUID) error {
		_, err := tx.Notes().Get(ctx, id)
		return err
	})
}

type deleter interface {
	Delete(context.Context, uuid.UUID) error
}

// gone deletes a thing; after that it is not found, nor deleted twice.
func gone(t *testing.T, tenant store.Tenant, noun string, id uuid.UUID, of func(store.Tx) deleter, get func(context.Context, store.Tx, uuid.UUID) error) {
	t.Helper()
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return of(tx).Delete(ctx, id) })
	fails(t, tenant, "deleted "+noun, store.ErrNotFound, func(ctx context.Context, tx store.Tx) error { return get(ctx, tx, id) })
	fails(t, tenant, noun+" deleted twice", store.ErrNotFound, func(ctx context.Context, tx store.Tx) error { return of(tx).Delete(ctx, id) })
}

func customers(t *testing.T, e Engine) {
	tenant := local(t, e)
	var list []fleet.Customer
	for _, name := range []string{"Zoe Öz", "Ann 100% Co", "Bob"} {
		c := fleet.Customer{Name: name, Phone: "555 0100"}
		update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Customers().Put(ctx, &c) })
		list = append(list, c)
	}
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		all := pages(t, 1, func(p store.Page) (store.List[fleet.Customer], error) { return tx.Customers().List(ctx, p) })
		if len(all) != 3 || all[0].Name != "Ann 100% Co" || all[2].Name != "Zoe Öz" {
			t.Errorf("by name: %+v", all)
		}
		for words, want := range map[string]int{"0% c": 1, "bob": 1, "555": 3, "nobody": 0} {
			if found, err := tx.Customers().Find(ctx, words); err != nil || len(found) != want {
				t.Errorf("find %q: %d, %v", words, len(found), err)
			}
		}
		return nil
	})
	gone(t, tenant, "customer", list[0].ID, func(tx store.Tx) deleter { return tx.Customers() }, func(ctx context.Context, tx store.Tx, id uuid.UUID) error {
		_, err := tx.Customers().Get(ctx, id)
		return err
	})
}

func workOrders(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	before := save(t, tenant, diagnosis("", morning), v.ID).ID
	var list []fleet.WorkOrder
	for _, state := range []fleet.OrderState{fleet.OrderOpen, fleet.OrderDone} {
		o := fleet.WorkOrder{VehicleID: v.ID, Number: "2026-" + string(state), Title: "replace catalyst", State: state, Opened: morning, Before: &before}
		update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Orders().Put(ctx, &o) })
		list = append(list, o)
	}
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		if got, err := tx.Orders().Get(ctx, list[0].ID); err != nil || got.Before == nil || *got.Before != before || got.Title != "replace catalyst" || !got.Opened.Equal(morning) {
			t.Errorf("%+v, %v", got, err)
		}
		if l, err := tx.Orders().List(ctx, v.ID, fleet.OrderDone, store.Page{}); err != nil || len(l.Items) != 1 {
			t.Errorf("done: %+v, %v", l, err)
		}
		if all := pages(t, 1, func(p store.Page) (store.List[fleet.WorkOrder], error) { return tx.Orders().List(ctx, uuid.Nil, "", p) }); len(all) != 2 {
			t.Errorf("all: %+v", all)
		}
		if found, err := tx.Orders().Find(ctx, "2026-open"); err != nil || len(found) != 1 {
			t.Errorf("by number: %+v, %v", found, err)
		}
		return nil
	})
	gone(t, tenant, "order", list[0].ID, func(tx store.Tx) deleter { return tx.Orders() }, func(ctx context.Context, tx store.Tx, id uuid.UUID) error {
		_, err := tx.Orders().Get(ctx, id)
		return err
	})
}

func files(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{})
	for name, content := range map[string][]byte{"empty": {}, "text": bytes.Repeat([]byte("41 0C 0C 80\r"), 60_000), "noise": noise(700_001)} {
		f := fleet.File{Subject: fleet.Subject{VehicleID: &v.ID}, Name: name, Type: "application/octet-stream", Kind: "other"}
		twin := f
		put := func(f *fleet.File) {
			t.Helper()
			update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Files().Put(ctx, f, bytes.NewReader(content)) })
		}
		put(&f)
		put(&twin)
		if f.Size != int64(len(content)) || twin.ID != f.ID {
			t.Errorf("%s: %+v and again %+v", name, f, twin)
		}
		other := fleet.File{Name: "the same elsewhere", Kind: "other"}
		put(&other)
		remove := func(id uuid.UUID) {
			update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Files().Delete(ctx, id) })
		}
		remove(f.ID)
		view(t, tenant, func(ctx context.Context, tx store.Tx) error {
			r, err := tx.Files().Open(ctx, f.SHA256)
			if err != nil {
				t.Fatalf("%s is still there for the other entry: %v", name, err)
			}
			defer r.Close()
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%s: %d bytes, %v", name, len(got), err)
			}
			return nil
		})
		remove(other.ID)
		view(t, tenant, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.Files().Open(ctx, f.SHA256); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s went with its last entry: %v", name, err)
			}
			return nil
		})
	}
}

// noise cannot be compressed.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

func rest(t *testing.T, e Engine) {
	tenant := local(t, e)
	for _, card := range []string{`{"rate":12}`, `{"rate":15}`} {
		update(t, tenant, func(ctx context.Context, tx store.Tx) error {
			return tx.Cards().Put(ctx, "ELM327 v1.5", json.RawMessage(card))
		})
	}
	first := fleet.Import{Key: "ab12", Name: "log.csv", Format: "torque"}
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { _, err := tx.Imports().Begin(ctx, &first); return err })
	fails(t, tenant, "the same content again", store.ErrExists, func(ctx context.Context, tx store.Tx) error {
		have, err := tx.Imports().Begin(ctx, &fleet.Import{Key: "ab12", Name: "copy of log.csv"})
		if have.ID != first.ID || have.Name != "log.csv" {
			t.Errorf("the import that is there: %+v", have)
		}
		return err
	})
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		if card, err := tx.Cards().Get(ctx, "ELM327 v1.5"); err != nil || string(card) != `{"rate":15}` {
			t.Errorf("%s, %v", card, err)
		}
		if _, err := tx.Cards().Get(ctx, "another"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an unknown adapter: %v", err)
		}
		if l, err := tx.Imports().List(ctx, store.Page{}); err != nil || len(l.Items) != 1 || l.Items[0].ID != first.ID || l.Items[0].At.IsZero() {
			t.Errorf("%+v, %v", l, err)
		}
		return nil
	})
}
