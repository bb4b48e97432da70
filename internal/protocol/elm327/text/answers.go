package text

import (
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// Version finds the line by which an adapter names itself, such as "ELM327 v1.5", "OBDLink MX r4.2" or
// "STN2120 v5.6", in the answer to AT Z, AT I, AT WS, ST I or unasked after a reset.
func (a Answer) Version() (string, bool) {
	for _, l := range a.Lines {
		if isVersion(l.Text) {
			return l.Text, true
		}
	}
	return "", false
}

// makes are the names that adapters answer with, in capitals.
var makes = [...]string{"ELM327", "ELM329", "ELM322", "ELM323", "ELM320", "OBDLINK", "STN1", "STN2", "VLINKER", "VGATE", "OBDII", "OBD2", "CARISTA", "OBDKEY", "SCANTOOL"}

func isVersion(s string) bool {
	up := strings.ToUpper(s)
	for _, m := range makes {
		if strings.Contains(up, m) {
			return true
		}
	}
	return false
}

// Voltage reads the answer to AT RV: "14.1V", "12.8 Volts" or a bare "12.8".
func (a Answer) Voltage() (volts float64, ok bool) {
	for _, l := range a.Lines {
		s := strings.ToUpper(strings.TrimSpace(l.Text))
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "VOLTS"), "V"))
		if !strings.Contains(s, ".") || strings.ContainsAny(s, "EXINP_+-") {
			continue
		}
		if v, err := strconv.ParseFloat(s, 64); err == nil && v < 100 {
			return v, true
		}
	}
	return 0, false
}

// ProtocolNumber reads the answer to AT DPN: one hexadecimal digit, with an A before it when the
// adapter found the protocol by itself. "A" alone is J1939.
func (a Answer) ProtocolNumber() (p obd.Protocol, automatic, ok bool) {
	for _, l := range a.Lines {
		s := strings.ToUpper(strings.TrimSpace(l.Text))
		if len(s) == 2 && s[0] == 'A' {
			automatic, s = true, s[1:]
		}
		if len(s) != 1 {
			continue
		}
		if n, hex := nibble(s[0]); hex && n <= byte(obd.CANUser2) {
			return obd.Protocol(n), automatic, true
		}
	}
	return obd.ProtocolUnknown, false, false
}

// protocolWords tells protocols apart in the answer to AT DP, squeezed and in capitals.
var protocolWords = [...]struct {
	words    [2]string
	protocol obd.Protocol
}{
	{[2]string{"J1850", "PWM"}, obd.J1850PWM},
	{[2]string{"J1850", "VPW"}, obd.J1850VPW},
	{[2]string{"ISO9141", ""}, obd.ISO9141},
	{[2]string{"ISO14230", "FAST"}, obd.KWPFast},
	{[2]string{"KWP", "FAST"}, obd.KWPFast},
	{[2]string{"ISO14230", ""}, obd.KWPSlow},
	{[2]string{"15765", "11/500"}, obd.CAN11x500},
	{[2]string{"15765", "29/500"}, obd.CAN29x500},
	{[2]string{"15765", "11/250"}, obd.CAN11x250},
	{[2]string{"15765", "29/250"}, obd.CAN29x250},
	{[2]string{"J1939", ""}, obd.J1939},
	{[2]string{"USER1", ""}, obd.CANUser1},
	{[2]string{"USER2", ""}, obd.CANUser2},
}

// ProtocolName reads the answer to AT DP, such as "AUTO, ISO 15765-4 (CAN 29/500)".
func (a Answer) ProtocolName() (p obd.Protocol, automatic, ok bool) {
	for _, l := range a.Lines {
		s := squeeze(l.Text)
		for _, w := range protocolWords {
			if strings.Contains(s, w.words[0]) && strings.Contains(s, w.words[1]) {
				return w.protocol, strings.HasPrefix(s, "AUTO"), true
			}
		}
	}
	return obd.ProtocolUnknown, false, false
}
