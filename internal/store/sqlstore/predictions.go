package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

func scanPrediction(r scanner) (p fleet.Prediction, err error) {
	var document string
	var vehicle uuid.UUID
	if err := r.Scan(&document, blob{&vehicle}); err != nil {
		return p, err
	}
	err = json.Unmarshal([]byte(document), &p)
	p.VehicleID = vehicle // a merge moves the row, not its document
	return p, err
}

func (t predictions) Add(ctx context.Context, vehicle uuid.UUID, said []fleet.Prediction) error {
	v, err := vehicles(t).Get(ctx, vehicle)
	if err != nil {
		return err
	}
	for i := range said {
		if err := t.add(ctx, v, &said[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t predictions) add(ctx context.Context, v fleet.Vehicle, p *fleet.Prediction) (err error) {
	if p.Topic == "" || strings.TrimSpace(p.Claim) == "" {
		return errs.New(errs.Internal, "save prediction: it claims nothing or of nothing")
	}
	if p.At.IsZero() {
		p.At = t.now
	}
	p.At, p.VehicleID = obd.Stamp(p.At), v.ID
	if p.ID, err = uuid.NewV7(); err != nil {
		return fmt.Errorf("make prediction id: %w", err)
	}
	document, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("save prediction: %w", err)
	}
	err = t.exec(ctx, `INSERT INTO predictions (tenant_id, id, vehicle_id, at, topic, part, urgency, document, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.tenant[:], p.ID[:], v.ID[:], stamp(p.At), string(p.Topic), p.Part, p.Urgency.Rank(), string(document), stamp(t.now))
	if err != nil {
		return err
	}
	body := strings.Join([]string{string(p.Topic), p.Part, strings.Join(p.Marks, " "), v.Title()}, " ")
	if err := t.index(ctx, entry{kind: "prediction", id: p.ID, vehicle: v.ID, at: p.At, title: p.Claim, body: body}); err != nil {
		return err
	}
	return t.changed(ctx, "prediction", p.ID, "put")
}

const predictionQuery = `SELECT document, vehicle_id FROM predictions WHERE tenant_id = ? AND deleted IS NULL`

func (t predictions) Get(ctx context.Context, id uuid.UUID) (fleet.Prediction, error) {
	return one(ctx, t.tx, "prediction", predictionQuery+` AND id = ?`, []any{t.tenant[:], id[:]}, scanPrediction)
}

func (t predictions) Find(ctx context.Context, words string) ([]fleet.Prediction, error) {
	like := strings.ReplaceAll(strings.ToLower(escapeLike(strings.TrimSpace(words))), "-", "")
	if len(like) < 4 {
		return nil, nil
	}
	return collect(ctx, t.tx, predictionQuery+` AND lower(hex(id)) LIKE ? ESCAPE '\' ORDER BY at DESC, id DESC LIMIT 20`, []any{t.tenant[:], like + "%"}, scanPrediction)
}

func (t predictions) Latest(ctx context.Context, vehicle uuid.UUID) ([]fleet.Prediction, error) {
	id, err := t.resolve(ctx, vehicle)
	if err != nil {
		return nil, err
	}
	return collect(ctx, t.tx, `SELECT p.document, p.vehicle_id FROM predictions p WHERE p.tenant_id = ? AND p.vehicle_id = ? AND p.deleted IS NULL
		AND p.at = (SELECT max(q.at) FROM predictions q WHERE q.tenant_id = p.tenant_id AND q.vehicle_id = p.vehicle_id AND q.topic = p.topic AND q.deleted IS NULL)
		ORDER BY p.urgency DESC, p.topic, p.part, p.id`, []any{t.tenant[:], id[:]}, scanPrediction)
}

func (t predictions) List(ctx context.Context, f store.PredictionFilter, p store.Page) (store.List[fleet.Prediction], error) {
	from, err := after(p, far)
	if err != nil {
		return store.List[fleet.Prediction]{}, err
	}
	query, args := predictionQuery+` AND (at, id) < (?, ?)`, []any{t.tenant[:], from.at, from.id[:]}
	narrow := func(where string, arg any) { query, args = query+" AND "+where, append(args, arg) }
	if f.VehicleID != uuid.Nil {
		id, err := t.resolve(ctx, f.VehicleID)
		if err != nil {
			return store.List[fleet.Prediction]{}, err
		}
		narrow("vehicle_id = ?", id[:])
	}
	if f.Topic != "" {
		narrow("topic = ?", string(f.Topic))
	}
	if !f.Since.IsZero() {
		narrow("at >= ?", stamp(f.Since))
	}
	if !f.Until.IsZero() {
		narrow("at < ?", stamp(f.Until))
	}
	items, err := collect(ctx, t.tx, query+` ORDER BY at DESC, id DESC LIMIT ?`, append(args, p.Size()+1), scanPrediction)
	return list(items, p.Size(), func(p fleet.Prediction) cursor { return cursor{stamp(p.At), p.ID} }), err
}

func (t predictions) Delete(ctx context.Context, id uuid.UUID) error {
	n, err := t.affected(ctx, `UPDATE predictions SET deleted = ? WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, stamp(t.now), t.tenant[:], id[:])
	if err != nil {
		return err
	}
	if n == 0 {
		return missing("prediction")
	}
	if err := t.forget(ctx, "prediction", id); err != nil {
		return err
	}
	return t.changed(ctx, "prediction", id, "delete")
}
