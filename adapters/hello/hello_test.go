package hello_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/hello"
)

type pipe struct{ net.Conn }

func (pipe) Name() string { return "pipe" }

func TestAsk(t *testing.T) {
	for _, row := range []struct {
		name, answer, says string
		err                error
	}{
		{"clone", "ELM327 v1.5\r\r>", "ELM327 v1.5", nil},
		{"echo and junk", "\xfcATI\rOBDII v2.1\r\n\r\n>", "OBDII v2.1", nil},
		{"after a reset", "\x00\x00ATI\r\r\rELM327 v2.3\r\r>", "ELM327 v2.3", nil},
		{"busy before", "STOPPED\r\r>ELM327 v1.4b\r\r>", "ELM327 v1.4b", nil},
		{"does not know ATI", "?\r\r>", "", nil},
		{"nobody", "", "", hello.ErrSilent},
		{"line at rest", "\x00\xff\x00", "", hello.ErrSilent},
		{"wrong speed", "\x86\xe6\x98\xf8\x1e>\xe0\xfe\x9c\x80", "", hello.ErrGarbled},
		{"GPS receiver", "$GPGGA,123519,4807.038,N,01131.000,E,1,08*47\r\n", "", hello.ErrGarbled},
		{"modem", "ATI\r\nQuectel\r\nEC25\r\n\r\nOK\r\n", "", hello.ErrGarbled},
		{"no end", strings.Repeat("41 0C 0B 54\r", 1000), "", hello.ErrGarbled},
	} {
		synctest.Test(t, func(t *testing.T) {
			near, far := net.Pipe()
			defer near.Close()
			defer far.Close()
			go func() {
				buf := make([]byte, 64)
				n, _ := far.Read(buf)
				if got := string(buf[:n]); got != "ATI\r" {
					t.Errorf("%s: was asked %q", row.name, got)
				}
				_, _ = far.Write([]byte(row.answer))
			}()
			says, err := hello.Ask(t.Context(), pipe{near}, 300*time.Millisecond)
			if says != row.says || !errors.Is(err, row.err) {
				t.Errorf("%s: Ask = %q, %v, want %q, %v", row.name, says, err, row.says, row.err)
			}
		})
	}
}

func TestAskIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer near.Close()
		defer far.Close()
		go func() { _, _ = far.Read(make([]byte, 64)) }()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		start := time.Now()
		if _, err := hello.Ask(ctx, pipe{near}, time.Minute); !errors.Is(err, context.Canceled) {
			t.Errorf("Ask: %v", err)
		}
		if took := time.Since(start); took != 50*time.Millisecond {
			t.Errorf("ended after %s", took)
		}
	})
}
