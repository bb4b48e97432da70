package j1979_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// tell writes what an Info holds.
func tell(i j1979.Info) string {
	s := []string{}
	add := func(format string, args ...any) { s = append(s, fmt.Sprintf(format, args...)) }
	if i.Messages != nil {
		add("messages %d", *i.Messages)
	}
	for _, text := range []string{i.VIN, i.Name, i.ESN, i.Regulation} {
		if text != "" {
			add("%s", text)
		}
	}
	if i.CalIDs != nil {
		add("%q", i.CalIDs)
	}
	if i.CVNs != nil {
		add("%v", i.CVNs)
	}
	if u := i.InUse; u != nil {
		add("OBDCOND %d IGNCNTR %d", u.Conditions, u.IgnitionCycles)
		for _, c := range u.Counters {
			add("%s %d/%d", c.ID, c.Completions, c.Conditions)
		}
	}
	if i.FueledStarts != nil {
		add("starts %d", *i.FueledStarts)
	}
	return strings.Join(s, " ")
}

func ascii(s string) string { return hex.EncodeToString([]byte(s)) }

func TestParseInfo(t *testing.T) {
	const vin = "1ABCD23E4FG567890"
	can, iso, vpw := obd.CAN11x500, obd.ISO9141, obd.J1850VPW
	for _, row := range []struct {
		name     string
		protocol obd.Protocol
		data     string
		want     string
	}{
		{"VIN", can, "49 02 01" + ascii(vin), vin},
		{"VIN without the item count", can, "49 02" + ascii(vin), vin},
		{"VIN without the item count, padded", can, "49 02" + ascii(vin) + "00", vin},
		{"VIN, padded with 55", can, "49 02 01" + ascii(vin) + "55 55 55", vin},
		{"VIN in lines of four", iso, "49 02 00 00 00" + ascii(vin), vin},
		{"VIN in lines with their order", vpw, "49 02 01 00 00 00" + ascii(vin[:1]) + "02" + ascii(vin[1:5]) +
			"03" + ascii(vin[5:9]) + "04" + ascii(vin[9:13]) + "05" + ascii(vin[13:]), vin},
		{"VIN not programmed", can, "49 02 01 FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF", ""},
		{"VIN of zeros", iso, "49 02" + strings.Repeat("00", 20), ""},
		{"VIN message count", iso, "49 01 05", "messages 5"},

		{"calibration id", can, "49 04 01" + ascii("AB-1234567\x00\x00\x00\x00\x00\x00"), `["AB-1234567"]`},
		{"two calibration ids", can, "49 04 02" + ascii("PART-A-0001     ") + ascii("PART-B-0002\x00\x00\x00\x00\x00"), `["PART-A-0001" "PART-B-0002"]`},
		{"an empty one in front keeps its place", can, "49 04 02" + strings.Repeat("00", 16) + ascii("PART-B-000200000"), `["" "PART-B-000200000"]`},
		{"calibration id without the count", can, "49 04" + ascii("AB-1234567\x00\x00\x00\x00\x00\x00"), `["AB-1234567"]`},
		{"calibration id, padded", can, "49 04 01" + ascii("AB-1234567890123") + "AA AA AA", `["AB-1234567890123"]`},
		{"calibration id in lines of four", iso, "49 04" + ascii("AB-1234567\x00\x00\x00\x00\x00\x00"), `["AB-1234567"]`},

		{"verification number", can, "49 06 01 00 12 AB CD", "[0012ABCD]"},
		{"two verification numbers", can, "49 06 02 11 22 33 44 55 66 77 88", "[11223344 55667788]"},
		{"verification number without the count", can, "49 06 11 22 33 44", "[11223344]"},
		{"verification number, padded", can, "49 06 01 11 22 33 44 00 00", "[11223344]"},
		{"verification number on an older line", iso, "49 06 11 22 33 44", "[11223344]"},
		{"verification number with its order byte", iso, "49 06 01 11 22 33 44", "[11223344]"},

		{"in-use, spark", can, "49 08 10 03 E8 07 D0 00 64 00 C8 00 00 00 00 01 2C 01 90 00 00 00 00 00 05 00 0A 00 00 00 00 00 07 00 0E",
			"OBDCOND 1000 IGNCNTR 2000 CAT1 100/200 CAT2 0/0 O2S1 300/400 O2S2 0/0 EGR 5/10 AIR 0/0 EVAP 7/14"},
		{"in-use, spark, twenty counters", can, "49 08 14 00 01 00 02" + strings.Repeat("0001 0002", 9),
			"OBDCOND 1 IGNCNTR 2 CAT1 1/2 CAT2 1/2 O2S1 1/2 O2S2 1/2 EGR 1/2 AIR 1/2 EVAP 1/2 SO2S1 1/2 SO2S2 1/2"},
		{"in-use, without the count", can, "49 08 00 01 00 02" + strings.Repeat("0001 0002", 7),
			"OBDCOND 1 IGNCNTR 2 CAT1 1/2 CAT2 1/2 O2S1 1/2 O2S2 1/2 EGR 1/2 AIR 1/2 EVAP 1/2"},
		{"in-use, compression", can, "49 0B 12 00 01 00 02" + strings.Repeat("0003 0004", 8),
			"OBDCOND 1 IGNCNTR 2 HCCAT 3/4 NCAT 3/4 NADS 3/4 PM 3/4 EGS 3/4 EGR 3/4 BP 3/4 FUEL 3/4"},
		{"in-use on an older line", iso, "49 08 00 01 00 02 00 03 00 04", "OBDCOND 1 IGNCNTR 2 CAT1 3/4"},
		{"in-use, cut", can, "49 08 10 00 01", ""},

		{"ECU name", can, "49 0A 01" + ascii("ECM\x00-EngineControl\x00\x00"), "ECM-EngineControl"},
		{"ECU name without the count", can, "49 0A" + ascii("Gate_01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "Gate_01"},
		{"ECU name, padded", can, "49 0A 01" + ascii("TCM\x00-Transmission\x00\x00\x00") + "55 55 55 55", "TCM-Transmission"},
		{"engine serial number", can, "49 0D 01" + ascii("\x00\x00\x00EN1234567890AB"), "EN1234567890AB"},
		{"type approval", can, "49 0F 01" + ascii("E9-REG-0123456789"), "E9-REG-0123456789"},
		{"fueled starts", can, "49 12 01 02 58", "starts 600"},
		{"another InfoType", can, "49 14 01 02 58", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			data := wire(t, row.data)
			info, err := j1979.ParseInfo(row.protocol, data)
			if got := tell(info); err != nil || got != row.want || info.Type != data[1] {
				t.Errorf("ParseInfo(%s) = %s, %v, want %s", row.data, got, err, row.want)
			}
		})
	}
	for _, data := range []string{"49", "49 02", "41 02 01", ""} {
		if _, err := j1979.ParseInfo(can, wire(t, data)); !errors.Is(err, j1979.ErrMalformed) {
			t.Errorf("ParseInfo(%s): %v, want a malformed reply", data, err)
		}
	}
}

// FuzzParseInfo reads any bytes as any InfoType, and finds a VIN again in every shape it travels in.
func FuzzParseInfo(f *testing.F) {
	f.Add([]byte{0x49, 0x04, 0x01}, "1ABCD23E4FG567890", uint8(6))
	f.Fuzz(func(t *testing.T, raw []byte, vin string, protocol uint8) {
		j1979.ParseInfo(obd.Protocol(protocol%14), raw)
		if len(vin) != 17 || strings.TrimSpace(vin) != vin || strings.ContainsFunc(vin, func(r rune) bool { return r < ' ' || r > '~' }) {
			return
		}
		for front, p := range map[string]obd.Protocol{
			"49 02 01": obd.CAN11x500, "49 02": obd.CAN29x250, "49 02 00 00 00": obd.ISO9141,
		} {
			data := append(wire(t, front), vin...)
			info, err := j1979.ParseInfo(p, data)
			if err != nil || info.VIN != vin {
				t.Fatalf("ParseInfo(% X) = %q, %v, want %q", data, info.VIN, err, vin)
			}
		}
	})
}
