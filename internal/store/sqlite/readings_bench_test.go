package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// rowsEnv sets how many readings the benchmarks work on: 100000000 for the whole claim.
const rowsEnv = "OBDCTL_BENCH_READINGS"

func benchRows(b *testing.B) int {
	text := os.Getenv(rowsEnv)
	if text == "" {
		return 400_000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%s=%q is no number", rowsEnv, text)
	}
	return n
}

var benchStart = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// batch is n readings of one signal from a number on, every step.
func batch(signal string, from, n int, step time.Duration) []obd.Reading {
	list := make([]obd.Reading, n)
	for i := range list {
		k := from + i
		list[i] = obd.Reading{At: benchStart.Add(time.Duration(k) * step), ECU: obd.CAN11(0x7E8), Signal: signal, Value: math.Round(800 + 400*math.Sin(float64(k)/50))}
	}
	return list
}

// batchSize is what an importer adds at once.
const batchSize = 10_000

// BenchmarkAdd measures what the store's own work costs: the same rows go to a bare table of the same shape by the
// same driver, in turn, in one run. The ratio is the store's rate over the bare one.
func BenchmarkAdd(b *testing.B) {
	for name, e := range engines {
		b.Run(name, func(b *testing.B) {
			tenant, vehicle, _ := benchStore(b, filepath.Join(b.TempDir(), "shop.db"), e)
			db := raw(b, filepath.Join(b.TempDir(), "bare.db"), e)
			defer db.Close()
			prepareBare(b, db)
			var ours, bare time.Duration
			rows := 0
			b.ResetTimer()
			for range b.N {
				list := batch("RPM", rows, batchSize, 50*time.Millisecond)
				start := time.Now()
				add(b, tenant, vehicle, list)
				ours += time.Since(start)
				start = time.Now()
				addBare(b, db, list)
				bare += time.Since(start)
				rows += batchSize
			}
			b.ReportMetric(float64(rows)/ours.Seconds(), "rows/s")
			b.ReportMetric(float64(rows)/bare.Seconds(), "bare-rows/s")
			b.ReportMetric(bare.Seconds()/ours.Seconds(), "ratio")
		})
	}
}

func benchStore(b testing.TB, path string, e sqlite.Engine) (store.Tenant, uuid.UUID, *sqlite.Store) {
	b.Helper()
	s, err := sqlite.Open(b.Context(), path, sqlite.Options{Engine: e})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	tenant, err := s.For(b.Context(), fleet.Local)
	if err != nil {
		b.Fatal(err)
	}
	v := fleet.Vehicle{Label: "bench"}
	if err := tenant.Update(b.Context(), func(tx store.Tx) error { return tx.Vehicles().Put(b.Context(), &v) }); err != nil {
		b.Fatal(err)
	}
	return tenant, v.ID, s
}

func add(b testing.TB, tenant store.Tenant, vehicle uuid.UUID, list []obd.Reading) {
	b.Helper()
	err := tenant.Update(b.Context(), func(tx store.Tx) error {
		n, err := tx.Readings().Add(b.Context(), vehicle, list)
		if err == nil && n != len(list) {
			err = fmt.Errorf("%d of %d are new", n, len(list))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

func prepareBare(b *testing.B, db *sql.DB) {
	b.Helper()
	db.SetMaxOpenConns(1)
	for _, query := range []string{
		"PRAGMA journal_mode = wal", "PRAGMA synchronous = full", "PRAGMA cache_size = -16000", "PRAGMA wal_autocheckpoint = 4000",
		"CREATE TABLE readings (series INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (series, at)) WITHOUT ROWID",
	} {
		if _, err := db.Exec(query); err != nil {
			b.Fatal(err)
		}
	}
}

func addBare(b *testing.B, db *sql.DB, list []obd.Reading) {
	b.Helper()
	const at = 256
	ctx := context.Background()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer tx.Rollback()
	many, err := tx.Prepare("INSERT OR IGNORE INTO readings VALUES (?, ?, ?)" + strings.Repeat(", (?, ?, ?)", at-1))
	if err != nil {
		b.Fatal(err)
	}
	args := make([]any, 0, 3*at)
	for start := 0; start < len(list); start += at {
		part := list[start:min(start+at, len(list))]
		args = args[:0]
		for _, r := range part {
			args = append(args, int64(1), r.At.UnixMicro(), r.Value)
		}
		if len(part) == at {
			_, err = many.Exec(args...)
		} else {
			_, err = tx.Exec("INSERT OR IGNORE INTO readings VALUES (?, ?, ?)"+strings.Repeat(", (?, ?, ?)", len(part)-1), args...)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkReadings asks a file of many readings: ten signals, the first at 20 Hz, the others at 1 Hz.
func BenchmarkReadings(b *testing.B) {
	rows := benchRows(b)
	path := filepath.Join(b.TempDir(), "shop.db")
	tenant, vehicle, s := benchStore(b, path, sqlite.Plain{})
	each := rows / 10
	for n := range 10 {
		step := time.Second
		if n == 0 {
			step = 50 * time.Millisecond
		}
		for from := 0; from < each; from += batchSize {
			add(b, tenant, vehicle, batch(fmt.Sprintf("S%d", n), from, min(batchSize, each-from), step))
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	again := opened(b, path, sqlite.Plain{})
	if tenant, err = again.For(b.Context(), fleet.Local); err != nil {
		b.Fatal(err)
	}
	day := func(signal string) store.Span {
		return store.Span{VehicleID: vehicle, Signals: []string{signal}, From: benchStart.Add(time.Hour), Until: benchStart.Add(25 * time.Hour)}
	}
	for _, q := range []struct {
		name string
		ask  func(store.Tx) error
	}{
		{"first row", func(tx store.Tx) error {
			return tx.Readings().Each(b.Context(), day("S5"), func(obd.Reading) bool { return false })
		}},
		{"plot a day at 1 Hz", func(tx store.Tx) error { _, err := tx.Readings().Plot(b.Context(), day("S5"), 800); return err }},
		{"plot a day at 20 Hz", func(tx store.Tx) error { _, err := tx.Readings().Plot(b.Context(), day("S0"), 800); return err }},
		{"series", func(tx store.Tx) error { _, err := tx.Readings().Series(b.Context(), vehicle); return err }},
	} {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				if err := tenant.View(b.Context(), q.ask); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(info.Size())/float64(10*each), "B/reading")
		})
	}
}
