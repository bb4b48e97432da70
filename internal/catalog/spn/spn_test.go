package spn_test

import (
	"os"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/catalog/spn/source"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestTheTableIsWhatTheDataSay(t *testing.T) {
	want, err := source.Table(os.DirFS("data"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("table/signals.tsv")
	if err != nil || string(got) != string(want) {
		t.Error("table/signals.tsv is not up to date: run go generate in internal/catalog/spn", err)
	}
}

func TestTheCatalogueHolds(t *testing.T) {
	b := spn.Builtin()
	if b.Len() < 500 {
		t.Errorf("%d parameters, want at least 500", b.Len())
	}
	ids := map[string]uint32{}
	for _, p := range b.Search("") {
		if other, ok := ids[p.ID]; ok {
			t.Errorf("SPN %d and %d are both %s", p.SPN, other, p.ID)
		}
		ids[p.ID] = p.SPN
		if p.Name == "" || p.Scale == 0 || p.Bits < 0 || p.SPN == 0 || p.SPN > 0x7FFFF {
			t.Errorf("SPN %d: %+v", p.SPN, p)
		}
		if p.Kind != spn.Text && p.Bits > 64 || p.Start >= 0 && (p.Bits == 0 || p.PGN == 0) {
			t.Errorf("SPN %d: %d bits from %d of PGN %d", p.SPN, p.Bits, p.Start, p.PGN)
		}
	}
	for n := range uint8(32) {
		if spn.FMI(n) == "" {
			t.Errorf("FMI %d has no words", n)
		}
	}
	for _, g := range b.Groups() {
		if g.Name == "" || g.Short == "" {
			t.Errorf("PGN %d has no name", g.PGN)
		}
	}
}

func TestReadings(t *testing.T) {
	b := spn.Builtin()
	for _, c := range []struct {
		name   string
		data   []byte
		value  float64
		unit   string
		text   string
		absent bool
	}{
		{"RPM", []byte{0, 0, 0, 0x68, 0x13, 0, 0, 0}, 621, "/min", "", false},
		{"SPN190", []byte{0, 0, 0, 0xFF, 0xFE, 0, 0, 0}, 0, "/min", "error", true},
		{"ENG_OIL_PRESS", []byte{0, 0, 0, 100, 0, 0, 0, 0}, 400, "kPa", "", false},
		{"ECT", []byte{125, 0, 0, 0, 0, 0, 0, 0}, 85, "Cel", "", false},
		{"VSS", []byte{0, 0x80, 0x50, 0, 0, 0, 0, 0}, 80.5, "km/h", "", false},
		{"84", []byte{0, 0x00, 0xFB, 0, 0, 0, 0, 0}, 0, "km/h", "parameter specific", true},
		{"84", []byte{0, 0x00, 0xFD, 0, 0, 0, 0, 0}, 0, "km/h", "reserved", true},
		{"84", []byte{0, 0x00, 0xFE, 0, 0, 0, 0, 0}, 0, "km/h", "error", true},
		{"BRAKE_SW", []byte{0, 0, 0, 0x20, 0, 0, 0, 0}, 0, "", "error", true},
		{"BRAKE_SW", []byte{0, 0, 0, 0x30, 0, 0, 0, 0}, 0, "", "", true},
		{"ENG_HOURS", []byte{0x10, 0x27, 0, 0, 0, 0, 0, 0}, 1800000, "s", "", false},
		{"BRAKE_SW", []byte{0, 0, 0, 0x10, 0, 0, 0, 0}, 1, "", "ON", false},
		{"CRUISE_STATE", []byte{0, 0, 0, 0, 0, 0, 0x20, 0}, 1, "", "HOLD", false},
		{"IAT", []byte{0, 0, 0, 0, 0, 0, 0, 0}, 0, "Cel", "", false},
	} {
		p := b.Find(c.name)
		if p == nil {
			t.Errorf("%s is not known", c.name)
			continue
		}
		if c.name == "IAT" {
			c.value = p.Offset
		}
		r, ok := p.Reading(c.data, time.Time{}, obd.NodeAddress(0))
		if !ok || r.Value != c.value || r.Unit != c.unit || r.Text != c.text || r.Absent != c.absent {
			t.Errorf("%s: got %+v, %v", c.name, r, ok)
		}
		if _, ok := p.Reading(c.data[:0], time.Time{}, 0); ok {
			t.Errorf("%s out of no data", c.name)
		}
	}
}

func TestNames(t *testing.T) {
	if spn.Address(0) == "" || spn.Address(249) == "" || spn.Maker(2) == "" || spn.Function(3) != "Transmission" {
		t.Error("names of addresses, makers and functions are missing")
	}
	if text, known := spn.Builtin().Explain(100, 1); !known || text != "Oil pressure of the engine: value far below its normal range" {
		t.Errorf("got %q, %v", text, known)
	}
	if s, ok := spn.SlotOf(206); !ok || s.Scale == 0 {
		t.Errorf("slot 206: %+v %v", s, ok)
	}
}

func TestCanonicalSignalsHaveTheUnitOfTheCatalogue(t *testing.T) {
	for _, p := range spn.Builtin().Search("") {
		if _, s := catalog.Builtin().Find(p.ID); s != nil && p.Bits > 0 && s.Unit != p.Unit {
			t.Errorf("SPN %d is %s in %q, the catalogue has %q", p.SPN, p.ID, p.Unit, s.Unit)
		}
	}
}
