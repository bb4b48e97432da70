package card_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/adapters/card"
)

func TestKey(t *testing.T) {
	for _, row := range []struct{ address, identity, want string }{
		{"tcp://192.168.0.10:35000", "", "tcp://192.168.0.10:35000"},
		{"serial:///dev/ttyUSB0?baud=38400", "", "serial:///dev/ttyUSB0"},
		{"serial:///dev/ttyUSB0", "1A86:7523", "serial:///dev/ttyUSB0|1A86:7523"},
		{"serial:///dev/ttyUSB0", "0403:6015:113011", "0403:6015:113011"},
		{"serial:///dev/ttyUSB1?baud=9600", "0403:6015:113011", "0403:6015:113011"},
	} {
		if got := card.Key(row.address, row.identity); got != row.want {
			t.Errorf("Key(%q, %q) = %q, want %q", row.address, row.identity, got, row.want)
		}
	}
}

func TestSaveAndLoad(t *testing.T) {
	box := card.Box{Folder: filepath.Join(t.TempDir(), "state", "adapters")}
	want := card.Card{
		Schema: "obdctl.adapter/1", Key: "serial:///dev/../x y", Address: "serial:///dev/ttyUSB0",
		Seen: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), Baud: 115200, Capabilities: json.RawMessage(`{"claimed":"ELM327 v1.5"}`),
	}
	for range 2 { // the second one replaces
		if err := box.Save(want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := box.Load(want.Key)
	if err != nil {
		t.Fatal(err)
	}
	if got.Capabilities, err = json.Marshal(got.Capabilities); err != nil { // without the blanks of the file
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("card (-want +got):\n%s", diff)
	}
	files, err := os.ReadDir(box.Folder)
	if err != nil || len(files) != 1 {
		t.Fatalf("folder holds %v, %v", files, err)
	}
	info, err := files[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
}

func TestDamagedCardsCountAsAbsent(t *testing.T) {
	box := card.Box{Folder: t.TempDir()}
	if err := box.Save(card.Card{Key: "a", Baud: 9600}); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(box.Folder, "*.json"))
	for _, row := range []struct {
		name, text string
		err        error
	}{
		{"half", `{"key": "a", "ba`, card.ErrDamaged},
		{"empty", "", card.ErrDamaged},
		{"binary", "\x00\xFF", card.ErrDamaged},
		{"of another adapter", `{"schema":"obdctl.adapter/1","key":"b","baud":9600}`, card.ErrDamaged},
		{"negative speed", `{"schema":"obdctl.adapter/1","key":"a","baud":-1}`, card.ErrDamaged},
		{"huge", `{"schema":"obdctl.adapter/1","key":"a","address":"` + strings.Repeat("x", 1<<20) + `"}`, card.ErrDamaged},
		{"later version", `{"schema":"obdctl.adapter/2","key":"a","baud":9600}`, nil},
	} {
		if err := os.WriteFile(files[0], []byte(row.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := box.Load("a")
		if !errors.Is(err, row.err) || got.Key != "" {
			t.Errorf("%s: %+v, %v, want no card and %v", row.name, got, err, row.err)
		}
	}
	if err := box.Save(card.Card{Key: "a", Baud: 38400}); err != nil {
		t.Fatal(err)
	}
	if got, err := box.Load("a"); err != nil || got.Baud != 38400 {
		t.Errorf("after Save: %+v, %v", got, err)
	}
}

func TestNoFolder(t *testing.T) {
	var none card.Box
	if err := none.Save(card.Card{Key: "a"}); err != nil {
		t.Error(err)
	}
	if got, err := none.Load("a"); err != nil || got.Key != "" {
		t.Errorf("Load = %+v, %v", got, err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	blocked := card.Box{Folder: filepath.Join(file, "cards")}
	if err := blocked.Save(card.Card{Key: "a"}); err == nil {
		t.Error("Save into a file works")
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"schema":"obdctl.adapter/1","key":"a","baud":9600}`))
	box := card.Box{Folder: f.TempDir()}
	if err := box.Save(card.Card{Key: "a"}); err != nil {
		f.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(box.Folder, "*.json"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(files[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := box.Load("a")
		if err != nil && !errors.Is(err, card.ErrDamaged) {
			t.Fatal(err)
		}
		if c.Key != "" && c.Key != "a" {
			t.Fatalf("card of %q", c.Key)
		}
	})
}
