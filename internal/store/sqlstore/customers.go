package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

const customerColumns = `id, name, phone, email, address, created, updated, rev, deleted`

func scanCustomer(r scanner) (c fleet.Customer, err error) {
	return c, r.Scan(blob{&c.ID}, &c.Name, &c.Phone, &c.Email, &c.Address, instant{&c.Created}, instant{&c.Updated}, &c.Rev, maybeInstant{&c.Deleted})
}

func (t customers) Put(ctx context.Context, c *fleet.Customer) error {
	if c.Name == "" {
		return errs.New(errs.Usage, "save customer: the name is missing")
	}
	if err := t.begin(ctx, "customers", "customer", &c.Mark); err != nil {
		return err
	}
	err := t.exec(ctx, `INSERT INTO customers (tenant_id, id, name, phone, email, address, created, updated, rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, phone = excluded.phone, email = excluded.email, address = excluded.address,
		updated = excluded.updated, rev = excluded.rev`,
		t.tenant[:], c.ID[:], c.Name, c.Phone, c.Email, c.Address, stamp(c.Created), stamp(c.Updated), c.Rev)
	if err != nil {
		return err
	}
	if err := t.index(ctx, entry{kind: "customer", id: c.ID, at: c.Updated, title: c.Name, body: c.Phone + " " + c.Email + " " + c.Address}); err != nil {
		return err
	}
	return t.changed(ctx, "customer", c.ID, "put")
}

func (t customers) Get(ctx context.Context, id uuid.UUID) (fleet.Customer, error) {
	return one(ctx, t.tx, "customer", `SELECT `+customerColumns+` FROM customers WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, scanCustomer)
}

// one reads a single row, or says that the noun is not there.
func one[T any](ctx context.Context, t *tx, noun, query string, args []any, scan func(scanner) (T, error)) (none T, err error) {
	all, err := collect(ctx, t, query, args, scan)
	if err != nil {
		return none, err
	}
	if len(all) == 0 {
		return none, missing(noun)
	}
	return all[0], nil
}

func (t customers) Find(ctx context.Context, words string) ([]fleet.Customer, error) {
	if id, err := uuid.Parse(words); err == nil {
		c, err := t.Get(ctx, id)
		if isMissing(err) {
			return nil, nil
		}
		return []fleet.Customer{c}, err
	}
	like := "%" + escapeLike(words) + "%"
	return collect(ctx, t.tx, `SELECT `+customerColumns+` FROM customers WHERE tenant_id = ? AND deleted IS NULL
		AND (name LIKE ? ESCAPE '\' OR phone LIKE ? ESCAPE '\' OR email LIKE ? ESCAPE '\') ORDER BY name, id LIMIT 20`,
		[]any{t.tenant[:], like, like, like}, scanCustomer)
}

func (t customers) List(ctx context.Context, p store.Page) (store.List[fleet.Customer], error) {
	from, err := offsetOf(p)
	if err != nil {
		return store.List[fleet.Customer]{}, err
	}
	items, err := collect(ctx, t.tx, `SELECT `+customerColumns+` FROM customers WHERE tenant_id = ? AND deleted IS NULL ORDER BY name, id LIMIT ? OFFSET ?`,
		[]any{t.tenant[:], p.Size() + 1, from.at}, scanCustomer)
	return list(items, p.Size(), func(fleet.Customer) cursor { return cursor{at: from.at + int64(p.Size())} }), err
}

func (t customers) Delete(ctx context.Context, id uuid.UUID) error {
	return t.hide(ctx, "customers", "customer", id)
}
