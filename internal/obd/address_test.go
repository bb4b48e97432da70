package obd_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
)

func TestAddressTextAndRequest(t *testing.T) {
	for _, c := range []struct {
		address       obd.Address
		text, request string
	}{
		{obd.CAN11(0x7E8), "7E8", "7E0"},
		{obd.CAN11(0x7EC), "7EC", "7E4"},
		{obd.CAN29(0x18DAF110), "18DAF110", "18DA10F1"},
		{obd.NodeAddress(0x10), "10", "10"},
		{obd.CAN11(0x758).WithExtension(0x0F), "758:0F", "750:0F"},
		{obd.Logical(0x10), "0010", "0010"},
		{obd.Logical(0x1A2B), "1A2B", "1A2B"},
		{obd.Functional, "", ""},
	} {
		if got := c.address.String(); got != c.text {
			t.Errorf("text of %q: got %q", c.text, got)
		}
		if got := c.address.Request().String(); got != c.request {
			t.Errorf("request address of %s: got %q, want %q", c.text, got, c.request)
		}
		back, err := obd.ParseAddress(c.text)
		if err != nil || back != c.address {
			t.Errorf("parse %q: got %v, %v", c.text, back, err)
		}
	}
}

func TestAddressMistakes(t *testing.T) {
	for _, text := range []string{"XYZ", "8FF", "123456789", "FFFFFFFF", "7E8:100", "7E8:", "-1"} {
		if a, err := obd.ParseAddress(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, a)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"7E8", "18DAF110", "10", "0010", "758:0F", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := obd.ParseAddress(s)
		if err != nil {
			return
		}
		if back, err := obd.ParseAddress(a.String()); err != nil || back != a {
			t.Errorf("%q is %v, which reads back as %v, %v", s, a, back, err)
		}
	})
}
