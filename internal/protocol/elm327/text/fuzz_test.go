package text_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// FuzzReplies gives hostile answers to every reader.
func FuzzReplies(f *testing.F) {
	for _, s := range []string{
		"SEARCHING...7E8 06 41 00 BE 3E B8 11\rSTOPPED\r\r>\r>",
		"010C\r00E0:410C000004001:0680112D0E80052:350000000000000080:410C000004001:0535AAAAAAAAAA",
		"7E8 10 14 49 02 01 31 32 33\r7E8 22 44 55 66 77 88 99 AA <RX ERROR\r7E8 21 34",
		"48 6B 10 49 02 02 5A 5A 54 45 62\r48 6B 10 49 02 01 00 00 00 5A 69\r",
		"80 F1 18 03 61 01 12 00\r84 13 51 7E A1 23 2A",
		"18DAF1601015627028F8FC00\r18DAF1602100000018DAF1602201020304050607",
		"BUS INIT: ...ERR94+DISC\x00\xFF<DATA ERROR?>AT>",
	} {
		f.Add([]byte(s), []byte{0x01, 0x0C}, byte(6), byte(1))
	}
	f.Fuzz(func(t *testing.T, raw, request []byte, protocol, flags byte) {
		a := text.Clean(raw, fmt.Sprintf("%X", request))
		_, _, _ = a.Condition(), a.OK(), a.Text()
		_, _ = a.Version()
		_, _ = a.Voltage()
		_, _, _ = a.ProtocolNumber()
		_, _, _ = a.ProtocolName()
		format := text.Format{
			Protocol: obd.Protocol(protocol % 14), Headers: flags&1 != 0, DLC: flags&2 != 0, Raw: flags&4 != 0, Extended: flags&8 != 0,
		}
		total := 0
		for _, r := range text.Replies(a, format, request) {
			if r.Err == nil && len(r.Data) == 0 {
				t.Fatalf("an empty reply without an error: %+v", r)
			}
			if r.Err == nil && len(request) > 0 && !text.Answers(r.Data, request) {
				t.Fatalf("% X is no answer to % X", r.Data, request)
			}
			total += len(r.Data)
		}
		if total > len(raw) {
			t.Fatalf("%d bytes of data in %d of text", total, len(raw))
		}
		again := text.Clean(raw, fmt.Sprintf("%X", request))
		if show(a) != show(again) {
			t.Fatal("the same bytes read differently")
		}
	})
}

// FuzzRoundTrip prints a message as an adapter would, in each format, and reads it again.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte{0x41, 0x0C, 0x1A, 0xF8}, byte(0))
	f.Add(bytes.Repeat([]byte{0x62, 0xF1, 0x90}, 60), byte(0xFF))
	f.Fuzz(func(t *testing.T, data []byte, flags byte) {
		if len(data) == 0 || len(data) > 1000 {
			return
		}
		format := text.Format{Protocol: obd.CAN11x500, Headers: true, DLC: flags&1 != 0}
		id, ecu := "7E8", obd.CAN11(0x7E8)
		if flags&2 != 0 {
			format.Protocol, id, ecu = obd.CAN29x500, "18DAF110", obd.CAN29(0x18DAF110)
		}
		frames, err := isotp.Segment(data, isotp.Format{Padded: flags&4 != 0, Pad: 0x55})
		if err != nil {
			t.Fatal(err)
		}
		var raw bytes.Buffer
		for _, frame := range frames {
			raw.WriteString(id)
			if format.DLC {
				fmt.Fprintf(&raw, "%X", len(frame))
			}
			if flags&8 != 0 {
				fmt.Fprintf(&raw, " % X", frame)
			} else {
				fmt.Fprintf(&raw, "%X", frame)
			}
			raw.WriteString("\r")
		}
		got := text.All(text.Clean(append(raw.Bytes(), "\r>"...), "010C"), format)
		if len(got) != 1 || got[0].ECU != ecu || got[0].Err != nil || !bytes.Equal(got[0].Data, data) || got[0].Frames != len(frames) {
			t.Fatalf("%q became %s", raw.String(), list(got))
		}
	})
}
