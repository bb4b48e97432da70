package text_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

func TestVersion(t *testing.T) {
	for raw, want := range map[string]string{
		"\r\rELM327 v1.5\r\r>":              "ELM327 v1.5",
		"OBDLink MX r4.2\r\r>":              "OBDLink MX r4.2",
		"STN2120 v5.6.19\r>":                "STN2120 v5.6.19",
		"vLinker MC+ v2.2\r>":               "vLinker MC+ v2.2",
		"ATZ\rsome noise\rELM327 v2.1\r\r>": "ELM327 v2.1",
		"OK\r\r>":                           "",
		"41 00 98 18 00 01\r>":              "",
	} {
		got, ok := text.Clean([]byte(raw), "ATZ").Version()
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", raw, got, ok)
		}
	}
}

func TestVoltage(t *testing.T) {
	for raw, want := range map[string]float64{
		"14.1V\r>": 14.1, "12.8 Volts\r>": 12.8, "12.8v": 12.8, " 9.0V": 9, "11.2": 11.2,
		"?\r>": 0, "OK\r>": 0, "41 42 31": 0, "1e9.0V": 0, "-1.0V": 0, "999.0V": 0,
	} {
		got, ok := text.Clean([]byte(raw), "ATRV").Voltage()
		if got != want || ok != (want != 0) {
			t.Errorf("%q: %v, %v", raw, got, ok)
		}
	}
}

func TestProtocolAnswers(t *testing.T) {
	for raw, want := range map[string]struct {
		protocol  obd.Protocol
		automatic bool
	}{
		"A6\r>": {obd.CAN11x500, true}, "6\r>": {obd.CAN11x500, false}, "A\r>": {obd.J1939, false},
		"AA": {obd.J1939, true}, "A0": {obd.ProtocolUnknown, true}, "C": {obd.CANUser2, false}, "a3": {obd.ISO9141, true},
	} {
		p, automatic, ok := text.Clean([]byte(raw), "ATDPN").ProtocolNumber()
		if !ok || p != want.protocol || automatic != want.automatic {
			t.Errorf("%q: %v, %v, %v", raw, p, automatic, ok)
		}
	}
	for _, raw := range []string{"?", "OK", "F", "A67", ""} {
		if p, _, ok := text.Clean([]byte(raw), "ATDPN").ProtocolNumber(); ok {
			t.Errorf("%q is protocol %v", raw, p)
		}
	}
	for raw, want := range map[string]obd.Protocol{
		"AUTO, ISO 15765-4 (CAN 29/500)": obd.CAN29x500,
		"ISO 15765-4 (CAN 11/250)":       obd.CAN11x250,
		"SAE J1850 PWM":                  obd.J1850PWM,
		"AUTO, SAE J1850 VPW":            obd.J1850VPW,
		"ISO 9141-2":                     obd.ISO9141,
		"AUTO, ISO 14230-4 (KWP 5BAUD)":  obd.KWPSlow,
		"ISO 14230-4 (KWP FAST)":         obd.KWPFast,
		"SAE J1939 (CAN 29/250)":         obd.J1939,
		"USER1 (CAN 11/125)":             obd.CANUser1,
	} {
		p, automatic, ok := text.Clean([]byte(raw), "ATDP").ProtocolName()
		if !ok || p != want || automatic != (raw[0] == 'A') {
			t.Errorf("%q: %v, %v, %v", raw, p, automatic, ok)
		}
	}
	if p, _, ok := text.Clean([]byte("AUTO"), "ATDP").ProtocolName(); ok {
		t.Errorf("AUTO alone is %v", p)
	}
}

func TestOK(t *testing.T) {
	if a := text.Clean([]byte("ATE0\rOK\r\r>"), "ATE0"); !a.OK() || a.Text() != "OK" {
		t.Errorf("%+v", a)
	}
	if a := text.Clean([]byte("?\r\r>"), "ATAL"); a.OK() || a.Text() != "" {
		t.Errorf("%+v", a)
	}
}
