//go:build unix

package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/store/sqlite"
)

func TestAFullDiskLeavesTheDatabaseAsItWas(t *testing.T) {
	for _, work := range []string{"backup", "encrypt"} {
		path := furnished(t, nil)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c, lines := maintainer(t.Context(), t, work, path, fmt.Sprint(limitEnv, "=", len(before)/2))
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), "ended denied ") || !strings.Contains(lines.Text(), "full") {
			t.Errorf("%s: %s", work, lines.Text())
		}
		if err := c.Wait(); err != nil {
			t.Error(work, err)
		}
		whole(t, path, sqlite.Plain{})
		if left, _ := filepath.Glob(path + "*"); len(left) != 1 {
			t.Errorf("%s left behind: %v", work, left)
		}
	}
}
