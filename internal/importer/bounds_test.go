package importer_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/fleetms/obdctl/internal/importer"
)

const seconds = "Timestamp;%s\n1772871301;%s\n1772871302;%s\n1772871303;%s\n1772871304;%s\n"

// TestImpossibleValues costs a number its cell when its signal cannot be that, and never silently.
func TestImpossibleValues(t *testing.T) {
	for _, c := range []struct {
		title            string
		cells            [4]any
		readings         int64
		partial, outside int64
	}{
		{"Coolant temp (°C)", [4]any{"85", "999", "86", "86"}, 3, 1, 1},
		{"Speed (km/h)", [4]any{"50", "-50", "51", "-1"}, 2, 2, 2},
		{"Engine RPM", [4]any{"900", "99999", "901", "-1"}, 2, 2, 2},
		{"Latitude", [4]any{"49.1", "91", "49.2", "49.2"}, 3, 1, 1},
		{"Fuel level (%)", [4]any{"100.3", "100", "99", "0"}, 4, 0, 0}, // rounding is no mistake
		{"Boost feeling", [4]any{"1e6", "-1e6", "0", "3"}, 4, 0, 0},    // a signal of its own can be anything
	} {
		content := fmt.Sprintf(seconds, append([]any{c.title}, c.cells[:]...)...)
		sum, _, err := run(t, "x.csv", content, options(t))
		if err != nil || sum.Readings != c.readings || sum.Partial != c.partial || sum.Columns[1].Outside != c.outside {
			t.Errorf("%s: %d readings, %d partial, %d outside, %v", c.title, sum.Readings, sum.Partial, sum.Columns[1].Outside, err)
		}
		if told := strings.Contains(strings.Join(sum.Notes, "\n"), "impossible"); told != (c.outside > 0) {
			t.Errorf("%s: notes %q", c.title, sum.Notes)
		}
		o := options(t)
		o.KeepImpossible = true
		if all, _, err := run(t, "x.csv", content, o); err != nil || all.Readings != 4 || all.Key == sum.Key {
			t.Errorf("%s kept: %d readings, %v", c.title, all.Readings, err)
		}
	}
}

// TestWrongUnits keeps a column that cannot be what its title says apart, and tells of one that only looks odd.
func TestWrongUnits(t *testing.T) {
	for _, c := range []struct {
		title, cell, signal, note string
	}{
		{"Battery voltage", "12300", "BATTERY_VOLTAGE", "cannot be VPWR"},
		{"Coolant temp", "195", "ECT", "names no unit"},
		{"Coolant temp (°F)", "195", "ECT", ""},
		{"Barometric pressure", "29.9", "BARO", "names no unit"},
		{"Coolant temp", "88", "ECT", ""},
	} {
		content := fmt.Sprintf(seconds, c.title, c.cell, c.cell, c.cell, c.cell)
		sum, _, err := run(t, "x.csv", content, options(t))
		if err != nil || sum.Readings != 4 || sum.Columns[1].Signal != c.signal {
			t.Errorf("%s: %d readings of %s, %v", c.title, sum.Readings, sum.Columns[1].Signal, err)
		}
		noted := slices.ContainsFunc(sum.Notes, func(n string) bool { return strings.Contains(n, c.title) })
		if noted != (c.note != "") || !strings.Contains(strings.Join(sum.Notes, "\n"), c.note) {
			t.Errorf("%s: notes %q, want %q", c.title, sum.Notes, c.note)
		}
	}
}

// TestCutStreams keeps what came before the damage of a compressed file, and says that it is not all.
func TestCutStreams(t *testing.T) {
	var b strings.Builder
	b.WriteString("timestamp,rpm\n")
	for i := range 50_000 {
		fmt.Fprintf(&b, "%d,%d\n", 1772871301+i, 900+i*7919%1000)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(b.String()))
	_ = z.Close()
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	std := enc.EncodeAll([]byte(b.String()), nil)
	spoiled := bytes.Clone(std)
	copy(spoiled[len(spoiled)/2:], "spoiled spoiled spoiled")
	for _, c := range []struct {
		name    string
		content []byte
		cut     bool
	}{
		{"gzip", zipped.Bytes(), false}, {"gzip cut", zipped.Bytes()[:zipped.Len()/2], true}, {"gzip without its sum", zipped.Bytes()[:zipped.Len()-6], true},
		{"zstd", std, false}, {"zstd cut", std[:len(std)/2], true}, {"zstd spoiled", spoiled, true},
	} {
		sum, _, err := run(t, "x.csv", string(c.content), options(t))
		if err != nil || sum.Cut != c.cut || sum.Readings == 0 || c.cut != (sum.Rejected > 0) || !c.cut && sum.Readings != 50_000 {
			t.Errorf("%s: cut %v, %d readings, %d rejected, %v", c.name, sum.Cut, sum.Readings, sum.Rejected, err)
		}
		if _, cut, err := importer.Key(t.Context(), text("x.csv", string(c.content)), options(t)); err != nil || cut != c.cut {
			t.Errorf("%s: key cut %v, %v", c.name, cut, err)
		}
	}
}

// TestPipedArchives reads archives that come through a pipe, holds their members to the ratio, and tells a workbook.
func TestPipedArchives(t *testing.T) {
	zipped := func(names []string, content string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range names {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = w.Write([]byte(content))
		}
		_ = z.Close()
		return b.Bytes()
	}
	const log = "timestamp,rpm\n1772871301,900\n"
	for _, c := range []struct {
		name    string
		content []byte
		want    string // of an error
		files   int
	}{
		{"logs", zipped([]string{"a.csv", "b/c.csv"}, log), "", 2},
		{"no archive", []byte(log), "", 1},
		{"workbook", zipped([]string{"a.xml", "xl/workbook.xml"}, log), "Excel workbook", 1},
		{"bomb", zipped([]string{"a.csv"}, log+strings.Repeat(strings.Repeat("x", 2<<20)+"\n", 40)), "grows beyond all measure", 1},
		{"cut", zipped([]string{"a.csv"}, log)[:60], "not a valid zip file", 1},
	} {
		files, failed := 0, ""
		for src, err := range importer.Files([]string{"-"}, bytes.NewReader(c.content)) {
			files++
			if err == nil {
				_, err = importer.Run(t.Context(), src, options(t), &countSink{})
			}
			if err != nil {
				failed = err.Error()
			}
		}
		if files != c.files || (failed != "") != (c.want != "") || !strings.Contains(failed, c.want) {
			t.Errorf("%s: %d files, %q", c.name, files, failed)
		}
	}
}
