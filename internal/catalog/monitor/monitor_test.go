package monitor_test

import (
	"math"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog/monitor"
	"github.com/fleetms/obdctl/internal/catalog/unit"
)

func TestScalingOf(t *testing.T) {
	for _, row := range []struct {
		id   byte
		bits uint16
		want float64
		unit string
	}{
		{0x01, 0xFFFF, 65535, ""},
		{0x05, 0xFFFF, 1.999, ""},
		{0x07, 0x0FA0, 1000, "/min"},
		{0x0A, 0xFFFF, 7.995, "V"},
		{0x10, 0x03E8, 1, "s"},
		{0x16, 0x0000, -40, "Cel"},
		{0x16, 0x04E2, 85, "Cel"},
		{0x18, 0xFFFF, 766.76, "kPa"},
		{0x20, 0x0100, 1, "1"},
		{0x26, 0x000A, 1, "V/s"},
		{0x30, 0xFFFF, 100, "%"},
		{0x32, 0x8000, 25.385, "mm"},
		{0x39, 0x8000, 0, "%"},
		{0x81, 0xFFFF, -1, ""},
		{0x8A, 0x8000, -3.998, "V"},
		{0x96, 0xFF38, -20, "Cel"},
		{0x9C, 0x8000, -327.68, "deg"},
		{0xB0, 0x7FFF, 100, "%"},
		{0xFC, 0x8000, -327.68, "kPa"},
		{0xFE, 0x8000, -8192, "Pa"},
		{0x7F, 0xFFFE, 65534, ""}, // on no list: unsigned as it is
		{0xC0, 0xFFFE, -2, ""},    // on no list: signed as it is
	} {
		s := monitor.ScalingOf(row.id)
		if got := s.Value(row.bits); math.Abs(got-row.want) > 0.02*math.Max(0.05, math.Abs(row.want)/20) || s.Unit != row.unit {
			t.Errorf("UASID %02X of %04X = %v %q, want %v %q", row.id, row.bits, got, s.Unit, row.want, row.unit)
		}
	}
}

func TestValueHasNoBinaryDust(t *testing.T) {
	if got := monitor.ScalingOf(0x02).Value(3); got != 0.3 {
		t.Errorf("3 tenths = %v", got)
	}
}

func TestEveryScalingIsSound(t *testing.T) {
	known := 0
	for id := range 256 {
		s := monitor.ScalingOf(byte(id))
		if s.ID != byte(id) || s.Factor <= 0 || s.Signed() != (id >= 0x80) {
			t.Errorf("UASID %02X: %+v", id, s)
		}
		if s.Value(s.Lowest()) >= s.Value(s.Highest()) {
			t.Errorf("UASID %02X: its lowest number is not its smallest", id)
		}
		if s.Known {
			known++
		} else if s.Factor != 1 || s.Offset != 0 || s.Unit != "" {
			t.Errorf("UASID %02X is not known and yet scaled: %+v", id, s)
		}
	}
	if known < 90 {
		t.Errorf("only %d UASIDs are known", known)
	}
	for _, id := range []byte{0x00, 0x80, 0xFF} {
		if monitor.ScalingOf(id).Known {
			t.Errorf("UASID %02X is reserved", id)
		}
	}
}

// TestUnitsAreWritten holds the units against those that faces know how to write.
func TestUnitsAreWritten(t *testing.T) {
	asTheyAre := map[string]bool{"V/s": true, "Pa/s": true, "uA": true, "mm2": true} // rare, and readable as codes
	for id := range 256 {
		if u := monitor.ScalingOf(byte(id)).Unit; !unit.Known(u) && !asTheyAre[u] {
			t.Errorf("UASID %02X: unit %q is not known", id, u)
		}
	}
}

func TestName(t *testing.T) {
	for mid, want := range map[byte]string{
		0x00: "", 0x01: "oxygen sensor, bank 1 sensor 1", 0x06: "oxygen sensor, bank 2 sensor 2", 0x10: "oxygen sensor, bank 4 sensor 4",
		0x11: "", 0x21: "catalyst, bank 1", 0x24: "catalyst, bank 4", 0x32: "EGR, bank 2", 0x36: "variable valve timing, bank 2",
		0x39: "EVAP leak, cap off or 3.8 mm", 0x3C: "EVAP leak, 0.5 mm", 0x3D: "EVAP purge flow", 0x3E: "",
		0x41: "oxygen sensor heater, bank 1 sensor 1", 0x50: "oxygen sensor heater, bank 4 sensor 4", 0x62: "heated catalyst, bank 2",
		0x71: "secondary air 1", 0x81: "fuel system, bank 1", 0x85: "boost pressure control, bank 1", 0x91: "NOx adsorber, bank 2",
		0x98: "NOx catalyst, bank 1", 0xA1: "misfire, all cylinders", 0xA2: "misfire, cylinder 1", 0xAD: "misfire, cylinder 12",
		0xB1: "particulate filter, bank 2", 0xE5: "",
	} {
		if got := monitor.Name(mid); got != want {
			t.Errorf("Name(%02X) = %q, want %q", mid, got, want)
		}
	}
	if !monitor.IsSupport(0xA0) || monitor.IsSupport(0xA1) {
		t.Error("IsSupport is wrong")
	}
}

func TestTests(t *testing.T) {
	for tid := range 256 {
		s := monitor.OxygenScaling(byte(tid))
		if s.Known != (tid >= 1 && tid <= 0x0A) || s.Known != (s.Unit != "") || s.Known == (s.Factor == 1) {
			t.Errorf("OxygenScaling(%02X) = %+v", tid, s)
		}
		if named := monitor.TestName(byte(tid)) != ""; named != (tid >= 1 && tid <= 0x0C) {
			t.Errorf("TestName(%02X) is named: %v", tid, named)
		}
		if monitor.IsConstant(byte(tid)) != (tid >= 1 && tid <= 4) {
			t.Errorf("IsConstant(%02X) is wrong", tid)
		}
	}
}
