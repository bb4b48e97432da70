package simulator_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAdapters(t *testing.T) {
	type step struct{ command, want string }
	quiet := []step{{"ATZ", ""}, {"ATE0", ""}}
	const connect = "SEARCHING...\r41 00 BE 3F B8 13 \r41 00 80 18 00 13 \r\r>"
	for _, c := range []struct {
		name, options string
		start         []step
		steps         []step
	}{
		{"elm327-v2.2", "", quiet, []step{
			{"ATI", "ELM327 v2.2\r\r>"}, {"AT@1", "OBDII to RS232 Interpreter\r\r>"}, {"STI", "?\r\r>"}, {"atsp 0", "OK\r\r>"},
			{"0100", connect}, {"", "41 00 BE 3F B8 13 \r41 00 80 18 00 13 \r\r>"}, {"01001", "41 00 BE 3F B8 13 \r\r>"},
			{"hello", "?\r\r>"}, {"ATXX", "?\r\r>"}, {"ATCEA", "OK\r\r>"}, {"0101010101010101", "?\r\r>"},
			{"03", "43 01 03 01 \r43 00 \r\r>"}, {"0", "?\r\r>"}, {"09021", "014\r0: 49 02 01 31 46 41 \r\r>"},
			{"ATL1", "OK\r\n\r\n>"}, {"03", "43 01 03 01 \r\n43 00 \r\n\r\n>"}, {"ATL0", "OK\r\r>"},
			{"ATCRA7E9", "OK\r\r>"}, {"03", "43 00 \r\r>"}, {"ATCRA7EX", "OK\r\r>"}, {"0A", "4A 01 03 01 \r4A 00 \r\r>"},
			{"ATAR", "OK\r\r>"}, {"ATSH7E1", "OK\r\r>"}, {"03", "43 00 \r\r>"}, {"010B", "7F 01 12 \r\r>"}, {"1001", "7F 10 11 \r\r>"},
			{"ATCF7E8", "OK\r\r>"}, {"ATCM7FF", "OK\r\r>"}, {"03", "NO DATA\r\r>"}, {"ATR0", "OK\r\r>"}, {"03", "\r>"},
		}},
		{"flow control by hand", "adapter=elm327-v2.2", quiet, []step{
			{"ATSP6", "OK\r\r>"}, {"ATH1", "OK\r\r>"}, {"ATS0", "OK\r\r>"}, {"ATSH7E0", "OK\r\r>"}, {"ATCFC0", "OK\r\r>"},
			{"0902", "7E81014490201314641\r\r>"}, {"ATCAF0", "OK\r\r>"}, {"300001", "7E82144503345323145\r7E8224C323030303137\r\r>"},
			{"0209020000000000", "7E81014490201314641\r\r>"}, {"300100", "7E82144503345323145\r\r>"}, {"3000", "NO DATA\r\r>"},
			{"300000", "7E8224C323030303137\r\r>"}, {"ATCAF1", "OK\r\r>"}, {"ATCFC1", "OK\r\r>"}, {"ATFCSM1", "?\r\r>"}, {"ATFCSD300000", "OK\r\r>"},
			{"ATFCSH7E0", "OK\r\r>"}, {"ATFCSM1", "OK\r\r>"}, {"09023", "7E81014490201314641\r7E82144503345323145\r7E8224C323030303137\r\r>"},
			{"ATFCSH7E5", "OK\r\r>"}, {"0902", "7E81014490201314641\r\r>"},
		}},
		{"elm327-v1.5", "adapter=elm327-v1.5", quiet, []step{{"ATI", "ELM327 v1.5\r\r>"}, {"0100", connect}}},
		{"clone-no-h1", "adapter=clone-no-h1", quiet, []step{{"ATH1", "OK\r\r>"}, {"0100", connect}}},
		{"clone-rejects-atz", "adapter=clone-rejects-atz", nil, []step{
			{"ATZ", "ATZ\r?\r\r>"}, {"ATZ", "ATZ\r\r\rELM327 v1.5\r\r>"},
		}},
		{"clone-short", "adapter=clone-short", quiet, []step{{"0100", connect}, {"010D1F0C05", "41 0D 00 1F 00 01 \r41 0D 00 1F 00 01 \r\r>"}}},
		{"clone-no-digit", "adapter=clone-no-digit", quiet, []step{
			{"0100", connect}, {"010D1", "008\r0: 41 0D 00 01 81 07 \r008\r0: 41 0D 00 01 00 04 \r1: E5 05 00 00 00 00 00 \r1: 00 00 00 00 00 00 00 \r\r>"},
		}},
		{"clone-no-al", "adapter=clone-no-al", quiet, []step{
			{"ATAL", "?\r\r>"}, {"ATCRA7E8", "?\r\r>"}, {"ATFCSH7E0", "?\r\r>"}, {"ATST32", "?\r\r>"}, {"ATAT1", "?\r\r>"}, {"0100", connect},
		}},
		{"clone-nul", "adapter=clone-nul", nil, []step{
			{"ATZ", "\x00AT\x00Z\r\xfc\r\r\x00EL\x00M327 v1.5\r\r>"}, {"ATE0", "\x00AT\x00E0\rOK\r\r>"},
			{"0100", "\x00SE\x00ARCHING...\r\x0041\x00 00 BE 3F B8 13 \r\x0041\x00 00 80 18 00 13 \r\r>"},
		}},
		{"clone-padding", "adapter=clone-padding", quiet, []step{{"0100", "SEARCHING...\r41 00 BE 3F B8 13 00 \r41 00 80 18 00 13 00 \r\r>"}}},
		{"clone-echo-always", "adapter=clone-echo-always", nil, []step{
			{"ATE0", "ATE0\rOK\r\r>"}, {"0100", "0100\r" + connect},
		}},
		{"clone-buffer-full", "adapter=clone-buffer-full&baud=9600", quiet, []step{
			{"0100", connect}, {"ATH1", "OK\r\r>"},
			{"0904", "7E8 10 23 49 04 02 45 4D 35 \r7E9 10 13 49 04 01 45 4D 35 \r7E8 21 41 2D 31 34 43 32 30 \r7E8 22 34 2D 4B 44 00 00 45 \rBUFFER FULL\r\r>"},
		}},
		{"stn2120", "adapter=stn2120", quiet, []step{
			{"STI", "STN2120 v5.6.19\r\r>"}, {"STDI", "OBDLink MX+ r3.1\r\r>"}, {"STP33", "OK\r\r>"}, {"STPTO40", "OK\r\r>"}, {"ATDPN", "6\r\r>"},
			{"STPXH:7E0,D:0101,R:1", "41 01 81 07 E5 05 \r\r>"}, {"STPX H:7E1, D:03", "43 00 \r\r>"}, {"STPX D:0", "?\r\r>"},
			{"ATSH7E0", "OK\r\r>"}, {"22F190F190F190F190FF", "7F 22 13 \r\r>"}, {"STPR", "33\r\r>"}, {"STWHAT", "?\r\r>"},
		}},
		{"vlinker", "adapter=vlinker", quiet, []step{{"VTI", "vLinker MC v2.2.75\r\r>"}, {"STI", "STN2120 v5.6.5\r\r>"}}},
		{"wrong protocol", "", quiet, []step{
			{"ATSP7", "OK\r\r>"}, {"0100", "NO DATA\r\r>"}, {"ATSP8", "OK\r\r>"}, {"0100", "CAN ERROR\r\r>"}, {"ATTP3", "OK\r\r>"},
			{"0100", "BUS INIT: ...ERROR\r\r>"}, {"ATTP5", "OK\r\r>"}, {"0100", "BUS INIT: ERROR\r\r>"}, {"ATTP1", "OK\r\r>"}, {"0100", "NO DATA\r\r>"},
			{"ATSPA5", "OK\r\r>"}, {"0100", connect}, {"ATDPN", "A6\r\r>"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := open(t, "sim:?pace=0&"+c.options)
			for _, s := range c.start {
				ask(t, p, s.command)
			}
			for _, s := range c.steps {
				if got := ask(t, p, s.command); got != s.want {
					t.Errorf("%s\n got %q\nwant %q", s.command, got, s.want)
				}
			}
		})
	}
}

// TestLaggingLink: the module speaks for the adapter first, then everything comes at once.
func TestLaggingLink(t *testing.T) {
	p := open(t, "sim:?pace=0&adapter=clone-lagging")
	for _, s := range []struct{ command, want string }{
		{"ATZ", "+DISC:SUCCESS\r\n>"}, {"ATE0", "+CONNECTING<<0:0:0\r\n>"},
		{"ATH0", "ATZ\r\r\rELM327 v1.5\r\r>ATE0\rOK\r\r>OK\r\r>"}, {"ATI", "ELM327 v1.5\r\r>"},
	} {
		if _, err := p.Write([]byte(s.command + "\r")); err != nil {
			t.Fatal(err)
		}
		got := ""
		for len(got) < len(s.want) {
			b := make([]byte, 100)
			n, err := p.Read(b)
			if err != nil {
				t.Fatal(err)
			}
			got += string(b[:n])
		}
		if got != s.want {
			t.Errorf("%s: got %q, want %q", s.command, got, s.want)
		}
	}
}

func TestResetInMidSession(t *testing.T) {
	p := open(t, "sim:?pace=0&adapter=lv-reset")
	ask(t, p, "ATE0")
	for range 11 {
		ask(t, p, "0100")
	}
	if got := ask(t, p, "0100"); got != "\rLV RESET\r\r>" {
		t.Errorf("got %q", got)
	}
	if got := ask(t, p, "0100"); !strings.HasPrefix(got, "0100\rSEARCHING...\r") {
		t.Errorf("settings survived the reset: %q", got)
	}
}

func TestAdapterThatFreezes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, "sim:?adapter=clone-freeze")
		ask(t, p, "0100")
		if _, err := p.Write([]byte("0904\r")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if _, err := p.Write([]byte(strings.Repeat("010C\r", 20_000))); err != nil {
			t.Fatal(err)
		}
		text := ""
		for {
			b := make([]byte, 256)
			_ = p.SetReadDeadline(time.Now().Add(time.Minute))
			n, err := p.Read(b)
			text += string(b[:n])
			if err != nil {
				if !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("read: %v", err)
				}
				break
			}
		}
		if strings.Contains(text, ">") {
			t.Errorf("a frozen adapter prompted: %q", text)
		}
		p.Close()
	})
}

func TestDroppedLinks(t *testing.T) {
	for _, c := range []struct {
		address string
		asks    int
	}{
		{"sim:?pace=0&drop=after:3", 4}, {"sim:?pace=0&drop=every:10s", 500}, {"sim:?pace=0&adapter=clone-drops-on-atz", 1},
	} {
		for range 2 { // it opens again
			p := open(t, c.address)
			err := error(nil)
			for i := 0; i < c.asks && err == nil; i++ {
				command := "0100\r"
				if strings.Contains(c.address, "atz") {
					command = "ATZ\r"
				}
				if _, err = p.Write([]byte(command)); err == nil {
					err = untilPrompt(p)
				}
			}
			if !errors.Is(err, io.EOF) {
				t.Errorf("%s: %v, want EOF", c.address, err)
			}
			if _, err := p.Write([]byte("ATI\r")); err == nil {
				t.Errorf("%s: write on a dropped link worked", c.address)
			}
		}
	}
}

func untilPrompt(r io.Reader) error {
	b := make([]byte, 1)
	for b[0] != '>' {
		if _, err := r.Read(b); err != nil {
			return err
		}
	}
	return nil
}

func TestGarbageOnTheLine(t *testing.T) {
	p := open(t, "sim:?pace=0&garbage=0.5")
	clean := strings.Map(func(r rune) rune {
		if r > 0x7E {
			return -1
		}
		return r
	}, strings.ToValidUTF8(ask(t, p, "ATI"), ""))
	if clean != "ATI\rELM327 v2.2\r\r>" {
		t.Errorf("without junk: %q", clean)
	}
}
