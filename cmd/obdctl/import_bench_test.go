package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/importer"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// logOf is a log of ten signals, ten rows a second.
func logOf(rows int) string {
	var b strings.Builder
	b.WriteString("timestamp,rpm,speed,ect_c,map_kpa,iat_c,maf_gs,throttle,engine_load,battery_v,timing_advance\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d.%03d,%d,%d,%d,%d,%d,%d.%02d,%d.%d,%d.%d,14.%d,%d\n", 1772871301+i/10, i%10*100,
			900+i%3000, i%130, 80+i%10, 30+i%70, 20+i%15, i%60, i%100, 10+i%80, i%10, i%100, i%10, i%10, i%40)
	}
	return b.String()
}

// bareSink does what any program could not do without: one multi-row insert after another into a table of the same shape.
type bareSink struct {
	tx     *sql.Tx
	many   *sql.Stmt
	series map[string]int64
	n      int
}

const bareRows = 256

func (s *bareSink) Scan(context.Context, importer.Vehicle, *obd.Scan, []byte) error { return nil }

func (s *bareSink) Readings(ctx context.Context, _ importer.Vehicle, list []obd.Reading) (int, error) {
	s.n += len(list)
	args := make([]any, 0, 3*bareRows)
	for len(list) >= bareRows {
		args = args[:0]
		for _, r := range list[:bareRows] {
			id, ok := s.series[r.Signal]
			if !ok {
				id = int64(len(s.series))
				s.series[r.Signal] = id
			}
			args = append(args, id, r.At.UnixMicro(), r.Value)
		}
		if _, err := s.many.ExecContext(ctx, args...); err != nil {
			return 0, err
		}
		list = list[bareRows:]
	}
	return len(list), nil
}

// BenchmarkImport takes a log in as `obdctl import` does, trips and roll-ups with it, against a bare bulk insert of the
// same readings by the same driver in the same run. The ratio is the import's rate over the bare one; parsing is in both
// with "parsed", and only in ours with "ratio".
func BenchmarkImport(b *testing.B) {
	const rows = 100_000
	content := logOf(rows)
	src := importer.Source{Name: "log.csv", Group: "log.csv", Size: int64(len(content)), Opener: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
	var ours, bare, parse time.Duration
	readings := 0
	for range b.N {
		start := time.Now()
		readings += int(importOnce(b, src))
		ours += time.Since(start)
		took, parsed := bareOnce(b, src)
		bare, parse = bare+took, parse+parsed
	}
	b.ReportMetric(float64(readings)/ours.Seconds(), "readings/s")
	b.ReportMetric(float64(readings)/(bare-parse).Seconds(), "bare-readings/s")
	b.ReportMetric((bare-parse).Seconds()/ours.Seconds(), "ratio")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "parsed-ratio")
}

func importOnce(b *testing.B, src importer.Source) int64 {
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "shop.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	tenant, err := s.For(b.Context(), fleet.Local)
	if err != nil {
		b.Fatal(err)
	}
	k := &storeKeeper{tenant: tenant, known: map[string]fleet.Import{}, done: func() error { return nil }}
	sum, err := k.keep(b.Context(), src, importer.Options{}, false)
	if err != nil || sum.New == 0 {
		b.Fatal(sum.New, err)
	}
	return sum.New
}

// bareOnce reads and inserts, and says how much of that was reading.
func bareOnce(b *testing.B, src importer.Source) (all, parse time.Duration) {
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "bare.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, query := range []string{
		"PRAGMA journal_mode = wal", "PRAGMA synchronous = full", "PRAGMA cache_size = -16000", "PRAGMA wal_autocheckpoint = 4000",
		"CREATE TABLE readings (series INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (series, at)) WITHOUT ROWID",
	} {
		if _, err := db.Exec(query); err != nil {
			b.Fatal(err)
		}
	}
	start := time.Now()
	if _, err := importer.Run(b.Context(), src, importer.Options{}, nowhere{}); err != nil {
		b.Fatal(err)
	}
	parse = time.Since(start)
	start = time.Now()
	sink := &bareSink{series: map[string]int64{}}
	if sink.tx, err = db.Begin(); err == nil {
		sink.many, err = sink.tx.Prepare("INSERT OR IGNORE INTO readings VALUES (?, ?, ?)" + strings.Repeat(", (?, ?, ?)", bareRows-1))
	}
	if err == nil {
		_, err = importer.Run(b.Context(), src, importer.Options{}, sink)
	}
	if err == nil {
		err = sink.tx.Commit()
	}
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(start), parse
}
