package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlstore"
)

// searched are the tables whose rows can be found, by the kind of their entries.
var searched = []struct{ kind, table string }{
	{"vehicle", "vehicles"}, {"scan", "scans"}, {"customer", "customers"}, {"order", "orders"}, {"note", "notes"}, {"file", "files"},
	{"prediction", "predictions"}, {"model", "models"}, {"outcome", "outcomes"},
}

func searchInStep(ctx context.Context, db *sql.DB, _ bool) (int64, []string, error) {
	queries := []string{
		`SELECT 'entry ' || row || ' has no words' FROM search_rows WHERE row NOT IN (SELECT rowid FROM search_words) LIMIT 20`,
		`SELECT 'words ' || rowid || ' have no entry' FROM search_words WHERE rowid NOT IN (SELECT row FROM search_rows) LIMIT 20`,
	}
	for _, s := range searched {
		queries = append(queries,
			fmt.Sprintf(`SELECT '%s ' || hex(id) || ' cannot be found' FROM %s t WHERE deleted IS NULL
				AND NOT EXISTS (SELECT 1 FROM search_rows r WHERE r.tenant_id = t.tenant_id AND r.kind = '%[1]s' AND r.id = t.id) LIMIT 20`, s.kind, s.table),
			fmt.Sprintf(`SELECT '%s ' || hex(id) || ' is found and not there' FROM search_rows r WHERE kind = '%[1]s'
				AND NOT EXISTS (SELECT 1 FROM %s t WHERE t.tenant_id = r.tenant_id AND t.id = r.id AND t.deleted IS NULL) LIMIT 20`, s.kind, s.table))
	}
	return ask(ctx, db, `SELECT count(*) FROM search_rows`, queries...)
}

// sampledFiles is how many files a check that is not full reads: the newest.
const sampledFiles = 200

// filesMatch reads contents through the store's own door and compares them with the hash that is their name.
func filesMatch(ctx context.Context, db *sql.DB, full bool) (looked int64, problems []string, err error) {
	tenants, err := texts(ctx, db, `SELECT lower(hex(id)) FROM tenants`)
	if err != nil {
		return 0, nil, err
	}
	kept := sqlstore.New(sqlstore.Database{Write: db, Read: db, Now: time.Now, Explain: func(err error) error { return err }})
	for _, id := range tenants {
		tenant, err := kept.For(ctx, id)
		if err != nil {
			return looked, problems, err
		}
		err = tenant.View(ctx, func(tx store.Tx) error {
			n, more, err := filesOf(ctx, tx, full)
			looked, problems = looked+n, append(problems, more...)
			return err
		})
		if err != nil {
			return looked, problems, err
		}
	}
	return looked, problems, nil
}

func filesOf(ctx context.Context, tx store.Tx, full bool) (looked int64, problems []string, err error) {
	seen := map[string]bool{}
	page := store.Page{Limit: sampledFiles}
	for {
		l, err := tx.Files().List(ctx, fleet.Subject{}, page)
		if err != nil {
			return looked, problems, err
		}
		for _, f := range l.Items {
			if seen[f.SHA256] || len(problems) >= maxProblems {
				continue
			}
			seen[f.SHA256] = true
			looked++
			if why := contentOf(ctx, tx, f); why != "" {
				problems = append(problems, fmt.Sprintf("%s (%s) %s", f.Name, f.ID, why))
			}
		}
		if page.After = l.Next; page.After == "" || !full {
			return looked, problems, ctx.Err()
		}
	}
}

// contentOf says what is wrong with a file's content, "" for nothing.
func contentOf(ctx context.Context, tx store.Tx, f fleet.File) string {
	r, err := tx.Files().Open(ctx, f.SHA256)
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, r)
	switch {
	case err != nil:
		return err.Error()
	case n != f.Size:
		return fmt.Sprintf("has %d of %d bytes", n, f.Size)
	case hex.EncodeToString(hash.Sum(nil)) != f.SHA256:
		return "differs from its SHA-256"
	}
	return ""
}
