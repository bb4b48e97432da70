package vin_test

import (
	"bufio"
	"os"
	"regexp"
	"strings"
	"testing"
)

func lines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

func TestMakersList(t *testing.T) {
	form := regexp.MustCompile(`^[A-Z][^:\[\]]*?( \[year\])?( \[heavy\])?: [A-HJ-NPR-Z0-9]{3}( [A-HJ-NPR-Z0-9]{3})*$`)
	seen := map[string]string{}
	for _, line := range lines(t, "data/makers.txt") {
		if !form.MatchString(line) {
			t.Errorf("%q", line)
			continue
		}
		name, wmis, _ := strings.Cut(line, ": ")
		for w := range strings.FieldsSeq(wmis) {
			if seen[w] != "" {
				t.Errorf("%s is %s and %s", w, seen[w], name)
			}
			if w[2] == '9' {
				t.Errorf("%s: a third character 9 needs positions 12 to 14 too", w)
			}
			seen[w] = name
		}
	}
	if len(seen) < 500 {
		t.Errorf("%d identifiers, want at least 500", len(seen))
	}
}

// No two countries share a pair of characters.
func TestCountriesList(t *testing.T) {
	const order = "ABCDEFGHJKLMNPRSTUVWXYZ1234567890"
	form := regexp.MustCompile(`^([A-HJ-NPR-Z1-9])([A-HJ-NPR-Z0-9])-([A-HJ-NPR-Z1-9])([A-HJ-NPR-Z0-9]) [A-Z]`)
	seen := map[string]string{}
	for _, line := range lines(t, "data/countries.txt") {
		m := form.FindStringSubmatch(line)
		if m == nil || m[1] != m[3] || strings.Index(order, m[2]) > strings.Index(order, m[4]) {
			t.Errorf("%q", line)
			continue
		}
		for i := strings.Index(order, m[2]); i <= strings.Index(order, m[4]); i++ {
			pair := m[1] + order[i:i+1]
			if seen[pair] != "" {
				t.Errorf("%s: %q and %q", pair, seen[pair], line)
			}
			seen[pair] = line
		}
	}
	if len(seen) < 600 {
		t.Errorf("only %d pairs", len(seen))
	}
}
