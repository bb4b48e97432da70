package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

const outcomeColumns = `document, id, vehicle_id, created, updated, rev`

func scanOutcome(r scanner) (o fleet.Outcome, err error) {
	var document string
	var m fleet.Mark
	var vehicle uuid.UUID
	if err := r.Scan(&document, blob{&m.ID}, blob{&vehicle}, instant{&m.Created}, instant{&m.Updated}, &m.Rev); err != nil {
		return o, err
	}
	err = json.Unmarshal([]byte(document), &o)
	o.Mark, o.VehicleID = m, vehicle // a merge moves the row, not its document
	return o, err
}

func (t outcomes) Put(ctx context.Context, o *fleet.Outcome) error {
	if err := t.check(ctx, o); err != nil {
		return err
	}
	if err := t.begin(ctx, "outcomes", "outcome", &o.Mark); err != nil {
		return err
	}
	document, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("save outcome: %w", err)
	}
	err = t.exec(ctx, `INSERT INTO outcomes (tenant_id, id, vehicle_id, order_id, prediction_id, at, topic, document, created, updated, rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, id) DO UPDATE SET vehicle_id = excluded.vehicle_id, order_id = excluded.order_id, prediction_id = excluded.prediction_id, at = excluded.at,
		topic = excluded.topic, document = excluded.document, updated = excluded.updated, rev = excluded.rev`,
		t.tenant[:], o.ID[:], o.VehicleID[:], keyOf(o.OrderID), keyOf(o.PredictionID), stamp(o.At), string(o.Topic), string(document), stamp(o.Created), stamp(o.Updated), o.Rev)
	if err != nil {
		return err
	}
	title := o.Part + " " + string(o.Finding)
	if err := t.index(ctx, entry{kind: "outcome", id: o.ID, vehicle: o.VehicleID, at: o.At, title: title, body: strings.Join([]string{string(o.Topic), title, o.Note}, " ")}); err != nil {
		return err
	}
	return t.changed(ctx, "outcome", o.ID, "put")
}

// check refuses what would be no label, and links to what is not there.
func (t outcomes) check(ctx context.Context, o *fleet.Outcome) error {
	switch {
	case !slices.Contains(fleet.Topics(), o.Topic):
		return errs.New(errs.Usage, "save outcome: topic %q is not known", o.Topic).WithHint("use one of: %s", words(fleet.Topics()))
	case !slices.Contains(fleet.Findings(), o.Finding):
		return errs.New(errs.Usage, "save outcome: finding %q is not known", o.Finding).WithHint("use one of: %s", words(fleet.Findings()))
	case strings.TrimSpace(o.Part) == "":
		return errs.New(errs.Usage, "save outcome: the part is missing").WithHint("name what was looked at, such as thermostat")
	}
	v, err := vehicles(t).Get(ctx, o.VehicleID)
	if err != nil {
		return err
	}
	o.VehicleID = v.ID
	if o.At.IsZero() {
		o.At = t.now
	}
	o.At = obd.Stamp(o.At)
	if err := t.known(ctx, "orders", "order", o.OrderID); err != nil {
		return err
	}
	return t.known(ctx, "predictions", "prediction", o.PredictionID)
}

// words lists choices.
func words[T ~string](all []T) string {
	var b []string
	for _, w := range all {
		b = append(b, string(w))
	}
	return strings.Join(b, ", ")
}

func (t outcomes) Get(ctx context.Context, id uuid.UUID) (fleet.Outcome, error) {
	return one(ctx, t.tx, "outcome", `SELECT `+outcomeColumns+` FROM outcomes WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, scanOutcome)
}

func (t outcomes) List(ctx context.Context, vehicle uuid.UUID, p store.Page) (store.List[fleet.Outcome], error) {
	from, err := after(p, far)
	if err != nil {
		return store.List[fleet.Outcome]{}, err
	}
	query, args := `SELECT `+outcomeColumns+` FROM outcomes WHERE tenant_id = ? AND deleted IS NULL AND (at, id) < (?, ?)`, []any{t.tenant[:], from.at, from.id[:]}
	if vehicle != uuid.Nil {
		id, err := t.resolve(ctx, vehicle)
		if err != nil {
			return store.List[fleet.Outcome]{}, err
		}
		query, args = query+` AND vehicle_id = ?`, append(args, id[:])
	}
	items, err := collect(ctx, t.tx, query+` ORDER BY at DESC, id DESC LIMIT ?`, append(args, p.Size()+1), scanOutcome)
	return list(items, p.Size(), func(o fleet.Outcome) cursor { return cursor{stamp(o.At), o.ID} }), err
}

func (t outcomes) Delete(ctx context.Context, id uuid.UUID) error {
	return t.hide(ctx, "outcomes", "outcome", id)
}
