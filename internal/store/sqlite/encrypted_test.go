package sqlite_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

func TestNothingOfAnEncryptedFileCanBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	tenant, err := opened(t, path, secret).For(t.Context(), fleet.Local)
	if err != nil {
		t.Fatal(err)
	}
	err = tenant.Update(t.Context(), func(tx store.Tx) error {
		return tx.Vehicles().Put(t.Context(), &fleet.Vehicle{VIN: "1HGCM82633A004352", Label: "the mayor's car"})
	})
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(path + "*")
	if err != nil || len(names) < 2 {
		t.Fatalf("want the file and its log, got %v, %v", names, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "-shm") {
			continue // an index of the log's pages, without their content
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"SQLite format 3", "CREATE TABLE", "1HGCM82633A004352", "mayor"} {
			if bytes.Contains(data, []byte(word)) {
				t.Errorf("%s holds %q", filepath.Base(name), word)
			}
		}
	}
}

func TestAFileOpensOnlyByItsKindAndKey(t *testing.T) {
	dir := t.TempDir()
	plain, locked := filepath.Join(dir, "plain.db"), filepath.Join(dir, "locked.db")
	for path, e := range map[string]sqlite.Engine{plain: sqlite.Plain{}, locked: secret} {
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{Engine: e})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name, path string
		engine     sqlite.Engine
		kind       errs.Kind
	}{
		{"another key", locked, sqlite.Encrypted{Key: [sqlite.KeySize]byte{7, 40: 1}}, errs.Denied},
		{"no key", locked, sqlite.Plain{}, errs.BadInput},
		{"a key for a plain file", plain, secret, errs.Usage},
	} {
		before, err := os.ReadFile(test.path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = sqlite.Open(t.Context(), test.path, sqlite.Options{Engine: test.engine})
		if errs.KindOf(err) != test.kind || errs.HintOf(err) == "" {
			t.Errorf("%s: %v (%v), hint %q", test.name, err, errs.KindOf(err), errs.HintOf(err))
		}
		if after, _ := os.ReadFile(test.path); !bytes.Equal(before, after) {
			t.Errorf("%s: the file was changed", test.name)
		}
	}
}

func TestTheKeyIsNotPrinted(t *testing.T) {
	e, err := sqlite.ParseKey(strings.Repeat("ab", sqlite.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", e, e, e, e); strings.Contains(text, "171") || strings.Contains(text, "ab ab") || strings.Contains(text, "0xab") {
		t.Error(text)
	}
	if _, err := sqlite.ParseKey("abc"); errs.KindOf(err) != errs.Usage {
		t.Error(err)
	}
}
