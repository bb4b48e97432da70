package key_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/key"
)

// quick is a derivation that a test can wait for.
var quick = key.Derivation{Passes: 1, Memory: 8 << 10, Threads: 1, Salt: [key.SaltSize]byte{1, 2, 3}}

func TestAPassphraseGivesTheSameKeyAgain(t *testing.T) {
	k, err := quick.Key([]byte("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	again, _ := quick.Key([]byte("correct horse"))
	other, _ := quick.Key([]byte("correct house"))
	salted := quick
	salted.Salt[0]++
	elsewhere, _ := salted.Key([]byte("correct horse"))
	if k != again || k == other || k == elsewhere || k == (key.Key{}) {
		t.Error("a key depends on the passphrase and the salt, and on nothing else")
	}
	if n := key.NewNote(k, &quick); !n.Opens(again) || n.Opens(other) {
		t.Error("the note tells the right key from another one")
	}
}

func TestDerivationsOutOfBoundsAreRefused(t *testing.T) {
	for _, d := range []key.Derivation{{}, {Passes: 1, Memory: 1 << 31, Threads: 1}, {Passes: 1 << 30, Memory: 64 << 10, Threads: 1}, {Passes: 1, Memory: 1, Threads: 1}} {
		if _, err := d.Key(nil); errs.KindOf(err) != errs.BadInput {
			t.Errorf("%+v: %v", d, err)
		}
	}
}

func TestANoteComesBack(t *testing.T) {
	database := filepath.Join(t.TempDir(), "shop.db")
	if _, err := key.ReadNote(database); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	for _, n := range []key.Note{key.NewNote(key.New(), nil), key.NewNote(key.New(), &quick)} {
		if err := key.WriteNote(database, n); err != nil {
			t.Fatal(err)
		}
		got, err := key.ReadNote(database)
		if err != nil || !bytes.Equal(got.Bytes(), n.Bytes()) {
			t.Errorf("%s, %v", got.Bytes(), err)
		}
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(database), ".*"))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAKeyFileIsMadeOnce(t *testing.T) {
	path, k := filepath.Join(t.TempDir(), "stick.key"), key.New()
	if _, err := key.ReadFile(path); errs.KindOf(err) != errs.Denied || errs.HintOf(err) == "" {
		t.Error(err)
	}
	if err := key.MakeFile(path, k); err != nil {
		t.Fatal(err)
	}
	if got, err := key.ReadFile(path); err != nil || got != k {
		t.Error(err)
	}
	if err := key.MakeFile(path, key.New()); errs.KindOf(err) != errs.Usage {
		t.Errorf("a second key over the first: %v", err)
	}
	if err := os.WriteFile(path, []byte("feedbeef"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := key.ReadFile(path); errs.KindOf(err) != errs.BadInput || strings.Contains(err.Error(), "feedbeef") {
		t.Error(err)
	}
}

func TestKeyring(t *testing.T) {
	keyring.MockInit()
	k := key.New()
	n := key.NewNote(k, nil)
	if _, err := key.FromKeyring(n); errs.KindOf(err) != errs.Denied || errs.HintOf(err) == "" {
		t.Error(err)
	}
	if err := key.ToKeyring(n, k); err != nil {
		t.Fatal(err)
	}
	if got, err := key.FromKeyring(n); err != nil || got != k {
		t.Error(err)
	}
	for range 2 {
		if err := key.OutOfKeyring(n); err != nil {
			t.Error(err)
		}
	}
	keyring.MockInitWithError(errors.New("no such bus"))
	for _, err := range []error{key.ToKeyring(n, k), key.OutOfKeyring(n)} {
		if errs.KindOf(err) != errs.Unsupported || !strings.Contains(errs.HintOf(err), "key: prompt") {
			t.Errorf("%v, %s", err, errs.HintOf(err))
		}
	}
}

func TestAKeyIsNotPrinted(t *testing.T) {
	k := key.Key{0xAB, 0xCD}
	if text := fmt.Sprintf("%v %+v %#v %s", k, k, k, k); strings.Contains(text, "171") || strings.Contains(text, "ab") {
		t.Error(text)
	}
}

func FuzzParseNote(f *testing.F) {
	f.Add(key.NewNote(key.New(), nil).Bytes())
	f.Add(key.NewNote(key.New(), &quick).Bytes())
	f.Add([]byte("obdctl key note 1\nid 00\nproof\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := key.ParseNote(data)
		if err == nil && !bytes.Equal(n.Bytes(), data) {
			t.Errorf("%q is written as %q", data, n.Bytes())
		}
	})
}
