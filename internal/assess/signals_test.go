package assess_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
)

// TestSignalsAreCanonical holds every signal id that the rules name against the catalogue: a typing error would make
// a rule silent for ever.
func TestSignalsAreCanonical(t *testing.T) {
	quoted := regexp.MustCompile(`(?:value|highest|readings|trim)\(s, (?:fmt\.Sprintf\()?"([A-Z_0-9%d]+)"|\{"([A-Z_]+)", recent`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(src), -1) {
			found++
			id := regexp.MustCompile(`%d`).ReplaceAllString(m[1]+m[2], "1")
			if _, signal := catalog.Builtin().Find(id); signal == nil {
				t.Errorf("%s: signal %s is not in the catalogue", file, id)
			} else if signal.ID != id {
				t.Errorf("%s: signal %s is spelled %s", file, id, signal.ID)
			}
		}
	}
	if found < 15 {
		t.Errorf("found only %d signal ids: the pattern is broken", found)
	}
}
