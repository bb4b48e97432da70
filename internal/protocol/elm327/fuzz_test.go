package elm327_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// FuzzDialogue talks to a device that answers with arbitrary bytes: one part of the input per line, an
// honest adapter's answers where the part is empty, and silence or honesty behind the last. The
// dialogue must come to an end within minutes (of virtual time) and never send a bare carriage return.
func FuzzDialogue(f *testing.F) {
	for _, seed := range []string{
		"", "|", "\xfc\r\rELM327 v1.5\r\r>|||", "?\r\r>|?\r\r>|?\r\r>|", "||||||||||||SEARCHING...\r7E8037F0178\r\r>|",
		"|||||||||||||A7\r\r>|STOPPED\r\r>\r>|BUFFER FULL\r\r>|LV RESET\r\r>", "||||||||||||||7E8037F0121\r\r>", ">>>>>>>>>>>|>|>|>|>",
		"||STN2120 v5.6.5\r\r>||||||||||||OK\r\r>|", "|||||||||||||7E81014490201314434\r7E82242313233343536\r\r>|",
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, in []byte, honest bool) {
		parts := bytes.Split(in, []byte("|"))
		synctest.Test(t, func(t *testing.T) {
			i := 0
			port := newScripted(func(line string) []chunk {
				i++
				switch {
				case i > len(parts) && !honest:
					return nil
				case i > len(parts) || len(parts[i-1]) == 0:
					return plainCar.answer(line)
				}
				return now(string(parts[i-1]))
			})
			start := time.Now()
			converse(t, port)
			if took := time.Since(start); took > 30*time.Minute {
				t.Errorf("took %v", took)
			}
			if sent := port.lines(); slices.Contains(sent, "") {
				t.Errorf("sent a bare carriage return: %q", sent)
			}
		})
	})
}

// converse uses every method of a link, whatever comes back.
func converse(t *testing.T, port *scripted) {
	l, err := elm327.Dial(t.Context(), port, elm327.Options{})
	if err != nil {
		return
	}
	for _, req := range []link.Request{
		{Data: data("010C"), Frames: 1},
		{Data: data("0902")},
		{Target: obd.CAN11(0x7E8), Data: data("22F190")},
		{Target: obd.CAN11(0x618), Header: obd.CAN11(0x610), Data: data("22F190")},
		{Data: data("04"), Slow: true},
	} {
		replies, err := l.Exchange(t.Context(), req)
		if len(replies) == 0 && err == nil {
			t.Errorf("%X: neither a reply nor an error", req.Data)
		}
	}
	_, _ = l.SupplyVoltage(t.Context())
	_, _ = l.Command(t.Context(), "ATDP")
	_ = l.Close()
}

// FuzzGuard writes arbitrary bytes in arbitrary pieces through a read-only guard, behind commands that set
// the adapter up, and reads what passed as an adapter does.
func FuzzGuard(f *testing.F) {
	for _, seed := range []string{"04\r", "0|4\r", "ATCAF0\r0104\r", "\r\r", "STPXH:7E0,D:04\r", "ATWM0104\r", "0100\n04\r", "ATCEA01\r220C0D05\r", "ATFCSD0104\r"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		port := &sink{}
		g := elm327.Guard(port, link.ReadOnly())
		_, _ = g.Write([]byte("ATZ\r"))
		for part := range bytes.SplitSeq(in, []byte("|")) {
			_, _ = g.Write(part)
		}
		raw := false
		passed := port.String()
		if strings.Trim(passed[strings.LastIndexByte(passed, '\r')+1:], " ") != "" {
			t.Fatalf("a line without its end passed: %q", passed)
		}
		for line := range strings.SplitSeq(strings.ToUpper(strings.ReplaceAll(passed, " ", "")), "\r") {
			switch line {
			case "ATCAF0":
				raw = true
			case "ATCAF1", "ATZ", "ATD", "ATWS":
				raw = false
			}
			if b, err := hex.DecodeString(line[:len(line)&^1]); err == nil && len(b) > 0 {
				mustBeHarmless(t, b, raw, passed)
			}
		}
	})
}

// mustBeHarmless holds a request that passed against a list of its own.
func mustBeHarmless(t *testing.T, b []byte, raw bool, passed string) {
	if raw {
		if b[0]>>4 != 0 || len(b) < 2 {
			return
		}
		b = b[1:]
	}
	if bytes.IndexByte([]byte{0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x09, 0x0A, 0x10, 0x19, 0x1A, 0x21, 0x22, 0x3E}, b[0]) < 0 && b[0] != 0 {
		t.Fatalf("service %02X passed in %q", b[0], passed)
	}
}
