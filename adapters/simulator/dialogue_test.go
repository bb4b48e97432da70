package simulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/link"
)

// open opens a simulated adapter for one test.
func open(t testing.TB, address string) link.Port {
	t.Helper()
	p, err := simulator.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// ask sends one command and returns everything up to the prompt.
func ask(t testing.TB, p link.Port, command string) string {
	t.Helper()
	if _, err := p.Write([]byte(command + "\r")); err != nil {
		t.Fatalf("%s: write: %v", command, err)
	}
	return receive(t, p)
}

func receive(t testing.TB, p link.Port) string {
	t.Helper()
	if err := p.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	b := make([]byte, 256)
	for !strings.HasSuffix(text.String(), ">") {
		n, err := p.Read(b)
		text.Write(b[:n])
		if err != nil {
			t.Fatalf("read after %q: %v", text.String(), err)
		}
	}
	return text.String()
}

func TestSmoke(t *testing.T) {
	for _, i := range simulator.Scenarios() {
		p := open(t, "sim:"+i.Name+"?pace=0")
		t.Log(i.Name, i.Title)
		for _, c := range strings.Split("ATZ|ATE0|ATH1|ATRV|0100|0100|ATDP|ATDPN|0101|03|07|0A|020200|020000|020C00|0902|0904|0906|0908|090B|090A|0900|0902|0600|06A2|0621|0500|050101|010C0D05|010C1|04|0800|0801|22F190|ATH0|0902|010C|ATS0|010C|ATSH7E0|010C|0130|01FF", "|") {
			t.Logf("%-8s %q", c, ask(t, p, c))
		}
	}
}
