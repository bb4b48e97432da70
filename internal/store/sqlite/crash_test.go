package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// The test program is also the process that is killed: childEnv tells it which file to write.
const (
	childEnv  = "OBDCTL_STORE_CHILD"
	engineEnv = "OBDCTL_STORE_ENGINE"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		if err := saveForEver(path); err != nil {
			fmt.Printf("failed %v %v %s: %v\n", errs.KindOf(err), errors.Is(err, store.ErrReadOnly), errs.HintOf(err), err)
			os.Exit(3)
		}
	}
	os.Exit(m.Run())
}

// saveForEver saves scans and says so of each once the store said so.
func saveForEver(path string) error {
	ctx := context.Background()
	if err := limitFileSize(); err != nil {
		return err
	}
	s, err := sqlite.Open(ctx, path, sqlite.Options{Engine: engines[os.Getenv(engineEnv)]})
	if err != nil {
		return err
	}
	tenant, err := s.For(ctx, fleet.Local)
	if err != nil {
		return err
	}
	for {
		scan := largeScan()
		err := tenant.Update(ctx, func(tx store.Tx) error {
			_, err := tx.Scans().Put(ctx, scan, uuid.Nil, "")
			return err
		})
		if err != nil {
			return err
		}
		fmt.Println("saved", scan.ID)
	}
}

// largeScan is more than one page of every kind of row.
func largeScan() *obd.Scan {
	now := time.Now()
	s := &obd.Scan{Schema: obd.ScanSchema, ID: uuid.Must(uuid.NewV7()), Started: now, Ended: now, Vehicle: obd.Vehicle{VIN: "1HGCM82633A004352"}, Complete: []obd.Step{obd.StepStored}}
	for i := range 100 {
		r := obd.Reading{At: now.Add(time.Duration(i) * time.Millisecond), ECU: obd.CAN11(0x7E8), Signal: fmt.Sprint("S", i%20), Value: rand.Float64()}
		s.Readings = append(s.Readings, r)
	}
	s.Codes = []obd.DTC{{Code: fmt.Sprintf("P%04d", rand.IntN(4000)), Kind: obd.Stored, Description: "made up"}}
	return s
}

// child runs saveForEver on a file until stop says so of an acknowledged line, kills it, and returns what it said.
func child(t *testing.T, path, engine string, stop func(lines int) bool, env ...string) (saved []uuid.UUID, last string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), append(env, childEnv+"="+path, engineEnv+"="+engine)...)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		last = lines.Text()
		if id, ok := strings.CutPrefix(last, "saved "); ok {
			saved = append(saved, uuid.MustParse(id))
			if stop(len(saved)) {
				c.Process.Kill() // SIGKILL; what it says until then still counts
			}
		}
	}
	c.Wait()
	return saved, last
}

// intact opens the file again and wants every scan of the list, whole, and nothing broken.
func intact(t *testing.T, path string, e sqlite.Engine, saved []uuid.UUID) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{Engine: e})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tenant, err := s.For(t.Context(), fleet.Local)
	if err != nil {
		t.Fatal(err)
	}
	err = tenant.View(t.Context(), func(tx store.Tx) error {
		for _, id := range saved {
			s, err := tx.Scans().Get(t.Context(), id)
			if err != nil || len(s.Readings) != 100 {
				return fmt.Errorf("scan %s was said to be saved: %w", id, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	undamaged(t, path, e)
}

// undamaged checks the file, and that what is kept twice agrees.
func undamaged(t *testing.T, path string, e sqlite.Engine) {
	t.Helper()
	db := raw(t, path, e)
	defer db.Close()
	for query, want := range map[string]string{
		"PRAGMA integrity_check": "ok",
		`SELECT count(*) FROM (SELECT series, sum(n) AS n FROM rollups WHERE step = 15 GROUP BY series) a
			JOIN (SELECT series, count(*) AS n FROM readings GROUP BY series) b USING (series) WHERE a.n <> b.n`: "0",
		"SELECT count(*) FROM search_rows WHERE row NOT IN (SELECT rowid FROM search_words)":                                    "0",
		"SELECT count(*) FROM scans s WHERE deleted IS NULL AND NOT EXISTS (SELECT 1 FROM scan_codes c WHERE c.scan_id = s.id)": "0",
		"SELECT count(*) FROM scans s WHERE NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = s.id)":                             "0",
	} {
		var got string
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %s, %v", query, got, err)
		}
	}
}

func TestWhatWasSavedSurvivesAKill(t *testing.T) {
	for name, e := range engines {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "shop.db")
			var all []uuid.UUID
			for range 12 {
				at := 1 + rand.IntN(12)
				saved, _ := child(t, path, name, func(n int) bool { return n == at })
				if len(saved) < at {
					t.Fatalf("the child ended after %d of %d scans", len(saved), at)
				}
				all = append(all, saved...)
				intact(t, path, e, all)
			}
		})
	}
}

func TestSeveralProcessesWriteAtOnce(t *testing.T) {
	for name, e := range engines {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "shop.db") // they race to make it, too
			var each [3][]uuid.UUID
			var all sync.WaitGroup
			for i := range each {
				all.Go(func() { each[i], _ = child(t, path, name, func(n int) bool { return n == 8 }) })
			}
			all.Wait()
			for i, saved := range each {
				if len(saved) < 8 {
					t.Errorf("process %d saved %d", i, len(saved))
				}
			}
			intact(t, path, e, slices.Concat(each[:]...))
		})
	}
}
