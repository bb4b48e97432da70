package text_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

func TestRepliesISO9141(t *testing.T) {
	check(t, text.Format{Protocol: obd.ISO9141, Headers: true}, []row{
		{"one ECU, not at 10", "0100", "48 6B 12 41 00 BE 1F E8 10 DB", "12 4100BE1FE810 in 1"},
		{"no blanks", "010D", "486B10410D0011", "10 410D00 in 1"},
		{"two ECUs", "010D", "48 6B 10 41 0D 00 11|48 6B 18 41 0D 00 19", "10 410D00 in 1; 18 410D00 in 1"},
		// The adapter checks the sum itself and would have said <DATA ERROR.
		{"wrong checksum that the adapter let pass", "010D", "48 6B 10 41 0D 00 FF", "10 410D00 in 1"},
		{"flagged", "010D", "48 6B 10 41 0D 00 FF <DATA ERROR", "10 in 1 DATA ERROR"},
		{"codes in two lines", "03", "48 6B 10 43 01 71 03 00 04 20 1F|48 6B 10 43 05 00 00 00 00 00 0B", "10 43017103000420050000000000 in 2"},
		{"codes of two ECUs", "03", "48 6B 10 43 01 71 00 00 00 00 78|48 6B 18 43 07 00 00 00 00 00 15|48 6B 10 43 03 00 00 00 00 00 09",
			"10 43017100000000030000000000 in 2; 18 43070000000000 in 1"},
		{"codes said twice", "07", "48 6B 10 47 01 71 00 00 00 00 7C|48 6B 10 47 01 71 00 00 00 00 7C", "10 47017100000000 in 2"},
		{"VIN, shuffled", "0902",
			"48 6B 10 49 02 02 5A 5A 54 45 62|48 6B 10 49 02 01 00 00 00 5A 69|48 6B 10 49 02 04 30 30 30 30 D3|48 6B 10 49 02 03 53 54 30 30 18|48 6B 10 49 02 05 30 30 30 31 D5",
			"10 49020000005A5A5A54455354303030303030" + "30303031 in 5"},
		{"VIN, a line is missing", "0902", "48 6B 10 49 02 01 00 00 00 5A 69|48 6B 10 49 02 03 53 54 30 30 18", "10 49020000005A in 2 incomplete"},
		{"VIN, the first line is missing", "0902", "48 6B 10 49 02 02 5A 5A 54 45 62", "10 4902 in 1 incomplete"},
		{"VIN, a line twice", "0904", "48 6B 10 49 04 01 41 42 43 44 1B|48 6B 10 49 04 01 41 42 43 44 1B|48 6B 10 49 04 02 45 46 47 48 2C",
			"10 49044142434445464748 in 3"},
		{"VIN, two lines contradict", "0904", "48 6B 10 49 04 01 41 42 43 44 1B|48 6B 10 49 04 01 61 62 63 64 9B", "10 4904 in 2 incomplete"},
		{"bit map of service 09 keeps its count", "0900", "48 6B 10 49 00 01 54 00 00 00 61", "10 49000154000000 in 1"},
		{"message count", "0901", "48 6B 10 49 01 05 12", "10 490105 in 1"},
		{"monitor tests stay apart", "0601", "48 6B 10 46 01 02 00 10 00 20 3C|48 6B 10 46 01 83 00 10 00 08 A5", "10 46010200100020 in 1; 10 46018300100008 in 1"},
		{"codes cleared", "04", "48 6B 10 44 07", "10 44 in 1"},
		{"stale", "010D", "48 6B 10 41 0C 00 00 10|48 6B 10 41 0D 00 11", "10 410D00 in 1"},
		{"a line of this init is KWP", "010D", "83 F1 11 41 0D 32 05", "11 410D32 in 1"},
		{"rejected: short", "0100", "48 6B 10 41 FF", ""},
		{"rejected: long", "0100", "48 6B 10 41 00 00 01 02 03 04 05 FF", ""},
		{"rejected: half a byte", "0100", "48 6B 10 41 00 00 F", ""},
	})
}

func TestRepliesKWP(t *testing.T) {
	check(t, text.Format{Protocol: obd.KWPFast, Headers: true}, []row{
		{"length in the format byte", "010C", "84 F1 11 41 0C 0F A0 82", "11 410C0FA0 in 1"},
		{"length in its own byte", "2101", "80 F1 18 03 61 01 12 00", "18 610112 in 1"},
		{"no address", "010D", "03 41 0D 32 83", "410D32 in 1"},
		{"stray byte", "010D", "83 F1 11 41 0D 32 05 AA", "11 410D32 in 1"},
		{"fixed header on KWP", "010D", "48 6B 10 41 0D 00 11", "10 410D00 in 1"},
		{"refused", "0104", "83 F1 11 7F 01 12 17", "11 7F0112 in 1"},
		{"pending, then the answer", "14FF00", "83 F1 11 7F 14 78 90|83 F1 11 54 FF 00 D8", "11 54FF00 in 1"},
		{"maker's service, length with the checksum", "A111", "85 13 51 E1 11 51 0D 39", "51 E111510D in 1"},
		{"maker's negative form: not complete", "A111", "84 13 51 7E A1 23 2A", "51 7EA123 in 1 pending"},
		{"tester present is not that", "3E", "81 F1 11 7E 01", "11 7E in 1"},
		{"cut", "0100", "86 F1 11 41 00 BE", ""},
	})
}

func TestRepliesJ1850(t *testing.T) {
	check(t, text.Format{Protocol: obd.J1850VPW, Headers: true}, []row{
		{"wrong CRC that the adapter let pass", "010D", "48 6B 10 41 0D 32 00", "10 410D32 in 1"},
		{"codes", "03", "48 6B 10 43 01 71 03 00 04 20 00|48 6B 10 43 05 00 00 00 00 00 00", "10 43017103000420050000000000 in 2"},
	})
	check(t, text.Format{Protocol: obd.J1850PWM, Headers: true}, []row{
		{"in-frame response behind the CRC", "010D", "41 6B 10 41 0D 32 F6 F1", "10 410D32 in 1"},
	})
}

func TestRepliesOlderHeadersOff(t *testing.T) {
	check(t, text.Format{Protocol: obd.ISO9141}, []row{
		{"one line", "0100", "41 00 BE 1F B8 11", "4100BE1FB811 in 1"},
		{"codes", "03", "43 01 33 00 00 00 00|43 02 01 00 00 00 00", "43013300000000020100000000 in 2"},
		{"VIN of two ECUs, one after the other", "0904",
			"49 04 01 41 42 43 44|49 04 02 45 46 47 48|49 04 01 61 62 63 64|49 04 02 65 66 67 68",
			"49044142434445464748 in 2; 49046162636465666768 in 2"},
		{"flagged", "03", "43 01 33 00 00 00 00 <DATA ERROR", "in 1 DATA ERROR"},
	})
}

func TestGuess(t *testing.T) {
	for _, row := range []struct {
		name, raw string
		want      text.Format
	}{
		{"11 bit", "7E8 06 41 00 BE 3E B8 11", text.Format{Protocol: obd.CAN11x500, Headers: true}},
		{"11 bit, no blanks", "7E803410D1E", text.Format{Protocol: obd.CAN11x500, Headers: true}},
		{"11 bit, several frames", "7E8100A49040141|42437E8\r7E82144454647", text.Format{Protocol: obd.CAN11x500, Headers: true}},
		{"11 bit with length digit", "7E8 8 06 41 00 BE 3E B8 11 00", text.Format{Protocol: obd.CAN11x500, Headers: true, DLC: true}},
		{"11 bit with length digit, no blanks", "7E8803410D1E00000000", text.Format{Protocol: obd.CAN11x500, Headers: true, DLC: true}},
		{"29 bit", "18 DA F1 10 03 41 0D 1E", text.Format{Protocol: obd.CAN29x500, Headers: true}},
		{"29 bit, no blanks", "18DAF11003410D1E", text.Format{Protocol: obd.CAN29x500, Headers: true}},
		{"29 bit with length digit", "18DAF110803410D1E00000000", text.Format{Protocol: obd.CAN29x500, Headers: true, DLC: true}},
		{"ISO 9141", "48 6B 10 41 0D 00 11", text.Format{Protocol: obd.ISO9141, Headers: true}},
		{"KWP", "83 F1 11 41 0D 32 05", text.Format{Protocol: obd.KWPFast, Headers: true}},
		{"PWM", "41 6B 10 41 0D 32 F6", text.Format{Protocol: obd.J1850PWM, Headers: true}},
		{"numbered lines", "00A\r0:49040141\r1:44454647000000", text.Format{Protocol: obd.CAN11x500}},
		{"codes of an older line", "43 01 33 00 00 00 00", text.Format{Protocol: obd.ISO9141}},
		{"InfoType in pieces", "49 04 01 41 42 43 44\r49 04 02 45 46 47 48", text.Format{Protocol: obd.ISO9141}},
		{"only data", "41 0D 1E", text.Format{}},
		{"text", "ELM327 v1.5", text.Format{}},
		{"nothing", "", text.Format{}},
	} {
		if got := text.Guess(text.Clean([]byte(row.raw), "")); got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

// Without a protocol the answer itself tells how to read it.
func TestRepliesUnknownProtocol(t *testing.T) {
	check(t, text.Format{}, []row{
		{"11 bit", "010D", "7E8 03 41 0D 1E", "7E8 410D1E in 1"},
		{"29 bit", "010D", "18DAF11003410D1E", "18DAF110 410D1E in 1"},
		{"ISO 9141", "010D", "48 6B 10 41 0D 00 11", "10 410D00 in 1"},
		{"only data", "010D", "41 0D 1E", "410D1E in 1"},
	})
	check(t, text.Format{Headers: true, Extended: true}, []row{
		{"extended addressing", "22F190", "612 F1 03 7F 22 31", "612:F1 7F2231 in 1"},
	})
}
