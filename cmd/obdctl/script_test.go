package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"

	schemas "github.com/fleetms/obdctl/docs/schema"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"obdctl": main})
}

// TestScript runs the scripts of testdata/script against the real program, each in an empty home.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			for _, v := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"} {
				e.Setenv(v, filepath.Join(e.WorkDir, ".home"))
			}
			e.Setenv("TZ", "UTC")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"valid": valid, "serve": serve, "squeeze": squeeze, "madeup": drive},
	})
}

// squeeze FROM TO DROP writes a file compressed by gzip, less its last DROP bytes.
func squeeze(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: squeeze FROM TO DROP")
	}
	drop, err := strconv.Atoi(args[2])
	ts.Check(err)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err = z.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(z.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.Bytes()[:b.Len()-drop], 0o600))
}

// valid FILE holds each JSON document (or line) of a file against the schema that it names.
func valid(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: valid FILE")
	}
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	documents := 0
	for dec.More() {
		var doc map[string]any
		ts.Check(dec.Decode(&doc))
		name, _ := doc["schema"].(string)
		err := validate(name, doc)
		if (err != nil) != neg {
			ts.Fatalf("%s: %v", name, err)
		}
		documents++
	}
	if documents == 0 {
		ts.Fatalf("%s holds no document", args[0])
	}
}

func validate(name string, doc any) error {
	compiler := jsonschema.NewCompiler()
	for _, n := range schemas.Names() {
		data, _ := schemas.Bundle(n)
		parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
		if err != nil {
			return err
		}
		id, _ := parsed.(map[string]any)["$id"].(string)
		if err := compiler.AddResource(id, parsed); err != nil {
			return err
		}
	}
	data, ok := schemas.Bundle(name)
	if !ok {
		return os.ErrNotExist
	}
	var head struct {
		ID string `json:"$id"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return err
	}
	s, err := compiler.Compile(head.ID)
	if err != nil {
		return err
	}
	return s.Validate(doc)
}
