package catalog_test

import (
	"os"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/obd"
)

// decodeAll decodes data with whatever a loader made of a hostile file.
func decodeAll(t *testing.T, commands []catalog.Command, data []byte) {
	cat := catalog.New(commands...)
	for c := range cat.All() {
		values, _ := c.Decode(nil, data)
		for _, v := range values {
			v.OutOfRange()
			v.State()
		}
		_ = c.String()
		cat.Match(c.Header, c.Reply, c.Service, c.ID)
	}
	cat.Canonical("engine rpm")
}

func FuzzYAML(f *testing.F) {
	f.Add([]byte(ownFile), []byte{1, 2, 3})
	f.Add([]byte("service: 22\ncommands:\n  - {id: 0101, signals: [{id: A, at: C-, kind: hex}]}\n"), []byte{1})
	f.Fuzz(func(t *testing.T, file, data []byte) {
		commands, err := catalog.Parse("x.yaml", file)
		if err == nil {
			decodeAll(t, commands, data)
		}
	})
}

func FuzzOBDb(f *testing.F) {
	f.Add(obdb(`{ "hdr": "6F1", "rax": "612", "eax": "12", "cmd": {"22": "D10D"}, "freq": 1, "filter": {"from": 2015, "years": [2012]}, "signals": [
{"id": "A", "fmt": {"bix": 4, "len": 12, "blsb": true, "sign": true, "max": 9, "min": -9, "mul": 2, "div": 3, "add": 1, "unit": "amps", "nullmin": -3, "nullmax": 3}, "name": "a"},
{"id": "B", "fmt": {"len": 64, "max": 1, "nullmax": 9e99, "unit": "scalar"}, "name": "b"},
{"id": "C", "fmt": {"len": 3, "map": {"1": {"value": "X", "description": "x"}, "2": "Y"}}, "name": "c"}]}`), []byte{1, 2, 3, 4, 5, 6, 7, 8})
	f.Fuzz(func(t *testing.T, file, data []byte) {
		commands, err := catalog.Parse("x.json", append([]byte("{"), file...))
		if err != nil {
			commands, err = catalog.Parse("x.json", file)
		}
		if err == nil {
			decodeAll(t, commands, data)
		}
	})
}

func FuzzDBC(f *testing.F) {
	f.Add([]byte(dbcFile), []byte{1, 2, 3, 4, 5, 6, 7, 8})
	f.Fuzz(func(t *testing.T, file, data []byte) {
		commands, err := catalog.Parse("x.dbc", append([]byte("BO_ 1 A: 8 X\n SG_ S : 0|8@1+ (1,0) [0|0] \"\" X\n"), file...))
		if err == nil {
			decodeAll(t, commands, data)
		}
	})
}

func FuzzRequest(f *testing.F) {
	f.Add("DA1D.1D.222221|fc=1,f=-2011")
	f.Add("750.758.2116|t=96,e=2A,ta=2A,fc=1,f=2013-;2009")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := catalog.ParseRequest(text)
		if err != nil {
			return
		}
		if len(r.Data) == 0 {
			t.Fatalf("%q has no bytes", text)
		}
		id, n := r.ID()
		catalog.Builtin().Match(r.Header, r.Reply, r.Service(), id)
		if n > len(r.Data)-1 {
			t.Fatalf("%q: an id of %d bytes in %X", text, n, r.Data)
		}
		if again, err := obd.ParseAddress(r.Header.String()); err != nil || again != r.Header {
			t.Fatalf("%q: header %s does not read back: %v", text, r.Header, err)
		}
	})
}

// FuzzUnpack reads damaged forms of the embedded catalogue.
func FuzzUnpack(f *testing.F) {
	packed, err := os.ReadFile("data/packed.bin")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = catalog.Unpack(data)
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(uint8(1), uint16(0x0C), []byte{0x1A, 0xF8})
	f.Fuzz(func(t *testing.T, service uint8, id uint16, data []byte) {
		c := catalog.Builtin().Command(obd.Service(service), id)
		if c == nil {
			return
		}
		values, err := c.Decode(nil, data)
		if err == nil && len(data) < c.Length {
			t.Fatalf("%s decodes %d of %d bytes without an error", c, len(data), c.Length)
		}
		if len(values) > len(c.Signals) {
			t.Fatalf("%s: %d values of %d signals", c, len(values), len(c.Signals))
		}
	})
}
