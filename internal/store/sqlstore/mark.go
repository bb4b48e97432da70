package sqlstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// begin readies a document for being written: a new one gets its id, one that was read must still have the
// revision that it was read with.
func (t *tx) begin(ctx context.Context, table, noun string, m *fleet.Mark) error {
	if m.Rev == 0 {
		return t.create(ctx, table, noun, m)
	}
	var rev int64
	err := t.row(ctx, noun, fmt.Sprintf(`SELECT rev, created FROM %s WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, table),
		[]any{t.tenant[:], m.ID[:]}, &rev, instant{&m.Created})
	if err != nil {
		return err
	}
	if rev != m.Rev {
		return errs.New(errs.BadInput, "%s %s: %w", noun, m.ID, store.ErrConflict).WithHint("read it again and repeat the change")
	}
	m.Rev, m.Updated = rev+1, t.now
	return nil
}

func (t *tx) create(ctx context.Context, table, noun string, m *fleet.Mark) error {
	if m.ID == uuid.Nil {
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make id: %w", err)
		}
		m.ID = id
	} else {
		var n int
		err := t.row(ctx, noun, fmt.Sprintf(`SELECT count(*) FROM %s WHERE tenant_id = ? AND id = ?`, table), []any{t.tenant[:], m.ID[:]}, &n)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.BadInput, "%s %s: %w", noun, m.ID, store.ErrExists)
		}
	}
	m.Created, m.Updated, m.Rev, m.Deleted = t.now, t.now, 1, nil
	return nil
}

// hide puts a tombstone over a document.
func (t *tx) hide(ctx context.Context, table, noun string, id uuid.UUID) error {
	n, err := t.affected(ctx, fmt.Sprintf(`UPDATE %s SET deleted = ?, updated = ?, rev = rev + 1 WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, table),
		stamp(t.now), stamp(t.now), t.tenant[:], id[:])
	if err != nil {
		return err
	}
	if n == 0 {
		return missing(noun)
	}
	if err := t.forget(ctx, noun, id); err != nil {
		return err
	}
	return t.changed(ctx, noun, id, "delete")
}

// known refuses a link to what this tenant never had. A tombstone is enough: a vehicle whose customer was deleted
// can still be changed.
func (t *tx) known(ctx context.Context, table, noun string, id *uuid.UUID) error {
	if id == nil {
		return nil
	}
	var n int
	err := t.row(ctx, noun, fmt.Sprintf(`SELECT count(*) FROM %s WHERE tenant_id = ? AND id = ?`, table), []any{t.tenant[:], id[:]}, &n)
	if err == nil && n == 0 {
		err = missing(noun)
	}
	return err
}
