package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// furnished makes a closed database with a vehicle, a scan, readings of three hours and a file.
func furnished(t testing.TB, e sqlite.Engine) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shop.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{Engine: e})
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := s.For(t.Context(), fleet.Local)
	if err != nil {
		t.Fatal(err)
	}
	if err := tenant.Update(t.Context(), furnish(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

var furnishedAt = time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)

func furnish(ctx context.Context) func(store.Tx) error {
	return func(tx store.Tx) error {
		v := fleet.Vehicle{VIN: "1HGCM82633A004352", Label: "the mayor's car"}
		if err := tx.Vehicles().Put(ctx, &v); err != nil {
			return err
		}
		scan := &obd.Scan{
			Schema: obd.ScanSchema, ID: uuid.Must(uuid.NewV7()), Started: furnishedAt, Ended: furnishedAt, Vehicle: obd.Vehicle{VIN: v.VIN},
			Codes: []obd.DTC{{Code: "P0301", ECU: 0x7E8, Kind: obd.Stored}},
		}
		if _, err := tx.Scans().Put(ctx, scan, v.ID, ""); err != nil {
			return err
		}
		var readings []obd.Reading
		for n := range 3 * 3600 {
			readings = append(readings, obd.Reading{At: furnishedAt.Add(time.Duration(n) * time.Second), ECU: 0x7E8, Signal: "RPM", Value: float64(800 + n%700), Unit: "/min"})
		}
		if _, err := tx.Readings().Add(ctx, v.ID, readings); err != nil {
			return err
		}
		f := fleet.File{Subject: fleet.Subject{VehicleID: &v.ID}, Name: "brake.jpg", Kind: "photo"}
		return tx.Files().Put(ctx, &f, bytes.NewReader(bytes.Repeat([]byte("photo"), 100_000)))
	}
}

// whole makes sure that a file of furnished is whole and holds what it held.
func whole(t testing.TB, path string, e sqlite.Engine) {
	t.Helper()
	found, err := sqlite.Check(t.Context(), path, sqlite.CheckOptions{Engine: e, Full: true})
	if err = errors.Join(err, sqlite.Err(path, found)); err != nil {
		t.Fatal(err)
	}
	i, err := sqlite.Look(t.Context(), path, e, true)
	if err != nil || i.Counts["scans"] != 1 || i.Readings != 3*3600 || i.Counts["files"] != 1 {
		t.Fatalf("%+v, %v", i, err)
	}
}

func TestABackupIsWholeWhileOthersWrite(t *testing.T) {
	path := furnished(t, nil)
	tenant := tenantOf(t, path)
	stop, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				ended <- nil
				return
			default:
			}
			if err := tenant.Update(context.WithoutCancel(t.Context()), func(tx store.Tx) error {
				return tx.Notes().Put(t.Context(), &fleet.Note{Text: "written meanwhile"})
			}); err != nil {
				ended <- err
				return
			}
		}
	}()
	to := filepath.Join(t.TempDir(), "backup.db")
	for range 5 {
		c, err := sqlite.Backup(t.Context(), path, to, sqlite.BackupOptions{Replace: true})
		if err != nil || c.Bytes == 0 || len(c.SHA256) != 64 {
			t.Fatalf("%+v, %v", c, err)
		}
		whole(t, to, sqlite.Plain{})
	}
	close(stop)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := sqlite.Backup(t.Context(), path, to, sqlite.BackupOptions{}); errs.KindOf(err) != errs.Usage {
		t.Errorf("over another backup: %v", err)
	}
	if _, err := sqlite.Backup(t.Context(), path, path, sqlite.BackupOptions{Replace: true}); errs.KindOf(err) != errs.Usage {
		t.Errorf("over itself: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(to), "*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func tenantOf(t testing.TB, path string) store.Tenant {
	t.Helper()
	tenant, err := opened(t, path, sqlite.Plain{}).For(t.Context(), fleet.Local)
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

// xored is a seal that a test can see through.
func xored(w io.Writer) (io.WriteCloser, error) {
	_, err := io.WriteString(w, "xor:")
	return mask{w: w}, err
}

type mask struct {
	w io.Writer
	r io.Reader
}

func (m mask) Write(p []byte) (int, error) { return m.w.Write(flip(bytes.Clone(p))) }
func (m mask) Close() error                { return nil }
func (m mask) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	flip(p[:n])
	return n, err
}

func flip(p []byte) []byte {
	for i := range p {
		p[i] ^= 0x5A
	}
	return p
}

func restoring(to sqlite.Engine) sqlite.RestoreOptions {
	return sqlite.RestoreOptions{
		Engine: to, Old: to, Busy: 50 * time.Millisecond,
		Sealed: func(head []byte) bool { return bytes.HasPrefix(head, []byte("xor:")) },
		Open: func(r io.Reader, _ []byte) (io.Reader, error) {
			_, err := io.CopyN(io.Discard, r, 4)
			return mask{r: r}, err
		},
	}
}

func TestABackupComesBackInAnyKindOfFile(t *testing.T) {
	for from, e := range engines {
		path := furnished(t, e)
		backup := filepath.Join(t.TempDir(), "shop.backup")
		if _, err := sqlite.Backup(t.Context(), path, backup, sqlite.BackupOptions{Engine: e, Seal: xored}); err != nil {
			t.Fatal(from, err)
		}
		for to, e := range engines {
			path := furnished(t, e)
			aside, err := sqlite.Restore(t.Context(), backup, path, restoring(e))
			if err != nil {
				t.Fatalf("%s to %s: %v", from, to, err)
			}
			whole(t, path, e)
			whole(t, aside, e)
			elsewhere := filepath.Join(t.TempDir(), "new.db")
			if aside, err := sqlite.Restore(t.Context(), backup, elsewhere, restoring(e)); err != nil || aside != "" {
				t.Fatal(aside, err)
			}
			whole(t, elsewhere, e)
		}
	}
}

func TestAnEncryptedDatabaseHasNoPlainBackup(t *testing.T) {
	path := furnished(t, secret)
	to := filepath.Join(t.TempDir(), "backup.db")
	if _, err := sqlite.Backup(t.Context(), path, to, sqlite.BackupOptions{Engine: secret}); errs.KindOf(err) != errs.Usage || errs.HintOf(err) == "" {
		t.Error(err)
	}
}

func TestABadBackupReplacesNothing(t *testing.T) {
	path, backup := furnished(t, nil), filepath.Join(t.TempDir(), "backup.db")
	if _, err := sqlite.Backup(t.Context(), path, backup, sqlite.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	intact, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	torn := bytes.Clone(intact)
	for i := 4096 * 20; i < 4096*40; i++ {
		torn[i] ^= 0xFF
	}
	newer := bytes.Clone(intact)
	newer[60] = 1 // user_version, the first of four bytes
	foreign := bytes.Clone(intact)
	foreign[68]++ // application_id
	for name, data := range map[string][]byte{
		"empty": {}, "cut": intact[:len(intact)/2/4096*4096], "cut within a page": intact[:len(intact)/2+5], "head only": intact[:100],
		"torn": torn, "newer": newer, "foreign": foreign, "a letter": []byte("Dear customer, your car is ready."),
	} {
		if err := os.WriteFile(backup, data, 0o600); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(path)
		_, err := sqlite.Restore(t.Context(), backup, path, restoring(sqlite.Plain{}))
		if errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
			t.Errorf("%s: %v, hint %q", name, err, errs.HintOf(err))
		}
		if name == "newer" && !errors.Is(err, store.ErrNewer) {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Errorf("%s: the database was changed", name)
		}
		if left, _ := filepath.Glob(path + "*"); len(left) != 1 {
			t.Errorf("%s: left behind: %v", name, left)
		}
	}
}

func TestADatabaseInUseIsNotReplaced(t *testing.T) {
	for name, e := range engines {
		path := furnished(t, e)
		backup := filepath.Join(t.TempDir(), "b")
		if _, err := sqlite.Backup(t.Context(), path, backup, sqlite.BackupOptions{Engine: e, Seal: xored}); err != nil {
			t.Fatal(err)
		}
		s := opened(t, path, e)
		if _, err := s.For(t.Context(), fleet.Local); err != nil {
			t.Fatal(err)
		}
		if _, err := sqlite.Restore(t.Context(), backup, path, restoring(e)); errs.KindOf(err) != errs.Denied || !strings.Contains(err.Error(), "in use") {
			t.Errorf("%s: restore: %v", name, err)
		}
		if err := sqlite.Recode(t.Context(), path, sqlite.Recoding{From: e, To: sqlite.Plain{}, Busy: 50 * time.Millisecond}); errs.KindOf(err) != errs.Denied || !strings.Contains(err.Error(), "in use") {
			t.Errorf("%s: recode: %v", name, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		whole(t, path, e)
	}
}

func TestADamagedDatabaseIsReplacedAndKept(t *testing.T) {
	path, backup := furnished(t, nil), filepath.Join(t.TempDir(), "b")
	if _, err := sqlite.Backup(t.Context(), path, backup, sqlite.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte("SQLite format 3\x00"), bytes.Repeat([]byte{0xA5}, 8192)...), 0o600); err != nil {
		t.Fatal(err)
	}
	aside, err := sqlite.Restore(t.Context(), backup, path, restoring(sqlite.Plain{}))
	if err != nil {
		t.Fatal(err)
	}
	whole(t, path, sqlite.Plain{})
	if info, err := os.Stat(aside); err != nil || info.Size() != 8192+16 {
		t.Errorf("what was there is kept: %v", err)
	}
}

func TestAFileIsRecodedThereAndBack(t *testing.T) {
	path := furnished(t, nil)
	before, err := sqlite.Look(t.Context(), path, sqlite.Plain{}, false)
	if err != nil {
		t.Fatal(err)
	}
	other := sqlite.Encrypted{Key: [sqlite.KeySize]byte{9, 40: 3}}
	at := sqlite.Engine(sqlite.Plain{})
	for _, to := range []sqlite.Engine{secret, other, sqlite.Plain{}} {
		var last, total int64
		err := sqlite.Recode(t.Context(), path, sqlite.Recoding{From: at, To: to, Progress: func(d, of int64) { last, total = d, of }})
		if err != nil {
			t.Fatal(err)
		}
		if last != total || total == 0 {
			t.Errorf("progress ended at %d of %d", last, total)
		}
		if err := at.Check(path); err == nil {
			t.Errorf("the file is still %v", at)
		}
		whole(t, path, to)
		at = to
	}
	after, err := sqlite.Look(t.Context(), path, at, false)
	if err != nil || after.Readings != before.Readings || after.Counts["scans"] != before.Counts["scans"] {
		t.Errorf("%+v, %v", after, err)
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRecodingStopsWhereItIsNotReady(t *testing.T) {
	path := furnished(t, nil)
	want := errors.New("the keyring is locked")
	err := sqlite.Recode(t.Context(), path, sqlite.Recoding{From: sqlite.Plain{}, To: secret, Ready: func() error { return want }})
	if !errors.Is(err, want) {
		t.Error(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sqlite.Recode(cancelled, path, sqlite.Recoding{From: sqlite.Plain{}, To: secret}); errs.KindOf(err) != errs.Cancelled {
		t.Error(err)
	}
	whole(t, path, sqlite.Plain{})
	if left, _ := filepath.Glob(path + "*"); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAnEncryptedFileThatIsDamagedIsToldFromAWrongKey(t *testing.T) {
	path := furnished(t, secret)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[3] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := secret.Check(path); errs.KindOf(err) != errs.Denied {
		t.Error(err)
	}
	known := secret
	known.Proven = true
	if err := known.Check(path); errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), "damaged") {
		t.Error(err)
	}
}

func TestCheckFindsWhatDoesNotAgree(t *testing.T) {
	for statement, want := range map[string]string{
		`UPDATE rollups SET hi = hi + 1 WHERE step = 3600`:                    "roll-ups",
		`DELETE FROM readings WHERE at % 2000000 = 0`:                         "roll-ups",
		`DELETE FROM rollups`:                                                 "roll-ups",
		`UPDATE file_pieces SET data = x'00414243', packed = 0 WHERE nth = 0`: "files",
		`DELETE FROM search_words`:                                            "search",
		`DELETE FROM search_rows WHERE kind = 'scan'`:                         "search",
		`DELETE FROM scans`:                                                   "scans of codes",
		`UPDATE vehicles SET scans = 7`:                                       "vehicles",
	} {
		path := furnished(t, nil)
		db := raw(t, path, sqlite.Plain{})
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
		db.Close()
		for _, full := range []bool{false, true} {
			found, err := sqlite.Check(t.Context(), path, sqlite.CheckOptions{Full: full})
			if err != nil {
				t.Fatal(err)
			}
			if err := sqlite.Err(path, found); errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), want) {
				t.Errorf("%s (full %t): %v", statement, full, err)
			}
		}
	}
}

func TestVacuumSweepsAndShrinks(t *testing.T) {
	for name, e := range engines {
		path := furnished(t, e)
		db := raw(t, path, e)
		for _, statement := range []string{`UPDATE vehicles SET deleted = 1`, `UPDATE files SET deleted = 1`, `UPDATE scans SET deleted = 1`} {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		db.Close()
		v, err := sqlite.Vacuum(t.Context(), path, sqlite.VacuumOptions{Engine: e})
		if err != nil {
			t.Fatal(name, err)
		}
		if v.Removed["readings"] != 3*3600 || v.Removed["pieces of files"] != 2 || v.Removed["deleted scans"] != 1 || v.After >= v.Before {
			t.Errorf("%s: %+v", name, v)
		}
		if v, err := sqlite.Vacuum(t.Context(), path, sqlite.VacuumOptions{Engine: e}); err != nil || len(v.Removed) != 0 {
			t.Errorf("%s: a second time: %+v, %v", name, v, err)
		}
	}
}
