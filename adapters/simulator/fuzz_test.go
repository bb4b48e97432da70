package simulator_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/errs"
)

// FuzzClient lets a hostile client write anything to every kind of adapter: the adapter must not panic
// and must end when the port closes.
func FuzzClient(f *testing.F) {
	for _, seed := range []string{
		"ATZ\r0100\r", "0902\r\r\r", "ATSH7E0\rATFCSD300000\rATFCSM1\rATCAF0\r300000\r", "ATCAF0\rF0\r00\r0F01\r", "STPXH:7E0,D:0100,R:1,T:5\r",
		"ATPPS\rATBD\rATCRA7XX\r0100\r", "ATST00\rATSW00\rATTPA3\r0100F\r", "\x00\xff>\x7f\x7f\r\n", "ATBRD08\r\r", "STSBR\rSTSBR9600\r", "0600\r05\r02\r01\r09\r04\r08\r22F1\r",
	} {
		f.Add([]byte(seed), byte(0))
		f.Add([]byte(seed), byte(77))
	}
	scenarios := simulator.Scenarios()
	adapters := []string{"elm327-v2.2", "stn2120", "vlinker", "clone-nul", "clone-lagging", "clone-short", "clone-no-digit", "lv-reset", "clone-buffer-full", "clone-freeze", "clone-padding"}
	f.Fuzz(func(t *testing.T, data []byte, pick byte) {
		if len(data) > 4096 {
			return // longer input finds nothing more
		}
		name := scenarios[int(pick)%len(scenarios)].Name
		adapter := adapters[int(pick)%len(adapters)]
		p, err := simulator.Open(t.Context(), "sim:"+name+"?pace=0&elapsed=10s&adapter="+adapter)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(data); err != nil {
			t.Fatal(err)
		}
		_ = p.SetReadDeadline(time.Now().Add(2 * time.Millisecond))
		_, _ = io.Copy(io.Discard, p)
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzScenario reads anything as a scenario file: a car that is accepted must answer.
func FuzzScenario(f *testing.F) {
	files, err := filepath.Glob("scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("no scenarios", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	file := filepath.Join(f.TempDir(), "car.yaml")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := simulator.Open(t.Context(), "sim:"+file+"?pace=0&elapsed=1m")
		if err != nil {
			if kind := errs.KindOf(err); kind != errs.BadInput {
				t.Fatalf("%v has kind %s", err, kind)
			}
			return
		}
		defer p.Close()
		for _, c := range []string{"0100", "0101", "03", "04", "020000", "0902", "0600", "050001", "010C0D05"} {
			if _, err := p.Write([]byte(c + "\r")); err != nil {
				t.Fatal(err)
			}
			_ = p.SetReadDeadline(time.Now().Add(10 * time.Second))
			if err := untilPrompt(p); err != nil {
				t.Fatalf("%s: %v", c, err)
			}
		}
	})
}
