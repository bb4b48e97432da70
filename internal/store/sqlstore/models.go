package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

const modelColumns = `document, id, vehicle_id, version, state, created, updated, rev`

func scanModel(r scanner) (m fleet.Model, err error) {
	var document string
	var mark fleet.Mark
	var vehicle *uuid.UUID
	var version int
	var state fleet.ModelState
	if err := r.Scan(&document, blob{&mark.ID}, maybeBlob{&vehicle}, &version, &state, instant{&mark.Created}, instant{&mark.Updated}, &mark.Rev); err != nil {
		return m, err
	}
	err = json.Unmarshal([]byte(document), &m)
	m.Mark, m.VehicleID, m.Version, m.State = mark, vehicle, version, state // a merge and a new champion change the row, not its document
	return m, err
}

func (t models) Add(ctx context.Context, m *fleet.Model, weights []byte) error {
	if len(weights) == 0 || len(weights) > store.MaxWeights {
		return errs.New(errs.BadInput, "save model %s: its weights are %d bytes, want 1 to %d", m.Name, len(weights), store.MaxWeights)
	}
	if m.VehicleID != nil {
		v, err := vehicles(t).Get(ctx, *m.VehicleID)
		if err != nil {
			return err
		}
		m.VehicleID = &v.ID
	}
	if err := t.known(ctx, "models", "model", m.Parent); err != nil {
		return err
	}
	hash := sha256.Sum256(weights)
	m.Weights, m.Size, m.Rev = hex.EncodeToString(hash[:]), int64(len(weights)), 0
	if m.Trained.IsZero() {
		m.Trained = t.now
	}
	var err error
	if m.Version, err = t.next(ctx, m.Name, m.VehicleID); err != nil {
		return err
	}
	err = t.exec(ctx, `INSERT INTO model_weights (tenant_id, sha256, data) VALUES (?, ?, ?) ON CONFLICT (tenant_id, sha256) DO NOTHING`, t.tenant[:], m.Weights, pack(weights))
	if err != nil {
		return err
	}
	return t.write(ctx, m)
}

// next is the number of a new model.
func (t models) next(ctx context.Context, name string, vehicle *uuid.UUID) (n int, err error) {
	err = t.row(ctx, "model", `SELECT coalesce(max(version), 0) + 1 FROM models WHERE tenant_id = ? AND name = ? AND vehicle_id IS ?`,
		[]any{t.tenant[:], name, keyOf(vehicle)}, &n)
	return n, err
}

func (t models) Put(ctx context.Context, m *fleet.Model) error {
	old, err := t.Get(ctx, m.ID)
	if err != nil {
		return err
	}
	m.Name, m.Version, m.VehicleID, m.Weights, m.Size = old.Name, old.Version, old.VehicleID, old.Weights, old.Size
	return t.write(ctx, m)
}

func (t models) write(ctx context.Context, m *fleet.Model) error {
	if strings.TrimSpace(m.Name) == "" {
		return errs.New(errs.Usage, "save model: the name is missing")
	}
	switch m.State {
	case "":
		m.State = fleet.Challenger
	case fleet.Challenger, fleet.Champion, fleet.Retired:
	default:
		return errs.New(errs.Usage, "save model: state %q is not known", m.State).WithHint("use challenger, champion or retired")
	}
	if err := t.begin(ctx, "models", "model", &m.Mark); err != nil {
		return err
	}
	if m.State == fleet.Champion {
		if err := t.retire(ctx, *m); err != nil {
			return err
		}
	}
	m.Trained = obd.Stamp(m.Trained)
	if m.Metrics == nil {
		m.Metrics = []fleet.Metric{}
	}
	if m.Limits == nil {
		m.Limits = []string{}
	}
	document, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("save model: %w", err)
	}
	err = t.exec(ctx, `INSERT INTO models (tenant_id, id, name, version, vehicle_id, state, weights, trained, document, created, updated, rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, id) DO UPDATE SET state = excluded.state, document = excluded.document, updated = excluded.updated, rev = excluded.rev`,
		t.tenant[:], m.ID[:], m.Name, m.Version, keyOf(m.VehicleID), string(m.State), m.Weights, stamp(m.Trained), string(document), stamp(m.Created), stamp(m.Updated), m.Rev)
	if err != nil {
		return err
	}
	if err := t.index(ctx, entry{kind: "model", id: m.ID, vehicle: orNil(m.VehicleID), at: m.Trained, title: m.Title(), body: strings.Join([]string{m.Name, m.Algorithm, string(m.State), m.Data}, " ")}); err != nil {
		return err
	}
	return t.changed(ctx, "model", m.ID, "put")
}

// retire takes the champion out that stands in the way of a new one.
func (t models) retire(ctx context.Context, m fleet.Model) error {
	ids, err := collect(ctx, t.tx, `SELECT id FROM models WHERE tenant_id = ? AND name = ? AND vehicle_id IS ? AND state = 'champion' AND deleted IS NULL AND id <> ?`,
		[]any{t.tenant[:], m.Name, keyOf(m.VehicleID), m.ID[:]}, scanID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := t.exec(ctx, `UPDATE models SET state = 'retired', updated = ?, rev = rev + 1 WHERE tenant_id = ? AND id = ?`, stamp(t.now), t.tenant[:], id[:]); err != nil {
			return err
		}
		if err := t.changed(ctx, "model", id, "put"); err != nil {
			return err
		}
	}
	return nil
}

const modelQuery = `SELECT ` + modelColumns + ` FROM models WHERE tenant_id = ? AND deleted IS NULL`

func (t models) Get(ctx context.Context, id uuid.UUID) (fleet.Model, error) {
	return one(ctx, t.tx, "model", modelQuery+` AND id = ?`, []any{t.tenant[:], id[:]}, scanModel)
}

func (t models) Find(ctx context.Context, words string) ([]fleet.Model, error) {
	words = strings.TrimSpace(words)
	if i := strings.LastIndexAny(words, " @"); i > 0 {
		if n, err := strconv.Atoi(words[i+1:]); err == nil {
			return collect(ctx, t.tx, modelQuery+` AND name = ? AND version = ? ORDER BY trained DESC, id DESC LIMIT 20`, []any{t.tenant[:], strings.TrimSpace(words[:i]), n}, scanModel)
		}
	}
	found, err := collect(ctx, t.tx, modelQuery+` AND name = ? ORDER BY trained DESC, id DESC LIMIT 20`, []any{t.tenant[:], words}, scanModel)
	if err != nil || len(found) > 0 || len(words) < 4 {
		return found, err
	}
	return collect(ctx, t.tx, modelQuery+` AND lower(hex(id)) LIKE ? ESCAPE '\' ORDER BY id LIMIT 20`,
		[]any{t.tenant[:], strings.ReplaceAll(strings.ToLower(escapeLike(words)), "-", "") + "%"}, scanModel)
}

func (t models) Champion(ctx context.Context, name string, vehicle uuid.UUID) (fleet.Model, error) {
	id, err := t.resolve(ctx, vehicle)
	if err != nil {
		return fleet.Model{}, err
	}
	return one(ctx, t.tx, "champion of "+name, modelQuery+` AND name = ? AND state = 'champion' AND (vehicle_id = ? OR vehicle_id IS NULL) ORDER BY vehicle_id IS NULL LIMIT 1`,
		[]any{t.tenant[:], name, id[:]}, scanModel)
}

func (t models) Weights(ctx context.Context, m fleet.Model) ([]byte, error) {
	var packed []byte
	err := t.row(ctx, "weights of model "+m.Title(), `SELECT data FROM model_weights WHERE tenant_id = ? AND sha256 = ?`, []any{t.tenant[:], m.Weights}, &packed)
	if err != nil {
		return nil, err
	}
	weights, err := unpack(packed)
	if err == nil {
		if hash := sha256.Sum256(weights); hex.EncodeToString(hash[:]) != m.Weights {
			err = fmt.Errorf("they differ from their SHA-256")
		}
	}
	if err != nil {
		return nil, errs.New(errs.BadInput, "weights of model %s are damaged: %w", m.Title(), err).WithHint("train it again, or roll back to an earlier one")
	}
	return weights, nil
}

func (t models) List(ctx context.Context, name string, p store.Page) (store.List[fleet.Model], error) {
	from, err := after(p, far)
	if err != nil {
		return store.List[fleet.Model]{}, err
	}
	query, args := modelQuery+` AND (trained, id) < (?, ?)`, []any{t.tenant[:], from.at, from.id[:]}
	if name != "" {
		query, args = query+` AND name = ?`, append(args, name)
	}
	items, err := collect(ctx, t.tx, query+` ORDER BY trained DESC, id DESC LIMIT ?`, append(args, p.Size()+1), scanModel)
	return list(items, p.Size(), func(m fleet.Model) cursor { return cursor{stamp(m.Trained), m.ID} }), err
}

func (t models) Delete(ctx context.Context, id uuid.UUID) error {
	m, err := t.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := t.hide(ctx, "models", "model", id); err != nil {
		return err
	}
	return t.exec(ctx, `DELETE FROM model_weights WHERE tenant_id = ? AND sha256 = ?
		AND NOT EXISTS (SELECT 1 FROM models WHERE tenant_id = ? AND weights = ? AND deleted IS NULL)`, t.tenant[:], m.Weights, t.tenant[:], m.Weights)
}

// move gives the models of one vehicle to another, numbered behind those that are there. Where both have a champion, the
// second one's stays: it was learned under the name that is kept.
func (t models) move(ctx context.Context, from, into uuid.UUID) error {
	all, err := collect(ctx, t.tx, modelQuery+` AND vehicle_id = ? ORDER BY version`, []any{t.tenant[:], from[:]}, scanModel)
	if err != nil {
		return err
	}
	there, err := collect(ctx, t.tx, modelQuery+` AND vehicle_id = ? AND state = 'champion'`, []any{t.tenant[:], into[:]}, scanModel)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.State == fleet.Champion && slices.ContainsFunc(there, func(c fleet.Model) bool { return c.Name == m.Name }) {
			m.State = fleet.Retired
		}
		version, err := t.next(ctx, m.Name, &into)
		if err != nil {
			return err
		}
		err = t.exec(ctx, `UPDATE models SET vehicle_id = ?, version = ?, state = ?, updated = ?, rev = rev + 1 WHERE tenant_id = ? AND id = ?`,
			into[:], version, string(m.State), stamp(t.now), t.tenant[:], m.ID[:])
		if err != nil {
			return err
		}
		if err := t.changed(ctx, "model", m.ID, "put"); err != nil {
			return err
		}
	}
	return nil
}
