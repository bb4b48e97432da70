package sqlstore

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

const noteColumns = `id, vehicle_id, scan_id, order_id, text, created, updated, rev, deleted`

func scanNote(r scanner) (n fleet.Note, err error) {
	return n, r.Scan(blob{&n.ID}, maybeBlob{&n.VehicleID}, maybeBlob{&n.ScanID}, maybeBlob{&n.OrderID}, &n.Text, instant{&n.Created}, instant{&n.Updated}, &n.Rev, maybeInstant{&n.Deleted})
}

func (t notes) Put(ctx context.Context, n *fleet.Note) error {
	if strings.TrimSpace(n.Text) == "" {
		return errs.New(errs.Usage, "save note: it is empty")
	}
	if err := t.belongs(ctx, &n.Subject); err != nil {
		return err
	}
	if err := t.begin(ctx, "notes", "note", &n.Mark); err != nil {
		return err
	}
	err := t.exec(ctx, `INSERT INTO notes (tenant_id, id, vehicle_id, scan_id, order_id, text, created, updated, rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, id) DO UPDATE SET vehicle_id = excluded.vehicle_id, scan_id = excluded.scan_id, order_id = excluded.order_id, text = excluded.text,
		updated = excluded.updated, rev = excluded.rev`,
		t.tenant[:], n.ID[:], keyOf(n.VehicleID), keyOf(n.ScanID), keyOf(n.OrderID), n.Text, stamp(n.Created), stamp(n.Updated), n.Rev)
	if err != nil {
		return err
	}
	title, _, _ := strings.Cut(n.Text, "\n")
	if err := t.index(ctx, entry{kind: "note", id: n.ID, vehicle: orNil(n.VehicleID), at: n.Created, title: title, body: n.Text}); err != nil {
		return err
	}
	return t.changed(ctx, "note", n.ID, "put")
}

// belongs checks that what a note or file belongs to is there and this tenant's, and fills in the vehicle of a scan or order.
func (t *tx) belongs(ctx context.Context, s *fleet.Subject) error {
	if s.ScanID != nil {
		i, err := scans{t}.info(ctx, *s.ScanID)
		if err != nil {
			return err
		}
		s.VehicleID = &i.VehicleID
	}
	if s.OrderID != nil {
		o, err := orders{t}.Get(ctx, *s.OrderID)
		if err != nil {
			return err
		}
		s.VehicleID = &o.VehicleID
	}
	if s.VehicleID == nil {
		return nil
	}
	v, err := vehicles{t}.Get(ctx, *s.VehicleID)
	s.VehicleID = &v.ID
	return err
}

func orNil(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

func (t notes) Get(ctx context.Context, id uuid.UUID) (fleet.Note, error) {
	return one(ctx, t.tx, "note", `SELECT `+noteColumns+` FROM notes WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, scanNote)
}

func (t notes) List(ctx context.Context, about fleet.Subject, p store.Page) (store.List[fleet.Note], error) {
	return subjectList(ctx, t.tx, `SELECT `+noteColumns+` FROM notes`, about, p, scanNote, func(n fleet.Note) uuid.UUID { return n.ID })
}

// subjectList lists what belongs to a subject, newest first: UUIDv7 ids are in order of time.
func subjectList[T any](ctx context.Context, t *tx, query string, about fleet.Subject, p store.Page, scan func(scanner) (T, error), id func(T) uuid.UUID) (store.List[T], error) {
	from, err := after(p, far)
	if err != nil {
		return store.List[T]{}, err
	}
	query, args := query+` WHERE tenant_id = ? AND deleted IS NULL AND id < ?`, []any{t.tenant[:], from.id[:]}
	for column, subject := range map[string]*uuid.UUID{"vehicle_id": about.VehicleID, "scan_id": about.ScanID, "order_id": about.OrderID} {
		if subject == nil {
			continue
		}
		k := *subject
		if column == "vehicle_id" {
			if k, err = t.resolve(ctx, k); err != nil {
				return store.List[T]{}, err
			}
		}
		query, args = query+` AND `+column+` = ?`, append(args, k[:])
	}
	items, err := collect(ctx, t, query+` ORDER BY id DESC LIMIT ?`, append(args, p.Size()+1), scan)
	return list(items, p.Size(), func(item T) cursor { return cursor{id: id(item)} }), err
}

func (t notes) Delete(ctx context.Context, id uuid.UUID) error {
	return t.hide(ctx, "notes", "note", id)
}
