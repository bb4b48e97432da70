package simulator_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

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
	for !strings.Contains(text.String(), ">") {
		n, err := p.Read(b)
		text.Write(b[:n])
		if err != nil {
			t.Fatalf("read after %q: %v", text.String(), err)
		}
	}
	return text.String()
}

var update = flag.Bool("update", false, "write the golden dialogues anew")

// golden is what every scenario is asked; values that move are tested apart, since their last bit may
// differ between processors.
var golden = strings.Fields(`ATZ ATE0 ATH1 ATI AT@1 ATSP0 0100 ATDP ATDPN 0120 0140 0101 0141 011C 03 07 0A
	020000 020200 020400 020C00 020201 020C01 0600 0601 0620 0621 06A0 06A2 0500 050001 050101 050501 0800 0801
	0900 0901 0902 0903 0904 0905 0906 0907 0908 0909 090A 090B 090D 090F 22F190 22F18A 04
	ATH0 0902 0904 03 0100 ATS0 0902 ATH1 ATD1 0100 ATD0 ATCAF0 0100 020100 ATCAF1 ATPC ATDP ATKW ATIGN`)

func TestGoldenDialogues(t *testing.T) {
	for _, info := range simulator.Scenarios() {
		t.Run(info.Name, func(t *testing.T) {
			if info.Title == "" || info.Text == "" {
				t.Error("scenario without title or text")
			}
			p := open(t, "sim:"+info.Name+"?pace=0")
			var got strings.Builder
			for _, c := range golden {
				fmt.Fprintf(&got, "%s\t%q\n", c, ask(t, p, c))
			}
			file := filepath.Join("testdata", info.Name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
				t.Errorf("dialogue changed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSameSeedSameBytes asks moving values of two cars of one seed, and of another.
func TestSameSeedSameBytes(t *testing.T) {
	transcript := func(address string) string {
		p := open(t, address)
		var all strings.Builder
		for range 20 {
			for _, c := range []string{"0100", "010C0D0405110F", "0904", "0142", "ATRV"} {
				all.WriteString(ask(t, p, c))
			}
		}
		return all.String()
	}
	for _, name := range []string{"petrol-misfire", "diesel-4ecu-29bit", "kwp", "slow-ecu"} {
		address := "sim:" + name + "?pace=0&garbage=0.001"
		first, second, other := transcript(address), transcript(address), transcript(address+"&seed=2")
		if first != second {
			t.Errorf("%s: two cars of one seed answered differently", name)
		}
		if first == other {
			t.Errorf("%s: another seed changed nothing", name)
		}
	}
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
