package sqlstore

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

const orderColumns = `id, vehicle_id, customer_id, number, title, state, opened, closed, before_scan, after_scan, prediction_id, created, updated, rev, deleted`

func scanOrder(r scanner) (o fleet.WorkOrder, err error) {
	return o, r.Scan(blob{&o.ID}, blob{&o.VehicleID}, maybeBlob{&o.CustomerID}, &o.Number, &o.Title, &o.State, instant{&o.Opened}, maybeInstant{&o.Closed},
		maybeBlob{&o.Before}, maybeBlob{&o.After}, maybeBlob{&o.PredictionID}, instant{&o.Created}, instant{&o.Updated}, &o.Rev, maybeInstant{&o.Deleted})
}

func (t orders) Put(ctx context.Context, o *fleet.WorkOrder) error {
	v, err := vehicles(t).Get(ctx, o.VehicleID)
	if err != nil {
		return err
	}
	switch o.State {
	case "":
		o.State = fleet.OrderOpen
	case fleet.OrderOpen, fleet.OrderWaiting, fleet.OrderDone, fleet.OrderCancelled:
	default:
		return errs.New(errs.Usage, "save order: state %q is not known", o.State).WithHint("use open, waiting, done or cancelled")
	}
	o.VehicleID = v.ID
	if o.Opened.IsZero() {
		o.Opened = t.now
	}
	for _, link := range []struct {
		table, noun string
		id          *uuid.UUID
	}{{"customers", "customer", o.CustomerID}, {"scans", "scan", o.Before}, {"scans", "scan", o.After}, {"predictions", "prediction", o.PredictionID}} {
		if err := t.known(ctx, link.table, link.noun, link.id); err != nil {
			return err
		}
	}
	if err := t.begin(ctx, "orders", "order", &o.Mark); err != nil {
		return err
	}
	err = t.exec(ctx, `INSERT INTO orders (tenant_id, id, vehicle_id, customer_id, number, title, state, opened, closed, before_scan, after_scan, prediction_id, created, updated, rev)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, id) DO UPDATE SET vehicle_id = excluded.vehicle_id, customer_id = excluded.customer_id, number = excluded.number, title = excluded.title,
		state = excluded.state, opened = excluded.opened, closed = excluded.closed, before_scan = excluded.before_scan, after_scan = excluded.after_scan,
		prediction_id = excluded.prediction_id, updated = excluded.updated, rev = excluded.rev`,
		t.tenant[:], o.ID[:], o.VehicleID[:], keyOf(o.CustomerID), o.Number, o.Title, string(o.State), stamp(o.Opened), orNull(o.Closed), keyOf(o.Before), keyOf(o.After), keyOf(o.PredictionID),
		stamp(o.Created), stamp(o.Updated), o.Rev)
	if err != nil {
		return err
	}
	if err := t.index(ctx, entry{kind: "order", id: o.ID, vehicle: o.VehicleID, at: o.Opened, title: strings.TrimSpace(o.Number + " " + o.Title), state: string(o.State)}); err != nil {
		return err
	}
	return t.changed(ctx, "order", o.ID, "put")
}

func (t orders) Get(ctx context.Context, id uuid.UUID) (fleet.WorkOrder, error) {
	return one(ctx, t.tx, "order", `SELECT `+orderColumns+` FROM orders WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, scanOrder)
}

func (t orders) Find(ctx context.Context, words string) ([]fleet.WorkOrder, error) {
	if id, err := uuid.Parse(words); err == nil {
		o, err := t.Get(ctx, id)
		if isMissing(err) {
			return nil, nil
		}
		return []fleet.WorkOrder{o}, err
	}
	like := escapeLike(words)
	return collect(ctx, t.tx, `SELECT `+orderColumns+` FROM orders WHERE tenant_id = ? AND deleted IS NULL
		AND (number = ? COLLATE NOCASE OR title LIKE ? ESCAPE '\' OR lower(hex(id)) LIKE ? ESCAPE '\') ORDER BY opened DESC, id DESC LIMIT 20`,
		[]any{t.tenant[:], words, "%" + like + "%", strings.ReplaceAll(strings.ToLower(like), "-", "") + "%"}, scanOrder)
}

func (t orders) List(ctx context.Context, vehicle uuid.UUID, state fleet.OrderState, p store.Page) (store.List[fleet.WorkOrder], error) {
	from, err := after(p, far)
	if err != nil {
		return store.List[fleet.WorkOrder]{}, err
	}
	query, args := `SELECT `+orderColumns+` FROM orders WHERE tenant_id = ? AND deleted IS NULL AND (opened, id) < (?, ?)`, []any{t.tenant[:], from.at, from.id[:]}
	if vehicle != uuid.Nil {
		id, err := t.resolve(ctx, vehicle)
		if err != nil {
			return store.List[fleet.WorkOrder]{}, err
		}
		query, args = query+` AND vehicle_id = ?`, append(args, id[:])
	}
	if state != "" {
		query, args = query+` AND state = ?`, append(args, string(state))
	}
	items, err := collect(ctx, t.tx, query+` ORDER BY opened DESC, id DESC LIMIT ?`, append(args, p.Size()+1), scanOrder)
	return list(items, p.Size(), func(o fleet.WorkOrder) cursor { return cursor{stamp(o.Opened), o.ID} }), err
}

func (t orders) Delete(ctx context.Context, id uuid.UUID) error {
	return t.hide(ctx, "orders", "order", id)
}
