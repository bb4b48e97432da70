package dtc_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/catalog/dtc/source"
)

// read reads the data once for all tests.
var read = sync.OnceValues(func() ([]source.Entry, error) { return source.Read(os.DirFS("data")) })

func entries(t *testing.T) []source.Entry {
	t.Helper()
	all, err := read()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The embedded tables are what the data says; `go generate` makes them.
func TestTablesFollowTheData(t *testing.T) {
	codes, advice := source.Tables(entries(t))
	failures, err := source.FailureTable(os.DirFS("data"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"codes.tsv": codes, "advice.tsv": advice, "failure.tsv": failures} {
		got, err := os.ReadFile("table/" + name)
		if err != nil || string(got) != string(want) {
			t.Errorf("table/%s is not what data yields: run go generate ./internal/catalog/dtc (%v)", name, err)
		}
	}
}

// Every entry of the data is what the book says, so that the search in the table finds all of them.
func TestEveryEntryIsFound(t *testing.T) {
	book := dtc.Builtin()
	all := entries(t)
	if book.Len() != len(all) {
		t.Errorf("the book has %d codes, the data %d", book.Len(), len(all))
	}
	for _, e := range all {
		got := book.Explain(e.Code)
		if got.Description != e.Description || got.System != e.System || got.Severity != e.Severity || !got.Known {
			t.Errorf("%s: %+v", e.Code, got)
		}
		for _, r := range got.Related {
			if !book.Explain(r).Known {
				t.Errorf("%s: related to %s, which is not in the catalogue", e.Code, r)
			}
		}
	}
}

func TestCounts(t *testing.T) {
	least := map[string]int{"P0": 3600, "P2": 3400, "P3": 150, "U0": 1000, "U3": 150, "B0": 130, "C0": 400}
	count, advised := map[string]int{}, 0
	for _, e := range entries(t) {
		count[e.Code[:2]]++
		if e.Advice.Known() {
			advised++
		}
	}
	for family, n := range least {
		if count[family] < n {
			t.Errorf("%s: %d codes, want at least %d", family, count[family], n)
		}
		delete(count, family)
	}
	if len(count) > 0 {
		t.Errorf("codes outside the generic ranges: %v", count)
	}
	if advised < 1000 {
		t.Errorf("advice for %d codes, want at least 1000", advised)
	}
}

func TestOnlyGenericRanges(t *testing.T) {
	generic := regexp.MustCompile(`^(P[02][0-9A-F]{3}|P3[4-9A-F][0-9A-F]{2}|[BC]0[0-9A-F]{3}|U[03][0-9A-F]{3})$`)
	for _, e := range entries(t) {
		if !generic.MatchString(e.Code) {
			t.Errorf("%s is a maker's code", e.Code)
		}
	}
}

func TestNoTwoCodesSayTheSame(t *testing.T) {
	seen := map[string]string{}
	for _, e := range entries(t) {
		key := strings.ToLower(e.Description)
		if other := seen[key]; other != "" {
			t.Errorf("%s and %s: both %q", other, e.Code, e.Description)
		}
		seen[key] = e.Code
	}
}

func TestWording(t *testing.T) {
	bad := regexp.MustCompile(`  |^\s|\s$|[.,:;]$|[^\x20-\x7E]|[{}]`)
	first := regexp.MustCompile(`^[A-Z0-9]`)
	reserved := regexp.MustCompile(`(?i)reserved|undefined|\bP[0-3][0-9A-F]{3}\b`)
	for _, e := range entries(t) {
		switch d := e.Description; {
		case !first.MatchString(d):
			t.Errorf("%s: %q does not begin with a capital", e.Code, d)
		case bad.MatchString(d), reserved.MatchString(d):
			t.Errorf("%s: %q", e.Code, d)
		case len(d) > 130:
			t.Errorf("%s: %d characters", e.Code, len(d))
		case strings.Count(d, "(") != strings.Count(d, ")"):
			t.Errorf("%s: brackets: %q", e.Code, d)
		case twice(d):
			t.Errorf("%s: a word twice: %q", e.Code, d)
		}
	}
}

// twice tells a word that follows itself.
func twice(text string) bool {
	words := strings.Fields(strings.ToLower(text))
	for i := 1; i < len(words); i++ {
		if words[i] == words[i-1] && len(words[i]) > 1 {
			return true
		}
	}
	return false
}

func TestAdviceIsComplete(t *testing.T) {
	severities := []string{"critical", "high", "medium", "low"}
	line := regexp.MustCompile(`^[A-Z0-9].*[^.,:; ]$`)
	for _, e := range entries(t) {
		if e.System == "" {
			t.Errorf("%s: no system", e.Code)
		}
		if !e.Advice.Known() {
			if e.Severity != "" {
				t.Errorf("%s: severity without advice", e.Code)
			}
			continue
		}
		if !slices.Contains(severities, e.Severity) {
			t.Errorf("%s: severity %q", e.Code, e.Severity)
		}
		if len(e.Advice.Causes) == 0 || len(e.Advice.Checks) == 0 || len(e.Advice.Causes) > 5 || len(e.Advice.Checks) > 5 {
			t.Errorf("%s: %d causes, %d checks", e.Code, len(e.Advice.Causes), len(e.Advice.Checks))
		}
		for _, s := range slices.Concat([]string{e.Advice.Feels}, e.Advice.Causes, e.Advice.Checks) {
			if !line.MatchString(s) || strings.Contains(s, "  ") || strings.ContainsAny(s, "|\t\n") {
				t.Errorf("%s: %q", e.Code, s)
			}
			if e.Where == "" && strings.Contains(s, "{") {
				t.Errorf("%s: %q has a blank for a place and the code names none", e.Code, s)
			}
		}
	}
}
