package obd_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
)

func TestDTCBytes(t *testing.T) {
	for _, c := range []struct {
		hi, lo byte
		code   string
	}{
		{0x01, 0x33, "P0133"}, {0x24, 0x1A, "P241A"}, {0x40, 0x35, "C0035"}, {0x91, 0x23, "B1123"}, {0xC1, 0x00, "U0100"}, {0xD2, 0x18, "U1218"},
	} {
		if got := obd.FormatDTC(c.hi, c.lo); got != c.code {
			t.Errorf("%02X%02X: got %s, want %s", c.hi, c.lo, got, c.code)
		}
		if hi, lo, err := obd.ParseDTC(c.code); err != nil || hi != c.hi || lo != c.lo {
			t.Errorf("%s: got %02X%02X, %v", c.code, hi, lo, err)
		}
	}
}

func FuzzDTC(f *testing.F) {
	f.Add("P0301")
	f.Add("u0a1F")
	f.Add("P4301")
	f.Fuzz(func(t *testing.T, s string) {
		hi, lo, err := obd.ParseDTC(s)
		if err != nil {
			return
		}
		code := obd.FormatDTC(hi, lo)
		if h, l, err := obd.ParseDTC(code); err != nil || h != hi || l != lo {
			t.Errorf("%q is %s, which reads back as %02X%02X, %v", s, code, h, l, err)
		}
	})
}

func TestProtocolNames(t *testing.T) {
	for p := obd.ProtocolUnknown; p <= obd.DoIP; p++ {
		back, err := obd.ParseProtocol(p.String())
		if err != nil || back != p {
			t.Errorf("%s: got %v, %v", p, back, err)
		}
		if p.IsCAN() && (p.IsKLine() || p.IsJ1850()) {
			t.Errorf("%s stands on two lines", p)
		}
	}
	if _, err := obd.ParseProtocol("smoke signals"); err == nil {
		t.Error("want an error for a protocol that there is not")
	}
}
