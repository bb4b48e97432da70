package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func (t cards) Put(ctx context.Context, identity string, card json.RawMessage) error {
	if !json.Valid(card) {
		return errs.New(errs.BadInput, "save report card: it is no JSON")
	}
	return t.exec(ctx, `INSERT INTO cards (tenant_id, identity, document, updated) VALUES (?, ?, ?, ?)
		ON CONFLICT (tenant_id, identity) DO UPDATE SET document = excluded.document, updated = excluded.updated`,
		t.tenant[:], identity, string(card), stamp(t.now))
}

func (t cards) Get(ctx context.Context, identity string) (json.RawMessage, error) {
	var document string
	err := t.row(ctx, "report card", `SELECT document FROM cards WHERE tenant_id = ? AND identity = ?`, []any{t.tenant[:], identity}, &document)
	return json.RawMessage(document), err
}

func (t cards) List(ctx context.Context) (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	_, err := collect(ctx, t.tx, `SELECT identity, document FROM cards WHERE tenant_id = ?`, []any{t.tenant[:]}, func(r scanner) (struct{}, error) {
		var identity, document string
		err := r.Scan(&identity, &document)
		all[identity] = json.RawMessage(document)
		return struct{}{}, err
	})
	return all, err
}

const importColumns = `id, key, name, format, at, vehicle_id, readings, scans, rejected`

func scanImport(r scanner) (i fleet.Import, err error) {
	return i, r.Scan(blob{&i.ID}, &i.Key, &i.Name, &i.Format, instant{&i.At}, blob{&i.VehicleID}, &i.Readings, &i.Scans, &i.Rejected)
}

func (t imports) Begin(ctx context.Context, i *fleet.Import) (fleet.Import, error) {
	if i.Key == "" {
		return *i, errs.New(errs.Internal, "note import: it has no content key")
	}
	have, err := collect(ctx, t.tx, `SELECT `+importColumns+` FROM imports WHERE tenant_id = ? AND key = ?`, []any{t.tenant[:], i.Key}, scanImport)
	if err != nil {
		return *i, err
	}
	if len(have) > 0 {
		return have[0], errs.New(errs.BadInput, "import %s: %w", i.Name, store.ErrExists).WithHint("the same content was imported as %s", have[0].Name)
	}
	if i.ID == uuid.Nil {
		if i.ID, err = uuid.NewV7(); err != nil {
			return *i, fmt.Errorf("make import id: %w", err)
		}
	}
	if i.At.IsZero() {
		i.At = t.now
	}
	err = t.exec(ctx, `INSERT INTO imports (tenant_id, id, key, name, format, at, vehicle_id, readings, scans, rejected) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.tenant[:], i.ID[:], i.Key, i.Name, i.Format, stamp(i.At), key(i.VehicleID), i.Readings, i.Scans, i.Rejected)
	return *i, err
}

// Finish writes the counts of an import that Begin noted.
func (t imports) Finish(ctx context.Context, i fleet.Import) error {
	n, err := t.affected(ctx, `UPDATE imports SET vehicle_id = ?, readings = ?, scans = ?, rejected = ? WHERE tenant_id = ? AND id = ?`,
		key(i.VehicleID), i.Readings, i.Scans, i.Rejected, t.tenant[:], i.ID[:])
	if err == nil && n == 0 {
		err = missing("import")
	}
	return err
}

func (t imports) List(ctx context.Context, p store.Page) (store.List[fleet.Import], error) {
	from, err := after(p, far)
	if err != nil {
		return store.List[fleet.Import]{}, err
	}
	items, err := collect(ctx, t.tx, `SELECT `+importColumns+` FROM imports WHERE tenant_id = ? AND id < ? ORDER BY id DESC LIMIT ?`, []any{t.tenant[:], from.id[:], p.Size() + 1}, scanImport)
	return list(items, p.Size(), func(i fleet.Import) cursor { return cursor{id: i.ID} }), err
}

// forgetImports drops the notes of imports that a deleted vehicle, or one of its deleted scans, may have come from: who
// imports such a file again wants it back. What else came from it adds nothing twice.
func (t *tx) forgetImports(ctx context.Context, vehicle uuid.UUID, scansOnly bool) error {
	query := `DELETE FROM imports WHERE tenant_id = ? AND (vehicle_id = ? OR vehicle_id IS NULL)`
	if scansOnly {
		query += ` AND scans > 0`
	}
	return t.exec(ctx, query, t.tenant[:], vehicle[:])
}
