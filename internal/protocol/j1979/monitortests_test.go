package j1979_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog/monitor"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// brief writes a test result in one line: ids, value in its limits, verdict, margin.
func brief(r obd.MonitorTest) string {
	number := func(f *float64) string {
		if f == nil {
			return "-"
		}
		return fmt.Sprintf("%.4g", *f)
	}
	id := func(b *uint8) string {
		if b == nil {
			return "--"
		}
		return fmt.Sprintf("%02X", *b)
	}
	verdict := map[bool]string{true: "passed", false: "failed"}[r.Passed]
	if r.NotRun {
		verdict = "not run"
	}
	return fmt.Sprintf("%s/%02X/%s/%s %s<%.4g<%s%s %s %s", id(r.MID), r.TID, id(r.UAS), id(r.Part),
		number(r.Min), r.Value, number(r.Max), r.Unit, verdict, number(r.Margin))
}

func briefs(tests []obd.MonitorTest) string {
	var s []string
	for _, r := range tests {
		s = append(s, brief(r))
	}
	return strings.Join(s, "; ")
}

func TestParseMonitorTests(t *testing.T) {
	can, kwp, pwm, guess := obd.CAN11x500, obd.KWPFast, obd.J1850PWM, obd.ProtocolUnknown
	for _, row := range []struct {
		name     string
		protocol obd.Protocol
		data     string
		want     string
		broken   bool
	}{
		{"between limits", can, "46 01 07 0B 00 64 00 00 01 90", "01/07/0B/-- -<0.1<0.4V passed 0.75", false},
		{"near the lower of two", can, "46 21 84 20 01 40 01 00 03 00", "21/84/20/-- 1<1.25<31 passed 0.125", false},
		{"two records, monitor id repeated", can, "46 A2 0B 24 00 05 00 00 FF FF A2 0C 24 00 0A 00 00 00 64",
			"A2/0B/24/-- -<5<- passed -; A2/0C/24/-- -<10<100 passed 0.9", false},
		{"only a minimum", can, "46 05 08 0B 03 20 02 58 FF FF", "05/08/0B/-- 0.6<0.8<-V passed 0.3333", false},
		{"too high", can, "46 31 80 2F 27 10 00 00 13 88", "31/80/2F/-- -<100<50% failed -1", false},
		{"signed", can, "46 3D 88 FE FF F6 FF EC 00 14", "3D/88/FE/-- -5<-2.5<5Pa passed 0.25", false},
		{"signed without a lower limit", can, "46 35 81 9C FF 9C 80 00 01 F4", "35/81/9C/-- -<-1<5deg passed 1.2", false},
		{"signed without limits", can, "46 35 81 9C FF 9C 80 00 7F FF", "35/81/9C/-- -<-1<-deg passed -", false},
		{"signed, failed", can, "46 39 80 FD F0 00 F8 30 07 D0", "39/80/FD/-- -2<-4.096<2kPa failed -0.524", false},
		{"not run", can, "46 3C 80 2F 00 00 00 00 00 00", "3C/80/2F/-- 0<0<0% not run -", false},
		{"equal limits", can, "46 81 80 24 00 05 00 05 00 05", "81/80/24/-- 5<5<5 passed -", false},
		{"unknown unsigned scaling", can, "46 E1 90 7E FF 00 00 10 FF FE", "E1/90/7E/-- 16<6.528e+04<6.553e+04 passed 0.003877", false},
		{"unknown signed scaling", can, "46 E1 90 C0 FF FF FF F6 00 0A", "E1/90/C0/-- -10<-1<10 passed 0.45", false},
		{"offset scaling", can, "46 41 82 16 02 58 01 F4 FF FF", "41/82/16/-- 10<20<-Cel passed 1", false},
		{"padded", can, "46 01 07 0B 00 64 00 00 01 90 AA AA AA AA", "01/07/0B/-- -<0.1<0.4V passed 0.75", false},
		{"padded by more than a record", can, "46 01 07 0B 00 64 00 00 01 90 00 00 00 00 00 00 00 00 00 00", "01/07/0B/-- -<0.1<0.4V passed 0.75", false},
		{"cut", can, "46 01 07 0B 00 64 00 00 01 90 01 08 0B", "01/07/0B/-- -<0.1<0.4V passed 0.75", true},
		{"support bitmap", can, "46 00 C0 00 00 01", "", false},
		{"empty", can, "46 01", "", true},
		{"another service", can, "45 01 01 5A", "", true},

		{"older line, maximum", kwp, "46 05 02 00 64 01 90", "--/05/--/02 -<100<400 passed 0.75", false},
		{"older line, minimum", pwm, "46 05 82 00 64 01 90", "--/05/--/02 400<100<- failed -0.75", false},
		{"older line, two components", kwp, "46 0A 01 00 64 01 90 0A 82 01 90 00 64", "--/0A/--/01 -<100<400 passed 0.75; --/0A/--/02 100<400<- passed 3", false},
		{"older line, not run", kwp, "46 05 02 00 00 00 00", "--/05/--/02 -<0<0 not run -", false},
		{"older line, no limit", kwp, "46 05 02 12 34 FF FF", "--/05/--/02 -<4660<- passed -", false},
		{"older line, line unknown", guess, "46 05 02 00 64 01 90", "--/05/--/02 -<100<400 passed 0.75", false},
		{"older line, support bitmap", kwp, "46 00 FF 7C 00 00 00", "", false},
		{"older line, cut", kwp, "46 05 02 00 64", "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			tests, err := j1979.ParseMonitorTests(row.protocol, engine, wire(t, row.data))
			if got := briefs(tests); got != row.want || errors.Is(err, j1979.ErrMalformed) != row.broken {
				t.Errorf("ParseMonitorTests(%s)\n got %s, %v\nwant %s, broken %v", row.data, got, err, row.want, row.broken)
			}
		})
	}
}

func TestMonitorTestNames(t *testing.T) {
	for _, row := range []struct {
		data, name, test string
		known            bool
	}{
		{"46 06 05 10 00 64 00 00 01 90", "oxygen sensor, bank 2 sensor 2", "rich to lean switch time", true},
		{"46 A4 0C 24 00 00 00 00 00 64", "misfire, cylinder 3", "misfires in this or the last driving cycle", true},
		{"46 22 80 24 00 64 00 00 01 90", "catalyst, bank 2", "", false},
		{"46 E3 90 24 00 64 00 00 01 90", "", "", false},
	} {
		tests, err := j1979.ParseMonitorTests(obd.CAN11x500, engine, wire(t, row.data))
		if err != nil || len(tests) != 1 {
			t.Fatalf("%s: %v, %v", row.data, tests, err)
		}
		if r := tests[0]; r.Name != row.name || r.TestName != row.test || r.Known != row.known || r.ECU != engine {
			t.Errorf("%s: %q %q known %v", row.data, r.Name, r.TestName, r.Known)
		}
	}
}

func FuzzParseMonitorTests(f *testing.F) {
	f.Add([]byte{0x46, 0x01, 0x07, 0x0B, 0x00, 0x64, 0x00, 0x00, 0x01, 0x90}, uint8(6), uint16(100), uint16(0), uint16(400))
	f.Fuzz(func(t *testing.T, raw []byte, id uint8, value, low, high uint16) {
		for _, p := range []obd.Protocol{obd.CAN11x500, obd.KWPSlow, obd.ProtocolUnknown} {
			j1979.ParseMonitorTests(p, engine, raw)
		}
		mid, uas := byte(0x21), id
		data := []byte{0x46, mid, 0x80, uas}
		for _, n := range []uint16{value, low, high} {
			data = binary.BigEndian.AppendUint16(data, n)
		}
		tests, err := j1979.ParseMonitorTests(obd.CAN29x500, engine, data)
		if err != nil || len(tests) != 1 {
			t.Fatalf("% X: %v, %v", data, tests, err)
		}
		r, s := tests[0], monitor.ScalingOf(uas)
		if back := math.Round((r.Value - s.Offset) / s.Factor); int(back) != s.Raw(value) {
			t.Fatalf("% X: value %v is raw %v", data, r.Value, back)
		}
		inside := s.Raw(low) <= s.Raw(value) && s.Raw(value) <= s.Raw(high)
		if r.Passed != inside || r.Margin != nil && s.Raw(low) <= s.Raw(high) && (*r.Margin < 0) == inside {
			t.Fatalf("% X: passed %v, margin %v", data, r.Passed, *r.Margin)
		}
	})
}
