package house_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/house"
)

// TestArrowsRunDown reads every import of every package of the project and holds it against the plan.
func TestArrowsRunDown(t *testing.T) {
	root := filepath.Join("..", "..")
	packages := 0
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "dist" || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		from := filepath.ToSlash(rel)
		if !seen[from] {
			seen[from] = true
			packages++
		}
		checkFile(t, path, from)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if packages < 5 {
		t.Fatalf("found only %d packages: the walk is broken", packages)
	}
}

func checkFile(t *testing.T, path, from string) {
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ImportsOnly)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	room, ok := house.Find(from)
	if !ok {
		t.Errorf("%s stands on no floor: add its folder to house.Plan", from)
		return
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		for pure, banned := range house.Pure {
			if !within(from, pure) || strings.HasSuffix(from, "test") {
				continue
			}
			for _, b := range banned {
				if imported == b {
					t.Errorf("%s: %s is pure and must not import %q", path, from, b)
				}
			}
		}
		to, ours := strings.CutPrefix(imported, house.Module+"/")
		if !ours {
			continue
		}
		checkArrow(t, path, from, to, room)
	}
}

func checkArrow(t *testing.T, path, from, to string, room house.Room) {
	target, ok := house.Find(to)
	if !ok {
		t.Errorf("%s imports %s, which stands on no floor", path, to)
		return
	}
	for _, a := range house.Apart {
		if within(from, a.From) && within(to, a.To) {
			t.Errorf("%s: %s must not import %s: %s", path, from, to, a.Why)
		}
	}
	if target.Floor > room.Floor {
		t.Errorf("%s: %s (floor %d) imports %s (floor %d): arrows run down", path, from, room.Floor, to, target.Floor)
	}
	if (within(to, "internal/config") || within(to, "internal/telemetry")) && room.Floor != 6 {
		t.Errorf("%s: %s imports %s, which only cmd reads", path, from, to)
	}
	if target.Floor != room.Floor || target.Path == room.Path {
		if target.Path == room.Path && leafSeesParent(from, to, room.Path) {
			t.Errorf("%s: the leaf %s imports its parent %s: the parent is the list", path, from, to)
		}
		return
	}
	if _, ok := house.Beside[[2]string{room.Path, target.Path}]; !ok {
		t.Errorf("%s: %s and %s stand side by side on floor %d and must not see each other", path, from, to, room.Floor)
	}
}

// leafSeesParent tells that a folder of leaves, such as adapters/tcp, imports the list above it.
func leafSeesParent(from, to, folder string) bool {
	lists := folder == "adapters" || folder == "internal/integration" || folder == "internal/report"
	return lists && to == folder && from != folder
}

func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func TestFindTakesTheLongestPath(t *testing.T) {
	for path, floor := range map[string]int{"internal/store": 2, "internal/store/sqlite": 4, "cmd/obdctl": 6, "internal/obd": 1} {
		room, ok := house.Find(path)
		if !ok || room.Floor != floor {
			t.Errorf("Find(%q) = floor %d, %v, want %d", path, room.Floor, ok, floor)
		}
	}
}
