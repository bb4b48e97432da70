package simulator_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestELMOnATruck: protocol A as the ELM327 data sheet has it.
func TestELMOnATruck(t *testing.T) {
	p := open(t, "sim:truck?pace=0&at=engine-off&ecu_latency=3ms")
	for _, s := range [][2]string{
		{"ATE0", "ATE0\rOK\r\r>"}, {"ATDM1", "?\r\r>"}, {"ATSPA", "OK\r\r>"}, {"ATDP", "SAE J1939 (CAN 29/250)\r\r>"}, {"ATDPN", "A\r\r>"},
		// a group in packets, headers off: its length, then numbered lines
		{"00FEEC", "012\r01: 31 58 4B 59 44 34 39 \r02: 58 31 52 4A 34 30 30 \r03: 34 31 37 2A FF FF FF \r\r>"},
		{"ATH1", "OK\r\r>"},
		// headers: priority, group with destination, source
		{"00FEEC", "7 0ECFF 00 20 12 00 03 FF EC FE 00 \r7 0EBFF 00 01 31 58 4B 59 44 34 39 \r7 0EBFF 00 02 58 31 52 4A 34 30 30 \r7 0EBFF 00 03 34 31 37 2A FF FF FF \r\r>"},
		// asked of one node it comes by request to send, which the adapter clears
		{"ATSHEA00F9", "OK\r\r>"},
		{"00FEEC", "7 0ECF9 00 10 12 00 03 FF EC FE 00 \r7 0EBF9 00 01 31 58 4B 59 44 34 39 \r7 0EBF9 00 02 58 31 52 4A 34 30 30 \r7 0EBF9 00 03 34 31 37 2A FF FF FF \r\r>"},
		{"00FECE", "6 0FECE 00 03 02 14 07 A0 1F 00 14 \r\r>"},
		{"ATSHEA0BF9", "OK\r\r>"}, {"00FECE", "6 0E8FF 0B 01 FF FF FF F9 CE FE 00 \r\r>"},
		{"ATSHEAFFF9", "OK\r\r>"}, {"00FF34", "NO DATA\r\r>"},
		{"00EE00", "6 0EEFF 00 55 BC 00 FF 00 00 00 10 \r6 0EEFF 03 33 1E 20 FF 00 03 00 10 \r6 0EEFF 0B 31 61 41 FF 00 09 00 10 \r\r>"},
		{"ATS0", "OK\r\r>"}, {"00FEE5", "60FEE5007E560200CB100800\r\r>"},
		{"ATJHF0", "OK\r\r>"}, {"00FEE5", "18FEE5007E560200CB100800\r\r>"},
		{"ATD1", "OK\r\r>"}, {"00FEE5", "18FEE50087E560200CB100800\r\r>"}, {"ATD0", "OK\r\r>"},
		{"ATJS", "OK\r\r>"}, {"E5FE00", "18FEE5007E560200CB100800\r\r>"}, {"ATJE", "OK\r\r>"},
		{"ATH0", "OK\r\r>"}, {"00FEEC", "012\r01:31584B59443439\r02:5831524A343030\r03:3431372AFFFFFF\r\r>"},
		{"ATCAF0", "OK\r\r>"}, {"00FEEC", "20120003FFECFE00\r0131584B59443439\r025831524A343030\r033431372AFFFFFF\r\r>"},
		{"ATCAF1", "OK\r\r>"}, {"ATH1", "OK\r\r>"}, {"ATJHF1", "OK\r\r>"}, {"ATS1", "OK\r\r>"},
		{"ATMP00F0042", "3 0F004 00 F1 7D 7D 00 00 00 F0 7D \r3 0F004 00 F1 7D 7D 00 00 00 F0 7D \r\r>"},
		{"ATMPFEEF1", "6 0FEEF 00 00 FF CB 00 FF FF FF F0 \r\r>"},
		{"ATSP6", "OK\r\r>"}, {"0100", "CAN ERROR\r\r>"}, {"ATSP9", "OK\r\r>"}, {"0100", "NO DATA\r\r>"},
		{"ATSP0", "OK\r\r>"}, {"0100", "SEARCHING...\rUNABLE TO CONNECT\r\r>"},
	} {
		if got := ask(t, p, s[0]); got != s[1] {
			t.Errorf("%s: %q, want %q", s[0], got, s[1])
		}
	}
}

// TestELMMonitors: the codes of all nodes in packets and not, until a character comes; a slow line overflows.
func TestELMMonitors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, "sim:truck?baud=500000&adapter=stn2120")
		for _, c := range []string{"ATE0", "ATSPA", "ATH1"} {
			ask(t, p, c)
		}
		listen := func(command string, d time.Duration) string {
			if _, err := p.Write([]byte(command + "\r")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(d)
			if _, err := p.Write([]byte(" ")); err != nil {
				t.Fatal(err)
			}
			return receive(t, p)
		}
		codes := listen("ATDM1", 3*time.Second)
		for line, want := range map[string]int{
			"7 0ECFF 00 20 0E 00 02 FF CA FE 00 \r": 3, "7 0EBFF 00 01 44 F3 9A 0C 04 02 6E \r": 3, "6 0FECA 03 04 FF B1 00 10 01 FF FF \r": 3, "STOPPED\r\r>": 1,
		} {
			if got := strings.Count(codes, line); got < want-1 || got > want {
				t.Errorf("AT DM1: %q came %d times: %q", line, got, codes)
			}
		}
		if all := listen("STMA", time.Second); strings.Count(all, "3 0F004 00 ") < 45 || strings.Count(all, "6 0FEF1 00 ") < 8 {
			t.Errorf("all: %d characters", len(all))
		}
		p.Close()
		slow := open(t, "sim:truck?baud=9600")
		for _, c := range []string{"ATE0", "ATSPA", "ATH1"} {
			ask(t, slow, c)
		}
		if text := ask(t, slow, "ATMA"); !strings.HasSuffix(text, "BUFFER FULL\r\r>") {
			t.Errorf("slow line: %q", text[max(0, len(text)-60):])
		}
		slow.Close()
	})
}

// TestELMReachesOtherECUs by headers, receive address and flow control of their own.
func TestELMReachesOtherECUs(t *testing.T) {
	p := open(t, "sim:ev-uds?pace=0&at=engine-off")
	for _, s := range [][2]string{
		{"ATE0", "ATE0\rOK\r\r>"}, {"0100", "SEARCHING...\rUNABLE TO CONNECT\r\r>"}, {"ATSP6", "OK\r\r>"}, {"0100", "NO DATA\r\r>"}, {"ATH1", "OK\r\r>"},
		{"ATSH7E4", "OK\r\r>"}, {"1902FF", "7EC 10 0F 59 02 FF 0A A6 1A \r7EC 21 2F 0A 7F 00 08 C2 93 \r7EC 22 87 50 AA AA AA AA AA \r\r>"},
		{"ATSH745", "OK\r\r>"}, {"3E00", "NO DATA\r\r>"}, {"ATCRA765", "OK\r\r>"}, {"3E00", "765 02 7E 00 \r\r>"},
		{"ATSH752", "OK\r\r>"}, {"ATCRA772", "OK\r\r>"}, // here the answer's address does not tell where flow control goes
		{"22F187", "772 10 0E 62 F1 87 39 38 38 \r\r>"},
		{"ATFCSH752", "OK\r\r>"}, {"ATFCSD300000", "OK\r\r>"}, {"ATFCSM1", "OK\r\r>"},
		{"22F187", "772 10 0E 62 F1 87 39 38 38 \r772 21 32 30 2D 35 53 41 39 \r772 22 41 00 00 00 00 00 00 \r\r>"},
	} {
		if got := ask(t, p, s[0]); got != s[1] {
			t.Errorf("%s: %q, want %q", s[0], got, s[1])
		}
	}
}
