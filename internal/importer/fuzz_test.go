package importer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/importer"
	"github.com/fleetms/obdctl/internal/obd"
)

// strictSink holds what every sink may rely on.
type strictSink struct {
	t     *testing.T
	count int
}

func (s *strictSink) Readings(_ context.Context, _ importer.Vehicle, batch []obd.Reading) (int, error) {
	for i, r := range batch {
		switch {
		case r.Signal == "" || len(r.Signal) > 256:
			s.t.Errorf("signal %q", r.Signal)
		case r.At.IsZero() || r.At.Year() < 1900 || r.At.Year() > 2300:
			s.t.Errorf("%s at %s", r.Signal, r.At)
		case r.Value != r.Value || r.Value-r.Value != 0:
			s.t.Errorf("%s is %v", r.Signal, r.Value)
		case i > 0 && disordered(batch[i-1], r):
			s.t.Errorf("%s at %s comes after %s at %s", r.Signal, r.At, batch[i-1].Signal, batch[i-1].At)
		}
	}
	s.count += len(batch)
	return len(batch), nil
}

func (s *strictSink) Scan(context.Context, importer.Vehicle, *obd.Scan, []byte) error { return nil }

// seeds are the logs of the golden tests, compressed ones too.
func seeds(f *testing.F) {
	err := filepath.WalkDir(filepath.Join("testdata", "logs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		f.Add(data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x2b\xc9\xcc\x4d\x2d\x2e\x49\xcc\x2d\xd0\x29\x2a\xc8\xe5\x02\x00"))
}

// FuzzRun imports anything: no panic, no hang, readings in order and with times that exist, counts that fit.
func FuzzRun(f *testing.F) {
	seeds(f)
	zone := time.FixedZone("", 3600)
	f.Fuzz(func(t *testing.T, data []byte) {
		o := importer.Options{Zone: zone, Interpret: newToy, Limits: importer.Limits{Bytes: 8 << 20, Batch: 64}}
		s := &strictSink{t: t}
		sum, err := importer.Run(t.Context(), text("fuzz.csv", string(data)), o, s)
		if err == nil && int(sum.Readings) != s.count {
			t.Errorf("the summary counts %d readings, the sink %d", sum.Readings, s.count)
		}
		if len(sum.Rejects) > 100 || int64(len(sum.Rejects)) > sum.Rejected+sum.Partial {
			t.Errorf("%d rejects listed of %d", len(sum.Rejects), sum.Rejected+sum.Partial)
		}
		again, err2 := importer.Run(t.Context(), text("fuzz.csv", string(data)), o, &strictSink{t: t})
		if (err == nil) != (err2 == nil) || again.Key != sum.Key || again.Readings != sum.Readings {
			t.Errorf("twice is not the same: %d and %d readings, %v and %v", sum.Readings, again.Readings, err, err2)
		}
	})
}

// FuzzTable gives one column of titles and cells, which is closer to what tables are made of.
func FuzzTable(f *testing.F) {
	for _, row := range [][3]string{
		{"Engine RPM(rpm)", "2026-03-07 09:15:01", "1.850,5"}, {"ect_c", "1772871301", "82C"}, {"SAE.MAP inHg", "09:15:01.25", "11,8"},
		{"Notiz", "Sat Mar 07 09:15:01 GMT+01:00 2026", "\"a\nb\""}, {"VIN", "0.5", "1FADP3E21EL200017"}, {"ENGINE_RUN_TIME", "7", "00:03:02"},
	} {
		f.Add(row[0], row[1], row[2])
	}
	f.Fuzz(func(t *testing.T, title, at, cell string) {
		table := "time;" + title + ";RPM\n" + at + ";" + cell + ";900\n" + at + ";" + cell + ";901\n"
		s := &strictSink{t: t}
		if _, err := importer.Run(t.Context(), text("2026-03-07.csv", table), importer.Options{}, s); err == nil && s.count > 64 {
			t.Errorf("%d readings of two rows", s.count)
		}
	})
}

// FuzzMapping reads mapping files: what it takes must work on a table.
func FuzzMapping(f *testing.F) {
	f.Add([]byte("header: 1\ntime: {column: A, format: elapsed, unit: min}\ncolumns: {B: {signal: ECT, unit: °F, ecu: 7E8}}\n"))
	f.Add([]byte("delimiter: \";\"\ndecimal: \",\"\nothers: ignore\ninterval: 1s\nvehicle: {label: x}\ntrip: C\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := importer.ParseMapping("fuzz.yaml", data)
		if err != nil {
			return
		}
		_, _ = importer.Run(t.Context(), text("x", "A;B;C\n1;2;3\n2;3;4\n"), importer.Options{Mapping: m}, &strictSink{t: t})
	})
}

// FuzzArchive takes archives as they come through a pipe: whatever stands in one, each member ends with readings or a word.
func FuzzArchive(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{"a.csv": "timestamp,rpm\n1772871301,900\n", "deep/b.txt": "words", ".hidden": "x"} {
		w, err := z.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		_, _ = w.Write([]byte(content))
	}
	_ = z.Close()
	f.Add(b.Bytes())
	f.Add([]byte("timestamp,rpm\n1772871301,900\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for src, err := range importer.Files([]string{"-"}, bytes.NewReader(data)) {
			if err != nil {
				continue
			}
			o := importer.Options{Interpret: newToy, Limits: importer.Limits{Bytes: 8 << 20, Batch: 64}}
			_, _ = importer.Run(t.Context(), src, o, &strictSink{t: t})
		}
	})
}
