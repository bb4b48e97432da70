package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	lang "github.com/fleetms/obdctl/internal/search"
	"github.com/fleetms/obdctl/internal/store"
)

func find(t *testing.T, e Engine) {
	tenant := local(t, e)
	owner := fleet.Customer{Name: "Ann Miller"}
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Customers().Put(ctx, &owner) })
	v := car(t, tenant, fleet.Vehicle{VIN: accord, Label: "company car", Maker: "Honda", ModelYear: 2003, CustomerID: &owner.ID})
	s := save(t, tenant, diagnosis(accord, time.Now().Add(-time.Hour), code("P0301", obd.Stored, "Cylinder 1 misfire detected")), v.ID)
	old := save(t, tenant, diagnosis(golf, morning.AddDate(-1, 0, 0)), uuid.Nil)
	note := fleet.Note{Text: "Zündkerze ersetzt, misfire gone", Subject: fleet.Subject{VehicleID: &v.ID}}
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Notes().Put(ctx, &note) })
	for query, want := range queries(s.ID, old.ID, note.ID) {
		q, err := lang.Parse(query, time.Now())
		if err != nil {
			if strings.Contains(query, "--") {
				continue
			}
			t.Fatal(query, err)
		}
		view(t, tenant, func(ctx context.Context, tx store.Tx) error {
			hits := pages(t, 1, func(p store.Page) (store.List[store.Hit], error) { return tx.Search().Find(ctx, q, p) })
			got := map[uuid.UUID]bool{}
			for _, h := range hits {
				got[h.ID] = true
			}
			for _, id := range want {
				if !got[id] {
					t.Errorf("%s: %v is missing in %+v", query, id, hits)
				}
			}
			if len(hits) != len(want) {
				t.Errorf("%s: %+v", query, hits)
			}
			return nil
		})
	}
	oddWords(t, tenant)
	forgotten(t, tenant, s.ID)
}

// oddWords are a word each, never a part of the engine's own language.
func oddWords(t *testing.T, tenant store.Tenant) {
	for _, odd := range []string{`"`, "AND", "NEAR(", "*", "^", "a\x00b", ")", "{title}:x", "&"} {
		view(t, tenant, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Search().Find(ctx, lang.Query{Words: []lang.Word{{Text: odd}, {Text: odd, Prefix: true}}}, store.Page{})
			return err
		})
	}
}

func forgotten(t *testing.T, tenant store.Tenant, scan uuid.UUID) {
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Scans().Delete(ctx, scan) })
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		l, err := tx.Search().Find(ctx, lang.Query{Words: []lang.Word{{Text: "cylinder"}}}, store.Page{})
		if err != nil || len(l.Items) != 0 {
			t.Errorf("a deleted scan is found: %+v, %v", l, err)
		}
		l, err = tx.Search().Find(ctx, lang.Query{Words: []lang.Word{{Text: "misfire"}}}, store.Page{})
		if err != nil || len(l.Items) != 1 || !strings.Contains(l.Items[0].Snippet, "\x01misfire\x02") {
			t.Errorf("the found word is marked: %+v, %v", l, err)
		}
		return nil
	})
}

// queries with what they find: a scan of a Honda with a misfire today, a clean one of last year, and a note.
func queries(scan, old, note uuid.UUID) map[string][]uuid.UUID {
	return map[string][]uuid.UUID{
		"misfire":                    {scan, note},
		"misf*":                      {scan, note},
		"misf":                       {},
		"misfire -zundkerze":         {scan},
		"-misfire kind:note":         {},
		"-squeak kind:note":          {note},
		`"1 misfire"`:                {scan},
		"kind:scan code:P03*":        {scan},
		"kind:scan -code:P03*":       {old},
		"kind:scan vin:1HG":          {scan},
		"kind:scan mil:on":           {scan},
		"kind:scan since:30d":        {scan},
		"kind:scan until:2025":       {old},
		"kind:scan customer:mill":    {scan},
		"kind:scan year:2003":        {scan},
		"kind:scan ecu:7E8":          {scan},
		`" ' OR 1=1 --" NEAR AND (*`: {},
	}
}
