package isotp_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

func TestGap(t *testing.T) {
	for stmin, want := range map[byte]time.Duration{
		0x00: 0,
		0x01: time.Millisecond,
		0x14: 20 * time.Millisecond,
		0x7F: 127 * time.Millisecond,
		0x80: 127 * time.Millisecond, // reserved
		0xF0: 127 * time.Millisecond, // reserved
		0xF1: 100 * time.Microsecond,
		0xF9: 900 * time.Microsecond,
		0xFA: 127 * time.Millisecond, // reserved
		0xFF: 127 * time.Millisecond, // reserved
	} {
		if got := (isotp.FlowControl{STmin: stmin}).Gap(); got != want {
			t.Errorf("STmin %02X: gap %v, want %v", stmin, got, want)
		}
	}
}

func TestEncodeGapNeverShortens(t *testing.T) {
	for d := time.Duration(0); d <= 130*time.Millisecond; d += 37 * time.Microsecond {
		got := isotp.FlowControl{STmin: isotp.EncodeGap(d)}.Gap()
		if want := min(d, 127*time.Millisecond); got < want || got > want+time.Millisecond {
			t.Fatalf("gap %v is encoded as %v", d, got)
		}
	}
}

func TestAppendFlow(t *testing.T) {
	for _, row := range []struct {
		flow   isotp.FlowControl
		format isotp.Format
		want   string
	}{
		{isotp.FlowControl{}, isotp.Format{}, "30 00 00"},
		{isotp.FlowControl{}, isotp.OBD(), "30 00 00 00 00 00 00 00"},
		{isotp.FlowControl{BlockSize: 8, STmin: 0xF1}, isotp.Format{Padded: true, Pad: 0xAA}, "30 08 F1 AA AA AA AA AA"},
		{isotp.FlowControl{Status: isotp.Overflow}, isotp.Format{Addressing: isotp.Extended, Extension: 0x12}, "12 32 00 00"},
	} {
		got := isotp.AppendFlow(nil, row.flow, row.format)
		if !bytes.Equal(got, wire(t, row.want)) {
			t.Errorf("%+v: % X, want %s", row.flow, got, row.want)
		}
		back, err := isotp.Parse(got, row.format.Addressing)
		if err != nil || back.Flow != row.flow {
			t.Errorf("%+v reads back as %+v, %v", row.flow, back.Flow, err)
		}
	}
}
