package sqlstore

import (
	"context"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	lang "github.com/fleetms/obdctl/internal/search"
	"github.com/fleetms/obdctl/internal/store"
)

// Find turns a query into one statement: the words go to the full-text index, the filters to columns.
func (t search) Find(ctx context.Context, q lang.Query, p store.Page) (store.List[store.Hit], error) {
	from, err := offsetOf(p)
	if err != nil {
		return store.List[store.Hit]{}, err
	}
	s := sentence{where: []string{"r.tenant_id = ?"}, args: []any{t.tenant[:]}}
	for _, f := range q.Filters {
		s.filter(f)
	}
	if !q.Since.IsZero() {
		s.and("r.at >= ?", stamp(q.Since))
	}
	if !q.Until.IsZero() {
		s.and("r.at < ?", stamp(q.Until))
	}
	query := `SELECT r.kind, r.id, r.vehicle_id, r.at, r.title, '' FROM search_rows r LEFT JOIN vehicles v ON v.tenant_id = r.tenant_id AND v.id = r.vehicle_id
		WHERE ` + strings.Join(s.where, " AND ") + ` ORDER BY r.at DESC, r.row LIMIT ? OFFSET ?`
	args := s.args
	match, without := matchOf(q.Words)
	if match == "" && without != "" {
		query = strings.Replace(query, " ORDER BY", " AND r.row NOT IN (SELECT rowid FROM search_words WHERE search_words MATCH ?) ORDER BY", 1)
		args = append(args, without)
	}
	if match != "" {
		query = `SELECT r.kind, r.id, r.vehicle_id, r.at, r.title, snippet(search_words, 1, char(1), char(2), '…', 12) FROM search_words
			JOIN search_rows r ON r.row = search_words.rowid LEFT JOIN vehicles v ON v.tenant_id = r.tenant_id AND v.id = r.vehicle_id
			WHERE search_words MATCH ? AND ` + strings.Join(s.where, " AND ") + ` ORDER BY bm25(search_words, 4.0, 1.0), r.at DESC, r.row LIMIT ? OFFSET ?`
		args = append([]any{match}, args...)
	}
	items, err := collect(ctx, t.tx, query, append(args, p.Size()+1, from.at), scanHit)
	return list(items, p.Size(), func(store.Hit) cursor { return cursor{at: from.at + int64(p.Size())} }), err
}

func scanHit(r scanner) (h store.Hit, err error) {
	return h, r.Scan(&h.Kind, blob{&h.ID}, blob{&h.VehicleID}, instant{&h.At}, &h.Title, &h.Snippet)
}

// sentence collects conditions.
type sentence struct {
	where []string
	args  []any
}

func (s *sentence) and(where string, args ...any) {
	s.where = append(s.where, where)
	s.args = append(s.args, args...)
}

// columns of the filters that compare one text.
var columns = map[lang.Field]string{
	lang.FieldVIN: "v.vin", lang.FieldPlate: "v.plate", lang.FieldMaker: "v.maker", lang.FieldModel: "v.model", lang.FieldYear: "CAST(v.model_year AS TEXT)",
	lang.FieldKind: "r.kind", lang.FieldState: "r.state", lang.FieldVerdict: "r.verdict", lang.FieldMIL: "r.mil",
}

// filter adds one filter. A VIN, a plate and a maker are found by their start even without a star.
func (s *sentence) filter(f lang.Filter) {
	like := escapeLike(f.Value)
	if f.Prefix || f.Field == lang.FieldVIN || f.Field == lang.FieldPlate || f.Field == lang.FieldMaker || f.Field == lang.FieldModel {
		like += "%"
	}
	not := ""
	if f.Not {
		not = "NOT "
	}
	switch column, ok := columns[f.Field]; {
	case ok:
		s.and(not+"(coalesce("+column+`, '') LIKE ? ESCAPE '\')`, like)
	case f.Field == lang.FieldCode:
		s.and(not+`EXISTS (SELECT 1 FROM scan_codes c WHERE c.tenant_id = r.tenant_id AND c.code LIKE ? ESCAPE '\'
			AND (r.kind = 'scan' AND c.scan_id = r.id OR r.kind = 'vehicle' AND c.vehicle_id = r.id))`, strings.ToUpper(like))
	case f.Field == lang.FieldECU:
		var a obd.Address
		if a.UnmarshalText([]byte(f.Value)) != nil {
			s.and("0")
			return
		}
		s.and(not+`EXISTS (SELECT 1 FROM scan_codes c WHERE c.tenant_id = r.tenant_id AND c.scan_id = r.id AND c.ecu = ?)`, number(a))
	case f.Field == lang.FieldCustomer:
		s.and(not+`EXISTS (SELECT 1 FROM customers c WHERE c.tenant_id = r.tenant_id AND c.deleted IS NULL AND c.name LIKE ? ESCAPE '\'
			AND (c.id = v.customer_id OR r.kind = 'customer' AND c.id = r.id))`, "%"+like+"%")
	}
}

// matchOf writes words in the language of FTS5, each quoted so that nothing in it is an operator: what must match, and what
// must not where nothing must.
func matchOf(words []lang.Word) (match, without string) {
	var want, not []string
	for _, w := range words {
		text := `"` + strings.NewReplacer(`"`, `""`, "\x00", " ").Replace(w.Text) + `"`
		if w.Prefix {
			text += "*"
		}
		if w.Not {
			not = append(not, text)
		} else {
			want = append(want, text)
		}
	}
	match, without = strings.Join(want, " AND "), strings.Join(not, " OR ")
	if match != "" && without != "" {
		match = "(" + match + ") NOT (" + without + ")"
	}
	return match, without
}
