package catalog_test

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/obd"
)

// TestExamples decodes the example of every command and holds it against the values that stand beside it.
func TestExamples(t *testing.T) {
	for c := range catalog.Builtin().All() {
		if len(c.Example.Data) == 0 {
			t.Errorf("%s has no example", c)
			continue
		}
		values, err := c.Decode(nil, c.Example.Data)
		if err != nil {
			t.Errorf("%s: %v", c, err)
		}
		got := map[string]catalog.Value{}
		for _, v := range values {
			got[v.Signal.ID] = v
		}
		for id, want := range c.Example.Values {
			v, ok := got[id]
			if !ok {
				t.Errorf("%s: %s is not decoded", c, id)
				continue
			}
			checkValue(t, c.String()+" "+id, v, want)
		}
		if len(got) != len(c.Example.Values) {
			t.Errorf("%s: decoded %d signals, the example names %d", c, len(got), len(c.Example.Values))
		}
	}
}

func checkValue(t *testing.T, what string, v catalog.Value, want any) {
	t.Helper()
	switch want := want.(type) {
	case float64:
		if math.Abs(v.Number-want) > 1e-5 {
			t.Errorf("%s = %v, want %v", what, v.Number, want)
		}
	case string:
		if v.Text != want {
			t.Errorf("%s = %q, want %q", what, v.Text, want)
		}
	default:
		t.Errorf("%s: the example's value is neither a number nor a text", what)
	}
}

// shared are the ids that stand in more than one command and mean the same signal there: PIDs 13 and 1D
// locate the same sensors, InfoTypes 08 and 0B count the same conditions.
var shared = []string{"_EXISTS", "OBDCOND", "IGNCNTR", "EGRCOMP", "EGRCOND"}

func TestSignalsAreSound(t *testing.T) {
	seen := map[string]*catalog.Command{}
	for c := range catalog.Builtin().All() {
		for i := range c.Signals {
			s := &c.Signals[i]
			what := c.String() + " " + s.ID
			if s.Name == "" || s.ID != strings.ToUpper(s.ID) || strings.ContainsAny(s.ID, " ()") {
				t.Errorf("%s: id or name is not in the catalogue's style", what)
			}
			if !unit.Known(s.Unit) {
				t.Errorf("%s: unit %q is not allowed", what, s.Unit)
			}
			if s.Kind == catalog.Number && s.Min >= s.Max {
				t.Errorf("%s: bounds %v to %v", what, s.Min, s.Max)
			}
			if s.Mul == 0 || s.Div == 0 {
				t.Errorf("%s: scale %v/%v", what, s.Mul, s.Div)
			}
			if first := seen[s.ID]; first != nil && !contains(s.ID, shared) {
				t.Errorf("%s stands in %s too", what, first)
			}
			seen[s.ID] = c
			if s.Kind != catalog.Text && s.Support >= s.Start && s.Support < s.Start+s.Length {
				t.Errorf("%s: the support bit lies inside the signal", what)
			}
		}
	}
	if len(seen) < 700 {
		t.Errorf("%d signals, want at least 700", len(seen))
	}
}

func contains(id string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(id, p) {
			return true
		}
	}
	return false
}

// TestEveryPID holds the lengths of replies against the table of SAE J1979-DA; 0 is a PID without a
// published layout.
func TestEveryPID(t *testing.T) {
	want := map[byte]int{
		0x00: 4, 0x01: 4, 0x02: 2, 0x03: 2, 0x0C: 2, 0x10: 2, 0x1F: 2, 0x20: 4, 0x21: 2, 0x22: 2, 0x23: 2,
		0x31: 2, 0x32: 2, 0x3C: 2, 0x3D: 2, 0x3E: 2, 0x3F: 2, 0x40: 4, 0x41: 4, 0x42: 2, 0x43: 2, 0x44: 2,
		0x4D: 2, 0x4E: 2, 0x4F: 4, 0x50: 4, 0x53: 2, 0x54: 2, 0x59: 2, 0x5D: 2, 0x5E: 2, 0x60: 4, 0x63: 2,
		0x64: 5, 0x65: 2, 0x66: 5, 0x67: 3, 0x68: 7, 0x69: 7, 0x6A: 5, 0x6B: 5, 0x6C: 5, 0x6D: 11, 0x6E: 9,
		0x6F: 3, 0x70: 10, 0x71: 6, 0x72: 5, 0x73: 5, 0x74: 5, 0x75: 7, 0x76: 7, 0x77: 5, 0x78: 9, 0x79: 9,
		0x7A: 7, 0x7B: 7, 0x7C: 9, 0x7F: 13, 0x80: 4, 0x81: 41, 0x82: 41, 0x83: 9, 0x85: 10, 0x86: 5, 0x87: 5,
		0x88: 13, 0x89: 41, 0x8A: 41, 0x8B: 7, 0x8C: 17, 0x8F: 7, 0x90: 3, 0x91: 5, 0x92: 2, 0x93: 3, 0x94: 12,
		0x98: 9, 0x99: 9, 0x9A: 6, 0x9B: 4, 0x9C: 17, 0x9D: 4, 0x9E: 2, 0x9F: 9, 0xA0: 4, 0xA1: 9, 0xA2: 2,
		0xA3: 9, 0xA4: 4, 0xA5: 4, 0xA6: 4, 0xA7: 0, 0xA8: 0, 0xA9: 4, 0xC0: 4, 0xC3: 2, 0xC4: 8, 0xC5: 4,
		0xC6: 7, 0xC7: 2, 0xC8: 1,
	}
	for pid := byte(0x14); pid <= 0x1B; pid++ {
		want[pid], want[pid+0x10], want[pid+0x20] = 2, 4, 4
	}
	none := map[byte]bool{0x95: true, 0x96: true, 0x97: true}
	cat := catalog.Builtin()
	for pid := 0; pid <= 0xA9; pid++ {
		length, listed := want[byte(pid)]
		if !listed {
			length = 1
		}
		c := cat.Command(obd.ServiceCurrentData, uint16(pid))
		if c == nil {
			if !none[byte(pid)] {
				t.Errorf("PID %02X is missing", pid)
			}
			continue
		}
		if c.Length != length || cat.Length(obd.ServiceFreezeFrame, byte(pid)) != length {
			t.Errorf("PID %02X has %d bytes, want %d", pid, c.Length, length)
		}
	}
	for _, pid := range []byte{0xAA, 0xB2, 0xC0, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xD2, 0xD3} {
		if cat.Command(obd.ServiceCurrentData, uint16(pid)) == nil {
			t.Errorf("PID %02X is missing", pid)
		}
	}
}

// TestGeneratedFilesAreCurrent tells when data/*.yaml has changed without go generate.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	for file, produce := range map[string]func(fs.FS) ([]byte, error){
		"data/packed.bin":       catalog.Pack,
		"../../docs/signals.md": catalog.Page,
	} {
		want, err := produce(os.DirFS("data"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what data/*.yaml says: run go generate in internal/catalog", file)
		}
	}
}

// TestShortReplies cuts every example: nothing may panic, what fits is decoded, and the error counts.
func TestShortReplies(t *testing.T) {
	for c := range catalog.Builtin().All() {
		for n := range c.Example.Data {
			values, err := c.Decode(nil, c.Example.Data[:n])
			short, isShort := errors.AsType[*catalog.ShortError](err)
			if n < c.Length && (!isShort || short.Got != n || short.Want < c.Length) && c.Length <= needed(c) {
				t.Errorf("%s with %d bytes: error %v", c, n, err)
			}
			if len(values) > len(c.Signals) {
				t.Errorf("%s with %d bytes: %d values of %d signals", c, n, len(values), len(c.Signals))
			}
		}
	}
}

func needed(c *catalog.Command) int {
	bits := 0
	for _, s := range c.Signals {
		bits = max(bits, s.Start+s.Length)
	}
	return (bits + 7) / 8
}
