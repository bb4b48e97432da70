//go:build linux || darwin

package simulator_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/adapters/simulator"
)

// TestServePTY opens the pseudo terminal twice, as a program does that looks for the speed.
func TestServePTY(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	path, wait, err := simulator.ServePTY(ctx, "sim:kwp?pace=0")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ command, want string }{{"ATZ", "ELM327 v2.2\r\r>"}, {"0100", "SEARCHING...\r41 00 BE 3F B8 13 \r\r>"}} {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := converse(t, f, c.command); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: %q", c.command, got)
		}
		f.Close()
	}
	cancel()
	if err := wait(); err != nil {
		t.Error(err)
	}
}
