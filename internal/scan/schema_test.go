package scan_test

import (
	"bytes"
	"context"
	"encoding"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	schemas "github.com/fleetms/obdctl/docs/schema"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/obd"
)

var update = flag.Bool("update", false, "add new fields to the golden list")

const fieldsFile = "obdctl.scan-1.fields"

// document reads the committed schema as plain JSON values.
func document(t testing.TB, name string) map[string]any {
	t.Helper()
	data, ok := schemas.Find(name)
	if !ok {
		t.Fatalf("no schema %s among %v", name, schemas.Names())
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v.(map[string]any)
}

// strict makes every object of a schema refuse fields that it does not name: readers must accept them,
// but we must not write any that is not documented.
func strict(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"].(map[string]any); ok && v["type"] == "object" {
			v["additionalProperties"] = false
		}
		for _, child := range v {
			strict(child)
		}
	case []any:
		for _, child := range v {
			strict(child)
		}
	}
}

func compile(t testing.TB, name string) *jsonschema.Schema {
	t.Helper()
	doc := document(t, name)
	strict(doc)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("doc.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("doc.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, schema *jsonschema.Schema, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%v\n%s", err, data)
	}
	if bytes.Contains(data, []byte(":null")) {
		t.Errorf("null in %s", data)
	}
}

func TestScansAreValid(t *testing.T) {
	schema := compile(t, obd.ScanSchema)
	for name, car := range map[string]*diagtest.Car{
		"petrol": diagtest.Petrol(), "elder": diagtest.Elder(), "nothing": {Protocol: obd.CAN11x500},
		"nameless": {Protocol: obd.CAN29x500, Script: map[string]string{
			"0100": "- 410008180001", "0902": "- 490201314D3847444D3941584B50303432373838", "03": "- 43010301",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := run(t, context.Background(), car, fixed())
			validate(t, schema, s)
		})
	}
	t.Run("cut short", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		s, _ := run(t, ctx, diagtest.Petrol(), fixed())
		validate(t, schema, s)
	})
	t.Run("every field", func(t *testing.T) {
		s, _ := run(t, context.Background(), diagtest.Petrol(), fixed())
		validate(t, schema, everyField(s))
	})
}

// everyField sets what the scripted car does not have.
func everyField(s *obd.Scan) *obd.Scan {
	b := uint8(0x2F)
	r := obd.Reading{At: s.Started, ECU: obd.CAN29(0x18DAF110), Signal: "X", Name: "x", Value: 1, Text: "ON", Unit: "Cel", Absent: true}
	s.Codes = append(s.Codes, obd.DTC{Code: "U3FFF", ECU: obd.CAN11(0x758).WithExtension(0x0F), Kind: obd.Pending, Status: &b, FailureType: &b,
		Description: "d", System: "s", Severity: "low"})
	s.ECUs = append(s.ECUs, obd.ECU{Address: obd.NodeAddress(0x10), ESN: "e", Regulation: "r", Info: []obd.Reading{r},
		InUse: &obd.InUse{Counters: []obd.InUseCounter{{ID: "CAT1", Name: "c", Completions: 65535}}}})
	s.Unread = append(s.Unread, obd.Unread{Step: obd.StepTests, ECU: r.ECU, Request: "0601", Reason: obd.Refused, NRC: &b, Detail: "d"})
	f := 0.5
	s.Tests = append(s.Tests, obd.MonitorTest{TID: 1, Part: &b, Name: "n", TestName: "t", Min: &f, Max: &f, Unit: "V", Margin: &f, NotRun: true})
	s.Assessment.CloseToLimit = append(s.Assessment.CloseToLimit, obd.CloseCall{ECU: r.ECU, MID: &b, TID: 1, Name: "n", Margin: 0.01})
	s.Assessment.Coach = append(s.Assessment.Coach, obd.CoachStep{Monitor: obd.MonitorEvap, Advice: "a", Blocked: "b"})
	return s
}

func TestReadingLinesAreValid(t *testing.T) {
	s, _ := run(t, context.Background(), diagtest.Petrol(), fixed())
	schema := compile(t, "obdctl.reading/1")
	for _, r := range s.Readings {
		validate(t, schema, struct {
			Schema string `json:"schema"`
			obd.Reading
		}{"obdctl.reading/1", r})
	}
}

// beside is what the command line writes next to a scan, from the store: no part of it.
const beside = "predictions"

// TestSchemaOnlyGrows holds the fields of the Go types, of the schema and of the golden list against
// each other: none may go, and a new one stands in all three.
func TestSchemaOnlyGrows(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "schema", fieldsFile)
	written := goFields(reflect.TypeFor[obd.Scan](), "")
	doc := document(t, obd.ScanSchema)
	documented := schemaFields(t, doc, doc, "")
	slices.Sort(written)
	slices.Sort(documented)
	for _, f := range written {
		if !slices.Contains(documented, f) {
			t.Errorf("%s is written and not in the schema", f)
		}
	}
	for _, f := range documented {
		if !slices.Contains(written, f) && f != beside {
			t.Errorf("%s is in the schema and never written", f)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for f := range strings.FieldsSeq(string(golden)) {
		if !slices.Contains(written, f) {
			t.Errorf("%s is gone: readers rely on it", f)
		}
	}
	if now := strings.Join(written, "\n") + "\n"; *update && !t.Failed() {
		if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if now != string(golden) {
		t.Errorf("new fields: run the test with -update and commit %s", fieldsFile)
	}
}

// goFields lists the JSON paths of a type; an array's elements are "[]".
func goFields(typ reflect.Type, path string) []string {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	marshals := typ.Implements(reflect.TypeFor[encoding.TextMarshaler]()) || typ == reflect.TypeFor[time.Time]()
	switch {
	case marshals:
		return nil
	case typ.Kind() == reflect.Slice:
		return goFields(typ.Elem(), path+"[]")
	case typ.Kind() != reflect.Struct:
		return nil
	}
	var fields []string
	for f := range typ.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		child := strings.TrimPrefix(path+"."+name, ".")
		fields = append(append(fields, child), goFields(f.Type, child)...)
	}
	return fields
}

// schemaFields lists the same paths of a schema, and demands a description of each.
func schemaFields(t *testing.T, root, node map[string]any, path string) []string {
	if ref, ok := node["$ref"].(string); ok {
		target := root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		if node["description"] == nil && target["description"] == nil {
			t.Errorf("%s has no description", path)
		}
		return schemaFields(t, root, target, path)
	}
	if path != "" && node["description"] == nil {
		t.Errorf("%s has no description", path)
	}
	var fields []string
	if items, ok := node["items"].(map[string]any); ok {
		fields = append(fields, schemaFields(t, root, items, path+"[]")...)
	}
	properties, _ := node["properties"].(map[string]any)
	for name, child := range properties {
		p := strings.TrimPrefix(path+"."+name, ".")
		fields = append(append(fields, p), schemaFields(t, root, child.(map[string]any), p)...)
	}
	return fields
}

func TestEveryFieldIsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "schema.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range goFields(reflect.TypeFor[obd.Scan](), "") {
		name := strings.TrimSuffix(f[strings.LastIndexByte(f, '.')+1:], "[]")
		if !bytes.Contains(text, []byte("| `"+name+"`")) {
			t.Errorf("docs/schema.md has no row for %s", f)
		}
	}
}
