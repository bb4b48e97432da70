package simulator_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/errs"
)

// serve starts a served car and returns its address.
func serve(t *testing.T, address string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- simulator.Serve(ctx, address, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return l.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

// converse sends commands and returns all text.
func converse(t *testing.T, c io.ReadWriter, commands ...string) string {
	t.Helper()
	var text bytes.Buffer
	for _, command := range commands {
		if _, err := c.Write([]byte(command + "\r")); err != nil {
			t.Fatal(err)
		}
		if err := untilPrompt(io.TeeReader(c, &text)); err != nil {
			t.Fatal(err)
		}
	}
	return text.String()
}

// TestServeSharesTheCar: every client has its own adapter, and all of them one car.
func TestServeSharesTheCar(t *testing.T) {
	address := serve(t, "sim:?pace=0&at=engine-off")
	first, second := dial(t, address), dial(t, address)
	converse(t, first, "ATE0", "ATSP6")
	if got := converse(t, second, "03"); got != "03\rSEARCHING...\r43 01 03 01 \r43 00 \r\r>" {
		t.Errorf("second client: %q", got)
	}
	if got := converse(t, first, "04"); got != "44 \r44 \r\r>" {
		t.Errorf("clear: %q", got)
	}
	if got := converse(t, second, "03"); got != "03\r43 00 \r43 00 \r\r>" {
		t.Errorf("after the clear: %q", got)
	}
}

func TestServeManyAndHostileClients(t *testing.T) {
	address := serve(t, "sim:four-ecu?pace=0")
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			c, err := net.Dial("tcp", address)
			if err != nil {
				return
			}
			defer c.Close()
			_ = c.SetDeadline(time.Now().Add(2 * time.Second))
			switch i % 3 {
			case 0:
				_, _ = c.Write(bytes.Repeat([]byte{0xFF, 0x00, 'A', '\r'}, 20_000)) // and never reads
			case 1:
				_, _ = c.Write(bytes.Repeat([]byte("0904"), 50_000)) // a line without end
			}
		})
	}
	all.Wait()
	for end := time.Now().Add(20 * time.Second); ; { // until one of the seats is free again
		c := dial(t, address)
		_, err := c.Write([]byte("ATI\r"))
		var text bytes.Buffer
		if err == nil {
			err = untilPrompt(io.TeeReader(c, &text))
		}
		if err == nil && strings.HasSuffix(text.String(), "ELM327 v2.2\r\r>") {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("afterwards: %q, %v", text.String(), err)
		}
	}
}

func TestServeRefusesBadAddresses(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := simulator.Serve(t.Context(), "sim:unknown", l); errs.KindOf(err) != errs.Usage {
		t.Errorf("got %v", err)
	}
	if _, _, err := simulator.ServePTY(t.Context(), "sim:unknown"); err == nil {
		t.Error("pty of an unknown car")
	}
}

// TestServeAtRealPace: on TCP and without a virtual clock the simulator answers in a car's time.
func TestServeAtRealPace(t *testing.T) {
	c := dial(t, serve(t, "sim:petrol-healthy?baud=500000"))
	converse(t, c, "ATE0", "ATSP6", "0100")
	start := time.Now()
	for range 10 {
		converse(t, c, "010C1")
	}
	if took := time.Since(start); took < 70*time.Millisecond || took > 3*time.Second {
		t.Errorf("ten requests took %s", took)
	}
}
