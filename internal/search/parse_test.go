package search_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/search"
)

var noon = time.Date(2026, 3, 15, 12, 0, 0, 0, time.FixedZone("", 3600))

func day(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, noon.Location()).UTC()
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text string
		want search.Query
	}{
		{"", search.Query{}},
		{"misfire", search.Query{Words: []search.Word{{Text: "misfire"}}}},
		{`cata* -"oxygen sensor"`, search.Query{Words: []search.Word{{Text: "cata", Prefix: true}, {Text: "oxygen sensor", Not: true}}}},
		{"code:p04* vin:1hg", search.Query{Filters: []search.Filter{
			{Field: search.FieldCode, Value: "P04", Prefix: true}, {Field: search.FieldVIN, Value: "1HG"}}}},
		{`-customer:"O'Brien & \"Sons\""`, search.Query{Filters: []search.Filter{{Field: search.FieldCustomer, Value: `O'Brien & "Sons"`, Not: true}}}},
		{`code:"SPN 100 FMI 1"`, search.Query{Filters: []search.Filter{{Field: search.FieldCode, Value: "SPN 100 FMI 1"}}}},
		{"ecu:758:0f 10:30", search.Query{Words: []search.Word{{Text: "10:30"}}, Filters: []search.Filter{{Field: search.FieldECU, Value: "758:0F"}}}},
		{"KIND:Scan MIL:on", search.Query{Filters: []search.Filter{{Field: search.FieldKind, Value: "scan"}, {Field: search.FieldMIL, Value: "on"}}}},
		{"since:30d", search.Query{Since: noon.AddDate(0, 0, -30).UTC()}},
		{"since:2w until:yesterday", search.Query{Since: noon.AddDate(0, 0, -14).UTC(), Until: day(2026, 3, 15)}},
		{"since:2026-01-31 until:2026-01-31", search.Query{Since: day(2026, 1, 31), Until: day(2026, 2, 1)}},
		{"since:2025 until:2025", search.Query{Since: day(2025, 1, 1), Until: day(2026, 1, 1)}},
		{"since:2026-02 until:2026-02", search.Query{Since: day(2026, 2, 1), Until: day(2026, 3, 1)}},
		{"since:2026-01-31T14:30 until:2026-01-31T14:30:00Z", search.Query{
			Since: time.Date(2026, 1, 31, 13, 30, 0, 0, time.UTC), Until: time.Date(2026, 1, 31, 14, 30, 0, 0, time.UTC)}},
		{"since:6h", search.Query{Since: noon.Add(-6 * time.Hour).UTC()}},
	} {
		got, err := search.Parse(test.text, noon)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestMistakesSayWhereAndWhatToDo(t *testing.T) {
	for _, test := range []struct {
		text   string
		column int
		hint   string // part of it
	}{
		{"misfire cod:P0301", 9, "did you mean code?"},
		{"vni:1HG", 1, "did you mean vin?"},
		{"colour:red", 1, "there are code, customer"},
		{"code: P0301", 6, "without a blank"},
		{`a "b`, 3, "close it"},
		{`"a"b`, 4, "blank between"},
		{`a"b`, 2, "whole word in quotes"},
		{"é*b", 2, "at the end: é*"},
		{"since:soon", 7, "30d"},
		{"since:99999d", 7, "30d"},
		{"-since:3d", 1, "until:"},
		{"since:3d since:4d", 10, "one of them"},
		{"since:60000y", 7, "2026-01-31"},
		{"kind:scam", 6, "did you mean scan?"},
		{"mil:maybe", 5, "there are on, off"},
		{"year:twenty", 6, "year:2010"},
		{"a -", 3, "quote"},
		{"*", 1, "quote"},
		{strings.Repeat("a ", 65), 130, "at most 64"},
		{strings.Repeat("a", 5000), 4097, "at most 4096"},
	} {
		_, err := search.Parse(test.text, noon)
		m, ok := errors.AsType[*search.Mistake](err)
		if !ok || errs.KindOf(err) != errs.Usage {
			t.Errorf("%.20s: got %v", test.text, err)
			continue
		}
		if m.Column != test.column && len(test.text) < 100 || !strings.Contains(errs.HintOf(err), test.hint) {
			t.Errorf("%.20s: column %d, hint %q; want %d, %q", test.text, m.Column, errs.HintOf(err), test.column, test.hint)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`code:P04* vin:1HG since:30d misfire`, `-"a \" b"* -x*`, "until:2026-01-31T14:30:00.5+01:00", "ecu:758:0F", "\x00\xff:", `"\\"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := search.Parse(text, noon)
		if err != nil {
			if _, ok := errors.AsType[*search.Mistake](err); !ok || errs.HintOf(err) == "" {
				t.Fatalf("%q: %v has no place or hint", text, err)
			}
			return
		}
		again, err := search.Parse(q.String(), noon)
		if len(q.String()) > 4000 {
			return // quotes may make it longer than what is read
		}
		if err != nil {
			t.Fatalf("%q written as %q: %v", text, q.String(), err)
		}
		if diff := cmp.Diff(q, again); diff != "" {
			t.Fatalf("%q written as %q:\n%s", text, q.String(), diff)
		}
	})
}
