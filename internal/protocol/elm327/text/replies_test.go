package text_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

func wire(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatalf("wire bytes %q: %v", s, err)
	}
	return b
}

// list writes replies in one line: "7E8 410D1E in 1; ...".
func list(replies []link.Reply) string {
	var b strings.Builder
	for i, r := range replies {
		if i > 0 {
			b.WriteString("; ")
		}
		if r.ECU != 0 {
			fmt.Fprintf(&b, "%s ", r.ECU)
		}
		if len(r.Data) > 0 {
			fmt.Fprintf(&b, "%X ", r.Data)
		}
		fmt.Fprintf(&b, "in %d", r.Frames)
		fault, faulty := errors.AsType[*link.Fault](r.Err)
		switch {
		case faulty:
			b.WriteString(" " + fault.Text)
		case errors.Is(r.Err, link.ErrPending):
			b.WriteString(" pending")
		case errors.Is(r.Err, link.ErrIncomplete):
			b.WriteString(" incomplete")
		case r.Err != nil:
			b.WriteString(" " + r.Err.Error())
		}
	}
	return b.String()
}

// row is one answer, its lines separated by "|".
type row struct{ name, request, lines, want string }

func check(t *testing.T, f text.Format, rows []row) {
	t.Helper()
	for _, r := range rows {
		raw := strings.ReplaceAll(r.lines, "|", "\r") + "\r\r>"
		a := text.Clean([]byte(raw), strings.ReplaceAll(r.request, " ", ""))
		if got := list(text.Replies(a, f, wire(t, r.request))); got != r.want {
			t.Errorf("%s: %s\n got %s\nwant %s", r.name, r.lines, got, r.want)
		}
	}
}

func TestRepliesCAN11(t *testing.T) {
	check(t, text.Format{Protocol: obd.CAN11x500, Headers: true}, []row{
		{"one ECU", "01 0D", "7E8 03 41 0D 1E", "7E8 410D1E in 1"},
		{"no blanks: odd number of digits", "010D", "7E803410D1E", "7E8 410D1E in 1"},
		{"padding", "010D", "7E803410D1EAAAAAAAA", "7E8 410D1E in 1"},
		{"stray byte behind a full frame", "0100", "7E8 06 41 00 98 18 00 01 AA AA", "7E8 410098180001 in 1"},
		{"small letters", "010D", "7e8 03 41 0d 1e", "7E8 410D1E in 1"},
		{"two ECUs", "010D", "7E8 03 41 0D 1E|7EA 03 41 0D 1F", "7E8 410D1E in 1; 7EA 410D1F in 1"},
		{"identifiers outside 7E8 to 7EF", "22D410", "694 05 62 D4 10 4B FE", "694 62D4104BFE in 1"},
		{"29-bit identifier among them", "010D", "18DAF110 03 41 0D 1E", "18DAF110 410D1E in 1"},
		{"an ECU answers twice the same", "010D", "7E8 03 41 0D 1E|7E8 03 41 0D 1E", "7E8 410D1E in 1"},
		{"an ECU answers twice differently", "010D", "7E8 03 41 0D 1E|7E8 03 41 0D 20", "7E8 410D1E in 1; 7E8 410D20 in 1"},
		{"two multi-frame messages interleaved", "0904",
			"7E8 10 0A 49 04 01 41 42 43|7E9 10 0A 49 04 01 61 62 63|7E9 21 64 65 66 67 00 00 00|7E8 21 44 45 46 47 00 00 00",
			"7E8 49040141424344454647 in 2; 7E9 49040161626364656667 in 2"},
		{"shuffled", "0902",
			"7E8 22 44 55 66 77 88 99 AA|7E8 10 14 49 02 01 31 32 33|7E8 21 34 35 36 37 38 39 41",
			"7E8 49020131323334353637383941445566778899AA in 3"},
		{"a frame is missing", "0902", "7E8 10 14 49 02 01 31 32 33|7E8 22 44 55 66 77 88 99 AA", "7E8 490201313233 in 2 incomplete"},
		{"the adapter flagged a frame", "0902",
			"7E8 10 14 49 02 01 31 32 33|7E8 21 34 35 36 37 38 39 41 <RX ERROR|7E8 22 44 55 66 77 88 99 AA",
			"7E8 490201313233 in 2 RX ERROR"},
		{"the adapter flagged all", "010D", "7E8 03 41 0D 1E <DATA ERROR", "7E8 in 1 DATA ERROR"},
		{"one of two ECUs flagged", "010D", "7E8 03 41 0D 1E <DATA ERROR|7E9 03 41 0D 1E", "7E9 410D1E in 1; 7E8 in 1 DATA ERROR"},
		{"cut by a count digit", "018B", "7E8 10 09 41 8B 73 02 C9 02", "7E8 418B7302C902 in 1 incomplete"},
		{"refused", "0A", "7E8 03 7F 0A 11", "7E8 7F0A11 in 1"},
		{"pending, then the answer", "0902", "7E8 03 7F 09 78|7E8 03 7F 09 78|7E8 03 49 02 00", "7E8 490200 in 1"},
		{"pending without an end", "03", "7E8 03 7F 03 78|7E8 03 7F 03 78", "7E8 7F0378 in 1 pending"},
		{"one ECU pending, one not", "04", "7E8 03 7F 04 78|7E9 01 44|7E8 01 44", "7E9 44 in 1; 7E8 44 in 1"},
		{"busy, then the answer", "010D", "7E8 03 7F 01 21|7E8 03 41 0D 1E", "7E8 410D1E in 1"},
		{"stale answers", "0107", "7E8 03 41 0D 1E|7E8 03 41 11 20|7E8 03 41 07 80|7E8 03 47 00", "7E8 410780 in 1"},
		{"refusal of another service", "010D", "7E8 03 7F 22 31|7E8 03 41 0D 1E", "7E8 410D1E in 1"},
		{"batch in another order", "010C0D05", "7E8 10 08 41 05 7B 0D 1E 0C|7E8 21 1A F8", "7E8 41057B0D1E0C1AF8 in 2"},
		{"codes whose fill is announced and never comes", "03", "7E8 10 20 43 02 01 71 03 00", "7E8 430201710300 in 1"},
		{"codes that are missing", "03", "7E8 10 0A 43 04 01 71 03 00", "7E8 430401710300 in 1 incomplete"},
		{"torn line", "0100", "7E8 06 41 00 98|18 00 01", "7E8 410098180001 in 1"},
		{"torn in the middle of a byte", "0100", "7E80641009|8180001", "7E8 410098180001 in 1"},
		{"glued lines", "010D", "7E803410D1E555555557E903410D1F55555555", "7E8 410D1E in 1; 7E9 410D1F in 1"},
		{"glued frames of one ECU", "0902", "7E8 10 14 49 02 01 31 32 33|7E82134353637383941" + "7E8224455667788" + "99AA",
			"7E8 49020131323334353637383941445566778899AA in 3"},
		{"rejected: no data", "010D", "7E8 01", "7E8 in 1 incomplete"},
		{"rejected: half a byte", "0100", "7E8 08 41 00 00 01 02 03 04 0", ""},
		{"rejected: too long", "0100", "7E8 08 41 00 00 01 02 03 04 05", ""},
		{"not hexadecimal", "010D", "7E8 03 41 0D XX|GARBAGE", ""},
	})
}

func TestRepliesCAN29(t *testing.T) {
	check(t, text.Format{Protocol: obd.CAN29x500, Headers: true}, []row{
		{"blanks in the identifier", "0131", "18 DA F1 0E 04 41 31 00 07", "18DAF10E 41310007 in 1"},
		{"no blanks", "0131", "18DAF10E0441310007", "18DAF10E 41310007 in 1"},
		{"identifier in one word", "0131", "18DAF10E 04 41 31 00 07", "18DAF10E 41310007 in 1"},
		{"four ECUs", "0104", "18DAF1100341041E|18DAF1180341041F|18DAF1280341040A|18DAF1580341040B",
			"18DAF110 41041E in 1; 18DAF118 41041F in 1; 18DAF128 41040A in 1; 18DAF158 41040B in 1"},
		{"functional neighbour's request", "0104", "18DB33F1020104|18DAF1100341041E", "18DAF110 41041E in 1"},
		{"stale answer of another service before a long one", "222660",
			"18DAF10203411120|18DAF110100A622660801F9F|18DAF11021F3FFF00055555555",
			"18DAF110 622660801F9FF3FFF000 in 2"},
		{"two frames glued, the first cut", "227028",
			"18DAF1601015627028F8FC00|18DAF16021000000" + "18DAF1602201020304050607|18DAF160230800",
			"18DAF160 627028F8FC00000000 in 4 incomplete"},
		{"user-defined line with short identifiers", "010D", "7E803410D1E", "7E8 410D1E in 1"},
	})
}

func TestRepliesDLC(t *testing.T) {
	check(t, text.Format{Protocol: obd.CAN11x500, Headers: true, DLC: true}, []row{
		{"blanks", "010D", "7E8 8 03 41 0D 1E 00 00 00 00", "7E8 410D1E in 1"},
		{"no blanks", "010D", "7E8803410D1E00000000", "7E8 410D1E in 1"},
		{"short frame", "010D", "7E8403410D1E", "7E8 410D1E in 1"},
	})
	check(t, text.Format{Protocol: obd.CAN29x500, Headers: true, DLC: true}, []row{
		{"29 bit", "010D", "18DAF110803410D1E00000000", "18DAF110 410D1E in 1"},
		{"29 bit, blanks", "010D", "18 DA F1 10 8 03 41 0D 1E 00 00 00 00", "18DAF110 410D1E in 1"},
	})
}

func TestRepliesExtended(t *testing.T) {
	check(t, text.Format{Protocol: obd.CAN11x500, Headers: true, Extended: true}, []row{
		{"one frame", "22F190", "612 F1 03 7F 22 31", "612:F1 7F2231 in 1"},
		{"several", "22F190", "612 F1 10 09 62 F1 90 41 42|612 F1 21 43 44 45 46", "612:F1 62F190414243444546 in 2"},
		{"flagged", "22F190", "612 F1 03 7F 22 31 <RX ERROR", "612:F1 in 1 RX ERROR"},
	})
}

func TestRepliesRaw(t *testing.T) {
	check(t, text.Format{Protocol: obd.CAN11x500, Raw: true}, []row{
		{"one frame", "010D", "03 41 0D 1E 00 00 00 00", "410D1E in 1"},
		{"several", "0904", "10 0A 49 04 01 41 42 43|21 44 45 46 47 00 00 00", "49040141424344454647 in 2"},
	})
}

func TestRepliesHeadersOff(t *testing.T) {
	check(t, text.Format{Protocol: obd.CAN29x500}, []row{
		{"one line", "0142", "41422EDC", "41422EDC in 1"},
		{"padding cannot be told", "010C", "410C0AF4000000", "410C0AF4000000 in 1"},
		{"several ECUs, some alike", "03", "4301D218|4300|4300", "4301D218 in 1; 4300 in 1; 4300 in 1"},
		{"numbered lines", "0902", "014|0:490201414243|1:4445464748494A|2:4B4C4D4E303132", "4902014142434445464748494A4B4C4D4E303132 in 3"},
		{"numbered lines with blanks", "0904", "00A |0: 49 04 01 41 42 43 |1: 44 45 46 47 00 00 00 ", "49040141424344454647 in 2"},
		{"shuffled", "0902", "014|0:490201414243|2:4B4C4D4E303132|1:4445464748494A", "4902014142434445464748494A4B4C4D4E303132 in 3"},
		{"cut by a count digit", "018B", "009|0:418B7302C902", "418B7302C902 in 1 incomplete"},
		{"a line is missing", "0902", "014|0:490201414243|2:4B4C4D4E303132", "490201414243 in 2 incomplete"},
		{"numbered lines without a length", "0902", "0:490201414243|1:4445464748494A", ""},
		{"one after the other", "0904", "00A|0:490401414243|1:44454647000000|00A|0:490401616263|1:64656667000000",
			"49040141424344454647 in 2; 49040161626364656667 in 2"},
		{"two of different length interleaved", "0104050C", "00E|008|0:410C00000400|0:410C00000400|1:0535AAAAAAAAAA|1:0680112D0E8005|2:35000000000000",
			"410C00000400 in 3 incomplete; 410C00000400 in 2 incomplete"},
		{"interleaved, told by what is due", "0104050C", "00E|0:410C00000400|1:0680112D0E8005|008|0:410C00000400|2:35000000000000|1:0535AAAAAAAAAA",
			"410C000004000680112D0E800535 in 3; 410C000004000535 in 2"},
		{"line ends lost", "0104050C", "00E0:410C000004001:0680112D0E80052:350000000000000080:410C000004001:0535AAAAAAAAAA",
			"410C000004000680112D0E800535 in 3; 410C000004000535 in 2"},
		{"line ends lost, one ECU with a short answer", "0115040C", "00B0:4115FFFF0C1A1:F804000D200000410C1AF00400", "4115FFFF0C1AF804000D20 in 2; 410C1AF00400 in 1"},
		{"flagged", "0142", "41422EDC <DATA ERROR", "in 1 DATA ERROR"},
		{"pending, then the answer", "03", "7F0378|4300", "4300 in 1"},
	})
}

// With the line number going round after F, sixteen lines on it is 0 again.
func TestRepliesHeadersOffWrap(t *testing.T) {
	data := make([]byte, 6+7*19)
	for i := range data {
		data[i] = byte(i)
	}
	data[0], data[1], data[2] = 0x62, 0xF1, 0x90
	lines := fmt.Sprintf("%03X\r0:%X\r", len(data), data[:6])
	for i, rest := 1, data[6:]; len(rest) > 0; i, rest = i+1, rest[7:] {
		lines += fmt.Sprintf("%X:%X\r", i&0x0F, rest[:7])
	}
	for name, raw := range map[string]string{"lines": lines, "line ends lost": strings.ReplaceAll(lines, "\r", "")} {
		got := text.Replies(text.Clean([]byte(raw), ""), text.Format{Protocol: obd.CAN11x500}, []byte{0x22, 0xF1, 0x90})
		if len(got) != 1 || got[0].Err != nil || string(got[0].Data) != string(data) {
			t.Errorf("%s: %s", name, list(got))
		}
	}
}
