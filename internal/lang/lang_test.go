package lang_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/fleetms/obdctl/internal/lang"
)

// flat reads a language's file as dotted keys; plural forms are keys of their own.
func flat(t *testing.T, tag string) map[string]string {
	t.Helper()
	out := map[string]string{}
	var walk func(string, map[string]any)
	walk = func(path string, tree map[string]any) {
		for k, v := range tree {
			switch v := v.(type) {
			case map[string]any:
				walk(path+k+".", v)
			case string:
				out[path+k] = v
			default:
				t.Errorf("%s: %s%s is not a text", tag, path, k)
			}
		}
	}
	read := func(file, prefix string) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := yaml.Unmarshal(data, &tree); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		walk(prefix, tree)
	}
	read(filepath.Join("messages", tag+".yaml"), "")
	rooms, err := filepath.Glob(filepath.Join("messages", "*", "*."+tag+".yaml"))
	if err != nil || len(rooms) == 0 {
		t.Fatalf("no rooms of %s: %v", tag, err)
	}
	for _, file := range rooms {
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		read(file, filepath.Base(filepath.Dir(file))+"."+name+".")
	}
	return out
}

var hole = regexp.MustCompile(`\{[a-z0-9]+\}`)

func holes(s string) []string {
	all := hole.FindAllString(s, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// TestEveryLanguageSaysEverything holds keys and placeholders of all languages against the English ones.
func TestEveryLanguageSaysEverything(t *testing.T) {
	english := flat(t, "en")
	for _, tag := range lang.Tags()[1:] {
		own := flat(t, tag)
		for key, text := range english {
			if own[key] == "" {
				t.Errorf("%s lacks %s", tag, key)
				continue
			}
			if free := strings.HasPrefix(key, "format."); !free && !slices.Equal(holes(text), holes(own[key])) {
				t.Errorf("%s: %s has placeholders %v, English %v", tag, key, holes(own[key]), holes(text))
			}
		}
		for key := range own {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %s, which English lacks", tag, key)
			}
		}
	}
}

// TestTheSourceAsksForWhatIsThere finds every message that the source names.
func TestTheSourceAsksForWhatIsThere(t *testing.T) {
	english := lang.English()
	asked := 0
	for _, dir := range []string{filepath.Join("..", "report"), filepath.Join("..", "chart"), filepath.Join("..", "..", "tui"), "."} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				f, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || !slices.Contains([]string{"t", "n", "T", "N", "labelled"}, f.Sel.Name) {
					return true
				}
				lit, ok := call.Args[0].(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				key, err := strconv.Unquote(lit.Value)
				if err == nil && !strings.HasSuffix(key, ".") && !strings.HasSuffix(key, "_") {
					asked++
					if !english.Has(key) {
						t.Errorf("%s asks for %q, which is not there", path, key)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if asked < 150 {
		t.Errorf("found only %d messages in the source: the walk is broken", asked)
	}
}

func words(t *testing.T, tag string) *lang.Words {
	t.Helper()
	w, err := lang.Get(tag)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestNumbersAsTheStandardHasThem compares with CLDR.
func TestNumbersAsTheStandardHasThem(t *testing.T) {
	for _, tag := range lang.Tags() {
		p := message.NewPrinter(language.MustParse(tag))
		for _, v := range []float64{0, 1, -12.5, 999, 1234, 12345.678, -1234567.8} {
			want := p.Sprint(number.Decimal(v, number.MaxFractionDigits(1), number.MinFractionDigits(1)))
			want = strings.NewReplacer("-", "−", "\u00a0", "\u202f").Replace(want)
			if got := words(t, tag).Number(v, 1); got != want && !(tag == "es" && v == 1234) {
				t.Errorf("%s: %v is %q, CLDR has %q", tag, v, got, want)
			}
		}
	}
}

func TestPlurals(t *testing.T) {
	for _, c := range []struct {
		tag  string
		n    int
		want string
	}{
		{"en", 1, "of 1 test"}, {"en", 0, "of 0 tests"}, {"de", 2, "von 2 Tests"}, {"fr", 0, "sur 0 test"}, {"fr", 2, "sur 2 tests"}, {"es", 1, "de 1 prueba"}, {"es", 1000000, "de 1.000.000 pruebas"},
	} {
		if got := words(t, c.tag).N("tile.of_tests", c.n); got != c.want {
			t.Errorf("%s %d: %q, want %q", c.tag, c.n, got, c.want)
		}
	}
}

func TestDatesAndDurations(t *testing.T) {
	at := time.Date(2026, 3, 5, 7, 4, 0, 0, time.UTC)
	for tag, want := range map[string]string{"en": "5 March 2026", "de": "5. März 2026", "es": "5 de marzo de 2026", "fr": "5 mars 2026"} {
		if got := words(t, tag).Date(at); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	w := words(t, "en")
	for d, want := range map[time.Duration]string{0: "0 s", 59 * time.Second: "59 s", 61 * time.Second: "1 min 1 s", 12*time.Minute + 8*time.Second: "12 min", 90 * time.Minute: "1 h 30 min", -time.Hour: "0 s"} {
		if got := w.Duration(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
	if got := w.List([]string{"a", "b", "c"}); got != "a, b and c" {
		t.Error(got)
	}
}

func TestTagsAsSystemsWriteThem(t *testing.T) {
	for tag, want := range map[string]string{"": "en", "de-AT": "de", "fr_CA.UTF-8": "fr", "es_ES": "es", "EN-gb": "en"} {
		if got := words(t, tag).Tag(); got != want {
			t.Errorf("%q is %q, want %q", tag, got, want)
		}
	}
	for _, tag := range []string{"tlh-x", "zz", "ja", "!"} {
		if _, err := lang.Get(tag); err == nil {
			t.Errorf("%q: want an error", tag)
		}
	}
}
