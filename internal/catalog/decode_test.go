package catalog_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/obd"
)

// one returns a signal with the parts that every signal has.
func one(s catalog.Signal) catalog.Signal {
	s.ID = "X"
	if s.Mul == 0 {
		s.Mul = 1
	}
	if s.Div == 0 {
		s.Div = 1
	}
	if s.Support == 0 {
		s.Support = -1
	}
	return s
}

func TestDecodeNumbers(t *testing.T) {
	reply := []byte{0x9A, 0xBC, 0xDE, 0xF0, 0x12, 0x34, 0x56, 0x78, 0x9A}
	rows := []struct {
		name   string
		signal catalog.Signal
		want   float64
	}{
		{"first byte", catalog.Signal{Length: 8}, 0x9A},
		{"top bit", catalog.Signal{Length: 1}, 1},
		{"bits inside a byte", catalog.Signal{Start: 2, Length: 3}, 0b011},
		{"bits across bytes", catalog.Signal{Start: 4, Length: 12}, 0xABC},
		{"unaligned 64 bits", catalog.Signal{Start: 4, Length: 64}, 0xABCDEF0123456789},
		{"whole 64 bits", catalog.Signal{Start: 8, Length: 64}, 0xBCDEF0123456789A},
		{"signed byte", catalog.Signal{Length: 8, Signed: true}, -0x66},
		{"signed 12 bits", catalog.Signal{Start: 4, Length: 12, Signed: true}, 0xABC - 0x1000},
		{"scaled exactly", catalog.Signal{Length: 8, Mul: 100, Div: 255}, 154 * 100.0 / 255},
		{"offset last", catalog.Signal{Length: 8, Mul: 100, Div: 128, Add: -100}, 20.3125},
		{"little-endian word", catalog.Signal{Start: 8, Length: 16, LittleEndian: true}, 0xDEBC},
		{"little-endian nibble", catalog.Signal{Start: 4, Length: 4, LittleEndian: true}, 0x9},
		{"little-endian across bytes", catalog.Signal{Start: 4, Length: 8, LittleEndian: true}, 0xC9},
		{"little-endian signed", catalog.Signal{Start: 8, Length: 16, LittleEndian: true, Signed: true}, 0xDEBC - 0x10000},
		{"unaligned little-endian 64 bits", catalog.Signal{Start: 4, Length: 64, LittleEndian: true}, 0xA78563412F0DEBC9},
		{"clamped", catalog.Signal{Length: 8, Max: 100, Clamp: true}, 100},
		{"not clamped", catalog.Signal{Length: 8, Max: 100}, 0x9A},
	}
	for _, row := range rows {
		c := catalog.Command{Signals: []catalog.Signal{one(row.signal)}}
		got, err := c.Decode(nil, reply)
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %v", row.name, got, err)
			continue
		}
		if got[0].Number != row.want {
			t.Errorf("%s = %v, want %v", row.name, got[0].Number, row.want)
		}
	}
}

func TestDecodeKinds(t *testing.T) {
	states := map[uint64]catalog.State{2: {Code: "CL", Text: "closed loop"}}
	rows := []struct {
		name   string
		signal catalog.Signal
		data   []byte
		number float64
		text   string
		absent bool
	}{
		{"known state", catalog.Signal{Length: 8, Kind: catalog.Enum, States: states}, []byte{2}, 2, "CL", false},
		{"unknown state", catalog.Signal{Length: 8, Kind: catalog.Enum, States: states}, []byte{3}, 3, "", false},
		{"flag", catalog.Signal{Start: 7, Length: 1, Kind: catalog.Flag}, []byte{1}, 1, "", false},
		{"text", catalog.Signal{Length: 40, Kind: catalog.Text}, []byte("AB\x00 \xFF"), 0, "AB", false},
		{"text to the end", catalog.Signal{Start: 8, Kind: catalog.Text}, []byte("\x01WAUZZZ"), 0, "WAUZZZ", false},
		{"digits", catalog.Signal{Length: 16, Kind: catalog.Hex}, []byte{0x0A, 0xBC}, 0x0ABC, "0ABC", false},
		{"single float", catalog.Signal{Length: 32, Kind: catalog.Float}, []byte{0x41, 0x48, 0, 0}, 12.5, "", false},
		{"double float", catalog.Signal{Length: 64, Kind: catalog.Float}, []byte{0xC0, 0x29, 0, 0, 0, 0, 0, 0}, -12.5, "", false},
		{"trouble code", catalog.Signal{Length: 16, Kind: catalog.Code}, []byte{0xC1, 0x00}, 0xC100, "U0100", false},
		{"supported", catalog.Signal{Start: 8, Length: 8, Support: 7}, []byte{0x01, 9}, 9, "", false},
		{"not supported", catalog.Signal{Start: 8, Length: 8, Support: 7}, []byte{0x02, 9}, 9, "", true},
		{"not available", catalog.Signal{Length: 8, NotAvailable: []catalog.Range{{From: 0xFB, To: 0xFF}}}, []byte{0xFC}, 0xFC, "", true},
		{"condition holds", catalog.Signal{Start: 8, Length: 8, When: catalog.Condition{Start: 4, Length: 1, In: []catalog.Range{{From: 1, To: 1}}}}, []byte{0x08, 5}, 5, "", false},
		{"condition fails", catalog.Signal{Start: 8, Length: 8, When: catalog.Condition{Start: 4, Length: 1, In: []catalog.Range{{From: 1, To: 1}}}}, []byte{0x00, 5}, 5, "", true},
	}
	for _, row := range rows {
		c := catalog.Command{Signals: []catalog.Signal{one(row.signal)}}
		got, err := c.Decode(nil, row.data)
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %v", row.name, got, err)
			continue
		}
		v := got[0]
		if v.Number != row.number || v.Text != row.text || v.Absent != row.absent {
			t.Errorf("%s = %v %q absent %v, want %v %q absent %v", row.name, v.Number, v.Text, v.Absent, row.number, row.text, row.absent)
		}
	}
}

func TestDecodeLengths(t *testing.T) {
	cat := catalog.Builtin()
	trims := cat.Command(obd.ServiceCurrentData, 0x06)
	got, err := trims.Decode(nil, []byte{0x70})
	if err != nil || len(got) != 1 || got[0].Number != -12.5 {
		t.Errorf("one bank: %v, %v", got, err)
	}
	if got, err = trims.Decode(nil, []byte{0x70, 0x80}); err != nil || len(got) != 2 {
		t.Errorf("two banks: %v, %v", got, err)
	}
	air := cat.Command(obd.ServiceCurrentData, 0x66)
	got, err = air.Decode(nil, []byte{0x01, 0x03, 0x20})
	short, ok := errors.AsType[*catalog.ShortError](err)
	if !ok || short.Want != 5 || short.Got != 3 {
		t.Errorf("short reply: %v", err)
	}
	if len(got) != 3 || got[2].Number != 25 {
		t.Errorf("short reply decodes %v", got)
	}
	speed := cat.Command(obd.ServiceCurrentData, 0x0C)
	if got, err = speed.Decode(got[:0], []byte{0x1A, 0xF8, 0x55, 0x55}); err != nil || len(got) != 1 || got[0].Number != 1726 {
		t.Errorf("padded reply: %v, %v", got, err)
	}
}

func TestMultiplexedSignalsAreLeftOut(t *testing.T) {
	in := func(n uint64) []catalog.Condition {
		return []catalog.Condition{{Length: 8, LittleEndian: true, In: []catalog.Range{{From: n, To: n}}}}
	}
	c := catalog.Command{Signals: []catalog.Signal{
		one(catalog.Signal{Start: 8, Length: 8, Mux: in(1)}),
		one(catalog.Signal{Start: 8, Length: 16, Mux: in(2)}),
	}}
	got, err := c.Decode(nil, []byte{1, 7})
	if err != nil || len(got) != 1 || got[0].Number != 7 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestMonitorLayoutsExclude(t *testing.T) {
	c := catalog.Builtin().Command(obd.ServiceCurrentData, 0x01)
	for _, row := range []struct {
		data   []byte
		absent string
		there  string
	}{
		{[]byte{0x00, 0x07, 0xE5, 0x00}, "PM_SUP", "CAT_SUP"},
		{[]byte{0x00, 0x0F, 0xE9, 0x00}, "CAT_SUP", "PM_SUP"},
	} {
		values, err := c.Decode(nil, row.data)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			switch v.Signal.ID {
			case row.absent:
				if !v.Absent {
					t.Errorf("% X: %s is there", row.data, row.absent)
				}
			case row.there:
				if v.Absent || v.Number != 1 {
					t.Errorf("% X: %s is not there", row.data, row.there)
				}
			}
		}
	}
}

func TestReading(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	values, err := catalog.Builtin().Command(obd.ServiceCurrentData, 0x05).Decode(nil, []byte{0x7B})
	if err != nil {
		t.Fatal(err)
	}
	want := obd.Reading{At: now, ECU: obd.CAN11(0x7E8), Signal: "ECT", Name: "Engine coolant temperature", Value: 83, Unit: "Cel"}
	if got := values[0].Reading(now, obd.CAN11(0x7E8)); got != want {
		t.Errorf("reading %+v, want %+v", got, want)
	}
}

func TestOutOfRange(t *testing.T) {
	for _, row := range []struct {
		raw  byte
		want bool
	}{{100, false}, {101, true}} {
		c := catalog.Command{Signals: []catalog.Signal{one(catalog.Signal{Length: 8, Max: 100, Clamp: true})}}
		got, _ := c.Decode(nil, []byte{row.raw})
		if got[0].OutOfRange() != row.want || got[0].Number != math.Min(float64(row.raw), 100) {
			t.Errorf("%d: out of range %v, number %v", row.raw, got[0].OutOfRange(), got[0].Number)
		}
	}
}

func TestStateOfFlags(t *testing.T) {
	values, err := catalog.Builtin().Command(obd.ServiceCurrentData, 0x1E).Decode(nil, []byte{1})
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := values[0].State(); !ok || s.Code != "YES" {
		t.Errorf("state %v, %v", s, ok)
	}
}

func TestReservedBytesCount(t *testing.T) {
	got, err := catalog.Builtin().Command(obd.ServiceCurrentData, 0xA9).Decode(nil, []byte{0x01, 0x01})
	if short, ok := errors.AsType[*catalog.ShortError](err); !ok || short.Want != 4 || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}
