package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	schemas "github.com/fleetms/obdctl/docs/schema"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/internal/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds every report as text against what it was.
func TestGolden(t *testing.T) {
	for _, name := range report.Names() {
		for _, tag := range []string{"en", "de"} {
			t.Run(name+"/"+tag, func(t *testing.T) {
				golden(t, name+"."+tag+".md", render(t, build(t, name, whole(), options(t, tag)), "md", report.Render{}))
			})
		}
	}
	golden(t, "health.en.csv", render(t, build(t, "health", whole(), options(t, "en")), "csv", report.Render{}))
	golden(t, "codes.en.csv", render(t, build(t, "health", whole(), options(t, "en")), "csv", report.Render{Table: "codes"}))
	golden(t, "emissions.fr.json", render(t, build(t, "emissions", whole(), options(t, "fr")), "json", report.Render{}))
	golden(t, "trip.es.html", render(t, build(t, "trip", whole(), options(t, "es")), "html", report.Render{}))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", name, diff)
	}
}

// TestTheSameInputGivesTheSameBytes renders everything twice.
func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	for _, name := range report.Names() {
		for _, f := range report.Formats() {
			a := render(t, build(t, name, whole(), options(t, "en")), f.Name, report.Render{Paper: "letter"})
			b := render(t, build(t, name, whole(), options(t, "en")), f.Name, report.Render{Paper: "letter"})
			if !bytes.Equal(a, b) {
				t.Errorf("%s as %s: two runs differ", name, f.Name)
			}
			if len(a) == 0 {
				t.Errorf("%s as %s is empty", name, f.Name)
			}
		}
	}
}

// TestEveryLanguageHasEveryWord looks for messages that are missing or were not filled.
func TestEveryLanguageHasEveryWord(t *testing.T) {
	for _, tag := range lang.Tags() {
		for _, imperial := range []bool{false, true} {
			for _, name := range report.Names() {
				o := options(t, tag)
				o.Imperial = imperial
				text := string(render(t, build(t, name, whole(), o), "json", report.Render{}))
				for _, sign := range []string{"{{", "{n}", "{names}", "{codes}", "{a}", "NaN"} {
					if i := strings.Index(text, sign); i >= 0 {
						t.Errorf("%s in %s: %s", name, tag, text[max(0, i-60):min(len(text), i+60)])
					}
				}
			}
		}
	}
}

func TestDocumentsKeepTheirSchema(t *testing.T) {
	data, ok := schemas.Find("obdctl.report/1")
	if !ok {
		t.Fatal("no schema")
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range report.Names() {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(render(t, build(t, name, whole(), options(t, "en")), "json", report.Render{})))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := compiled.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestImperialUnitsAreForTheReader(t *testing.T) {
	o := options(t, "en")
	o.Imperial = true
	text := string(render(t, build(t, "trip", whole(), o), "md", report.Render{}))
	for _, want := range []string{"23.7\u00a0mi", "mph", "mpg", "201\u00a0°F"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

func TestSilenceIsNotHealth(t *testing.T) {
	s := sick()
	s.Codes, s.MIL, s.Complete, s.Tests, s.Readings = nil, false, nil, nil, nil
	s.Assessment.Findings = nil
	text := string(render(t, build(t, "health", report.Input{Scan: s}, options(t, "en")), "md", report.Render{}))
	if !strings.Contains(text, "Not enough could be read") || strings.Contains(text, "good health") {
		t.Error(text)
	}
}

func TestReportsSayWhatTheyLack(t *testing.T) {
	for _, name := range report.Names() {
		r, err := report.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Build(report.Input{}, report.Options{}); errs.KindOf(err) != errs.Usage {
			t.Errorf("%s of nothing: %v", name, err)
		}
	}
	if _, err := report.Find("weather"); errs.HintOf(err) == "" {
		t.Error("an unknown report wants a hint")
	}
	if _, err := report.FindFormat("doc"); errs.HintOf(err) == "" {
		t.Error("an unknown format wants a hint")
	}
}

func TestJSONIsOneDocument(t *testing.T) {
	var doc struct {
		Schema   string
		Sections []struct {
			Blocks []struct {
				Table *struct{ Rows [][]any }
			}
		}
	}
	if err := json.Unmarshal(render(t, build(t, "trip", whole(), options(t, "en")), "json", report.Render{}), &doc); err != nil {
		t.Fatal(err)
	}
	last := doc.Sections[len(doc.Sections)-1].Blocks[0].Table
	if doc.Schema != "obdctl.report/1" || last == nil || len(last.Rows) != 5 {
		t.Errorf("%+v", doc)
	}
}
