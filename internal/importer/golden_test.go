package importer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/importer"
	"github.com/fleetms/obdctl/internal/obd"
)

var update = flag.Bool("update", false, "write the golden files anew")

// listSink writes down what it is given.
type listSink struct {
	b     strings.Builder
	count int
	scans []*obd.Scan
}

func (s *listSink) Readings(_ context.Context, v importer.Vehicle, batch []obd.Reading) (int, error) {
	for i, r := range batch {
		if i > 0 && disordered(batch[i-1], r) {
			return 0, fmt.Errorf("%s at %s comes after %s at %s", r.Signal, r.At, batch[i-1].Signal, batch[i-1].At)
		}
		value := strconv.FormatFloat(r.Value, 'g', -1, 64)
		if r.Text != "" {
			value = strconv.Quote(r.Text)
		}
		fmt.Fprintf(&s.b, "%s|%s|%s|%s|%s=%s|%s\n", v.VIN, v.Label, r.At.Format(time.RFC3339Nano), r.ECU, r.Signal, value, r.Unit)
	}
	s.count += len(batch)
	return len(batch), nil
}

// disordered tells that two readings do not come by signal, ECU and time.
func disordered(a, b obd.Reading) bool {
	if a.Signal != b.Signal {
		return a.Signal > b.Signal
	}
	return a.ECU > b.ECU || a.ECU == b.ECU && a.At.After(b.At)
}

func (s *listSink) Scan(_ context.Context, v importer.Vehicle, scan *obd.Scan, _ []byte) error {
	fmt.Fprintf(&s.b, "%s|%s|scan %s\n", v.VIN, v.Label, scan.ID)
	s.scans = append(s.scans, scan)
	return nil
}

// options are those of all tests here: a zone that is not UTC, and a tiny interpreter.
func options(t testing.TB) importer.Options {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	clock := time.Unix(0, 0)
	return importer.Options{Zone: zone, Interpret: newToy, Now: func() time.Time { clock = clock.Add(time.Second); return clock }}
}

// describe is what a golden file holds: the summary without what the content alone does not decide, and all readings.
func describe(t *testing.T, sum importer.Summary, s *listSink, err error) string {
	t.Helper()
	sum.Key, sum.Name = "", filepath.Base(sum.Name)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(sum); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	return b.String() + s.b.String()
}

// TestGolden imports the log of every program and compares all that came of it.
func TestGolden(t *testing.T) {
	root := filepath.Join("testdata", "logs")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(path) == "odd.yaml" {
			return err
		}
		t.Run(filepath.Base(path), func(t *testing.T) { golden(t, path) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func golden(t *testing.T, path string) {
	o := options(t)
	if data, err := os.ReadFile(strings.TrimSuffix(path, ".csv") + ".yaml"); err == nil && strings.HasSuffix(path, ".csv") {
		if o.Mapping, err = importer.ParseMapping("odd.yaml", data); err != nil {
			t.Fatal(err)
		}
	}
	s := &listSink{}
	sum, err := importer.Run(t.Context(), source(t, path), o, s)
	got := describe(t, sum, s, err)
	want := filepath.Join("testdata", "golden", filepath.Base(path)+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(want), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), got); diff != "" {
		t.Error(diff)
	}
}

func source(t testing.TB, path string) importer.Source {
	t.Helper()
	for src, err := range importer.Files([]string{path}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	t.Fatal("no file")
	return importer.Source{}
}
