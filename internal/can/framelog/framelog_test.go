package framelog_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/can/framelog"
)

// show writes each frame as candump does behind its time and line, with "T " before it when it was sent.
func show(l *framelog.Log) string {
	var b strings.Builder
	for _, e := range l.Entries {
		if e.Sent {
			b.WriteString("T ")
		}
		b.WriteString(e.At.String() + " " + e.Interface + " ")
		b.Write(framelog.AppendFrame(nil, &e.Frame))
		b.WriteString("\n")
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for _, row := range []struct {
		name    string
		text    string
		format  framelog.Format
		want    string
		errors  int
		skipped int
	}{
		{"candump -l", `(1436509052.249713) can0 7DF#02010C0000000000
(1436509052.259713) can0 7E8#04410C1AF8 R
(1436509052.260000) can0 18DAF110#037F2278 T
# a comment
(1436509052.260001) can1 123#R4
(1436509052.270000) can1 7E0##1000C112233445566778899AA
(1436509052.280000) can0 20000004#0004000000000000
nonsense
`, framelog.Candump, `398ms`, 1, 1},
		{"candump on a terminal", `  can0  7DF   [8]  02 01 0C 00 00 00 00 00
  vcan0  RX - -  18DAF110   [3]  7F 22 78
 (001.500000)  can0  TX B -  7E0  [12]  00 0A 01 02 03 04 05 06 07 08 09 0A   '............'
 (2026-03-01 08:30:00.250000)  can0  123   [0]  remote request
`, framelog.Candump, "0s can0 7DF#02010C0000000000\n0s vcan0 18DAF110#7F2278\nT 1.5s can0 7E0##1000A0102030405060708090A\n492320h30m0.25s can0 123#R\n", 0, 0},
		{"asc", `date Sun Mar 1 08:30:00.000 am 2026
base hex  timestamps absolute
internal events logged
Begin Triggerblock Sun Mar 1 08:30:00.000 am 2026
   0.000000 Start of measurement
   0.010000 1  7DF             Tx   d 8 02 01 0C 00 00 00 00 00  Length = 230000 BitCount = 119
   0.020500 1  18DAF110x       Rx   d 3 7F 22 78
   0.030000 2  123             Rx   r
   0.031000 1  ErrorFrame
   0.040000 CANFD   1 Rx        7E8                                   1 0 9 12 00 0A 62 F1 90 01 02 03 04 05 06 07   130000  130 303000 a b c d e f
   0.050000 CANFD   1 Tx       18FEF100x  EngineHours                 0 0 8  8 01 02 03 04 05 06 07 08   1 2
End TriggerBlock
`, framelog.Vector, "T 10ms 1 7DF#02010C0000000000\n20.5ms 1 18DAF110#7F2278\n30ms 2 123#R\n40ms 1 7E8##1000A62F19001020304050607\nT 50ms 1 18FEF100##00102030405060708\n", 1, 0},
		{"asc, decimal and relative", `date Son Mrz 1 08:30:00 2026
base dec  timestamps relative
 0.500000 1 2015 Rx d 2 16 255
 0.250000 1 291 Rx d 0
`, framelog.Vector, "500ms 1 7DF#10FF\n750ms 1 123#\n", 0, 0},
		{"trc 1.0", `;##########################################################################
;   C:\log.trc
;   Start time: 01.03.2026 08:30:00.000
     1)       1.5  07DF  8  02 01 0C 00 00 00 00 00
     2)      11.5  18DAF110  3  7F 22 78
     3)      12.0  0123  4  RTR
`, framelog.Peak, "1.5ms  7DF#02010C0000000000\n11.5ms  18DAF110#7F2278\n12ms  123#R4\n", 0, 0},
		{"trc 1.1", `;$FILEVERSION=1.1
;$STARTTIME=46082.3541666667
     1)       100.5  Tx         07DF  8  02 01 0C 00 00 00 00 00
     2)       110.5  Rx         07E8  4  41 0C 1A F8
     3)       120.0  Error      0000  4  00 00 00 00
     4)       130.0  Warng      FFFFFFFF  4  00 00 00 08
`, framelog.Peak, "T 100.5ms  7DF#02010C0000000000\n110.5ms  7E8#410C1AF8\n", 1, 0},
		{"trc 1.3", `;$FILEVERSION=1.3
     1)         2.5 1  Rx        07E8 -  4    41 0C 1A F8
`, framelog.Peak, "2.5ms 1 7E8#410C1AF8\n", 0, 0},
		{"trc 2.0", `;$FILEVERSION=2.0
;$COLUMNS=N,O,T,I,d,l,D
      1      1059.900 DT     07DF Tx 8  02 01 0C 00 00 00 00 00
      2      1069.900 FB     07E8 Rx 12 00 0A 01 02 03 04 05 06 07 08 09 0A
      3      1070.000 RR     0123 Rx 2
      4      1071.000 ST          Rx    00 00 00 08
      5      1072.000 ER          Rx    04 00 02 00 00
`, framelog.Peak, "T 1.0599s  7DF#02010C0000000000\n1.0699s  7E8##1000A0102030405060708090A\n1.07s  123#R2\n", 1, 0},
		{"trc 2.1", `;$FILEVERSION=2.1
;$COLUMNS=N,O,T,B,I,d,R,L,D
      1      1059.900 DT 1      18DAF110 Rx -  3    7F 22 78
      2      1069.900 FD 1      07E8 Rx -  9    00 0A 01 02 03 04 05 06 07 08 09 0A
`, framelog.Peak, "1.0599s 1 18DAF110#7F2278\n1.0699s 1 7E8##0000A0102030405060708090A\n", 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			l, err := framelog.Parse([]byte(strings.ReplaceAll(row.text, "\n", "\r\n")))
			if err != nil {
				t.Fatal(err)
			}
			got := show(l)
			if row.name == "candump -l" {
				var b []byte
				for _, e := range l.Entries {
					b = framelog.AppendCandump(b, e)
				}
				got, row.want = string(b), `(1436509052.249713) can0 7DF#02010C0000000000
(1436509052.259713) can0 7E8#04410C1AF8
(1436509052.260000) can0 18DAF110#037F2278 T
(1436509052.260001) can1 123#R4
(1436509052.270000) can1 7E0##1000C112233445566778899AA
`
			}
			if got != row.want || l.Format != row.format || l.Errors != row.errors || l.Skipped != row.skipped {
				t.Errorf("%s, %d errors, %d skipped\n%s\nwant %s, %d, %d\n%s", l.Format, l.Errors, l.Skipped, got, row.format, row.errors, row.skipped, row.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "hello", "0100\r41 00 BE 3F A8 13\r>", "{\"a\":1}", "date\nbase hex\n"} {
		if l, err := framelog.Parse([]byte(text)); !errors.Is(err, framelog.ErrFormat) {
			t.Errorf("%q: %v, %v", text, l, err)
		}
	}
}

func TestParseFrameRefuses(t *testing.T) {
	for _, text := range []string{"", "7DF", "7DF#0", "800#00", "7DF#010203040506070809", "1234#00", "20000000#00", "7E0##", "7E0##1010203040506070809", "123#R9", "123#RX", "G#00"} {
		if f, err := framelog.ParseFrame(text); err == nil {
			t.Errorf("%q is taken: %+v", text, f)
		}
	}
}

func FuzzFrame(f *testing.F) {
	for _, s := range []string{"7DF#02010C", "18DAF110#03.7F.22.78", "123#R4", "123#R", "7E0##1000C112233445566778899AA", "123#"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		frame, err := framelog.ParseFrame(s)
		if err != nil {
			return
		}
		text := framelog.AppendFrame(nil, &frame)
		if again, err := framelog.ParseFrame(string(text)); err != nil || again != frame {
			t.Fatalf("%q is %+v, written %s, again %+v, %v", s, frame, text, again, err)
		}
	})
}

// FuzzParse reads any log and holds what was read against what it is when written as candump does.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"(1436509052.249713) can0 7DF#02010C0000000000\n", "  can0  7DF   [2]  02 01\n",
		"base hex  timestamps absolute\n 0.01 1 7DF Tx d 2 02 01\n 0.04 CANFD 1 Rx 7E8 1 0 9 12 00 0A 62 F1 90 01 02 03 04 05 06 07\n",
		";$FILEVERSION=1.1\n 1) 100.5 Tx 07DF 2 02 01\n", ";$FILEVERSION=2.0\n;$COLUMNS=N,O,T,I,d,l,D\n 1 1059.9 DT 07DF Tx 2 02 01\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := framelog.Parse(data)
		if err != nil {
			return
		}
		var b bytes.Buffer
		for i, e := range l.Entries {
			if e.At < 0 || i > 0 && e.At < l.Entries[i-1].At {
				t.Fatalf("entry %d at %s", i, e.At)
			}
			e.Interface = "can0"
			b.Write(framelog.AppendCandump(nil, e))
		}
		if len(l.Entries) == 0 {
			return
		}
		again, err := framelog.Parse(b.Bytes())
		if err != nil || len(again.Entries) != len(l.Entries) {
			t.Fatalf("%d entries, again %v, %v\n%s", len(l.Entries), again, err, b.Bytes())
		}
		for i, e := range l.Entries {
			o := again.Entries[i]
			if o.Frame != e.Frame || o.Sent != e.Sent || o.At != e.At.Truncate(time.Microsecond) {
				t.Fatalf("entry %d: %+v, again %+v", i, e, o)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	var log []byte
	for i := range 10_000 {
		log = framelog.AppendCandump(log, framelog.Entry{At: time.Duration(i) * time.Millisecond, Frame: can.New(0x7E8, 1, 2, 3, 4, 5, 6, 7, 8)})
	}
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := framelog.Parse(log); err != nil {
			b.Fatal(err)
		}
	}
}

func TestALineThatIsTooLongIsPassedOver(t *testing.T) {
	log := "(1.0) can0 7E8#0102\n" + strings.Repeat("x", 100_000) + "\n(2.0) can0 7E8#0304"
	l, err := framelog.Parse([]byte(log))
	if err != nil || len(l.Entries) != 2 || l.Entries[1].Line != 3 {
		t.Errorf("%v, %+v", err, l)
	}
}
