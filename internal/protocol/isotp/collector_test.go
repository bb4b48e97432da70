package isotp_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// collect adds frames written as "7E8 06 41 ..." and joins them.
func collect(t testing.TB, a isotp.Addressing, lines ...string) []isotp.Message {
	t.Helper()
	c := isotp.Collector{Addressing: a}
	for _, l := range lines {
		id, data, _ := strings.Cut(l, " ")
		from, err := obd.ParseAddress(id)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Add(from, wire(t, data)) // the message list shows what was taken
	}
	return c.Messages()
}

func describe(messages []isotp.Message) string {
	var b strings.Builder
	for _, m := range messages {
		fmt.Fprintf(&b, "%s %X in %d", m.From, m.Data, m.Frames)
		if m.Err != nil {
			b.WriteString(" incomplete")
			if !errors.Is(m.Err, link.ErrIncomplete) {
				b.WriteString(" for another reason")
			}
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestCollector(t *testing.T) {
	const ff, cf1, cf2, cf3 = "7E8 10 1B 49 04 01 41 42 43", "7E8 21 44 45 46 47 48 49 4A", "7E8 22 4B 4C 4D 4E 4F 50 51", "7E8 23 52 53 54 55 56 57 58"
	const whole = "7E8 4904014142434445464748494A4B4C4D4E4F505152535455565758 in 4"
	for _, row := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"single", []string{"7E8 06 41 00 BE 3E B8 11"}, "7E8 4100BE3EB811 in 1"},
		{"padding", []string{"7E8 03 41 0D 1E 55 55 55 55"}, "7E8 410D1E in 1"},
		{"in order", []string{ff, cf1, cf2, cf3}, whole},
		{"backwards", []string{cf3, cf2, cf1, ff}, whole},
		{"shuffled", []string{cf2, ff, cf3, cf1}, whole},
		{"a frame twice", []string{ff, cf1, cf2, cf2, cf3}, strings.Replace(whole, "in 4", "in 5", 1)},
		{"everything twice", []string{ff, cf1, cf2, cf3, ff, cf1, cf2, cf3}, whole + "; " + whole},
		{"the middle is missing", []string{ff, cf1, cf3}, "7E8 4904014142434445464748494A in 3 incomplete"},
		{"the end is missing", []string{ff, cf1, cf2}, "7E8 4904014142434445464748494A4B4C4D4E4F5051 in 3 incomplete"},
		{"only the first", []string{ff}, "7E8 490401414243 in 1 incomplete"},
		{"the first is missing", []string{cf1, cf2, cf3}, "7E8  in 3 incomplete"},
		{"two frames contradict", []string{ff, cf1, cf2, "7E8 22 00 00 00 00 00 00 00", cf3}, "7E8 490401414243 in 5 incomplete"},
		{"a frame lost bytes", []string{ff, cf1, "7E8 22 4B 4C 4D", cf3}, "7E8 4904014142434445464748494A4B4C4D in 4 incomplete"},
		{"the last is trimmed", []string{"7E8 10 08 41 9A 07 00 12 34", "7E8 21 56 78"}, "7E8 419A070012345678 in 2"},
		{"single that lost bytes", []string{"7E8 06 41 00 BE"}, "7E8 4100BE in 1 incomplete"},
		{"first that lost bytes", []string{"7E8 10 0A 46 3C", "7E8 21 00 00 00 00"}, "7E8 463C in 2 incomplete"},
		{"single between frames", []string{ff, cf1, "7E8 03 7F 01 78", cf2, cf3}, whole + "; 7E8 7F0178 in 1"},
		{"flow control and noise", []string{"7E0 30 00 00", ff, cf1, "7E8 55 55", cf2, cf3}, whole},
		{
			"three ECUs interleaved",
			[]string{"7E8 10 09 62 F1 87 01 02 03", "7DB 10 09 62 F1 87 11 12 13", "7ED 03 7F 22 31", "7DB 21 14 15 16", "7E8 21 04 05 06"},
			"7E8 62F187010203040506 in 2; 7DB 62F187111213141516 in 2; 7ED 7F2231 in 1",
		},
	} {
		if got := describe(collect(t, isotp.Normal, row.lines...)); got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", row.name, got, row.want)
		}
	}
}

func TestCollectorExtended(t *testing.T) {
	got := describe(collect(t, isotp.Extended, "612 F1 10 09 62 F1 90 41 42", "640 F1 03 7F 22 31", "612 F1 21 43 44 45 46"))
	if want := "612:F1 62F190414243444546 in 2; 640:F1 7F2231 in 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The sequence number wraps after 15; neighbours may still have changed places.
func TestCollectorWraps(t *testing.T) {
	data := message(6 + 7*40)
	frames, err := isotp.Segment(data, isotp.OBD())
	if err != nil {
		t.Fatal(err)
	}
	for i := 2; i+1 < len(frames); i += 3 {
		frames[i], frames[i+1] = frames[i+1], frames[i]
	}
	var c isotp.Collector
	for _, f := range frames {
		if err := c.Add(obd.CAN11(0x7E8), f); err != nil {
			t.Fatal(err)
		}
	}
	m := c.Messages()
	if len(m) != 1 || m[0].Err != nil || !bytes.Equal(m[0].Data, data) {
		t.Errorf("got %s", describe(m))
	}
}

// Sixteen lost frames in a row leave the sequence numbers in order: nothing behind the first frame is certain.
func TestCollectorFullTurnLost(t *testing.T) {
	frames, err := isotp.Segment(message(6+7*40), isotp.OBD())
	if err != nil {
		t.Fatal(err)
	}
	var c isotp.Collector
	for i, f := range frames {
		if i < 5 || i >= 21 {
			_ = c.Add(obd.CAN11(0x7E8), f)
		}
	}
	m := c.Messages()
	if len(m) != 1 || !errors.Is(m[0].Err, link.ErrIncomplete) || len(m[0].Data) != 6 {
		t.Errorf("got %s", describe(m))
	}
}

// A first frame may announce two gigabytes; what is kept follows what came.
func TestCollectorIsBounded(t *testing.T) {
	m := collect(t, isotp.Normal, "7E8 10 00 7F FF FF FF 36 01", "7E8 21 01 02 03 04 05 06 07")
	if len(m) != 1 || m[0].Err == nil || cap(m[0].Data) > 64 {
		t.Errorf("got %s, capacity %d", describe(m), cap(m[0].Data))
	}
	var c isotp.Collector
	full := false
	for range 1 << 15 {
		if err := c.Add(obd.CAN11(0x7E8), []byte{1, 0x44}); errors.Is(err, isotp.ErrOverflow) {
			full = true
			break
		}
	}
	if !full {
		t.Error("the collector takes frames without end")
	}
}
