package simulator_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
)

// inbox is a listener in memory.
type inbox chan net.Conn

func (l inbox) Accept() (net.Conn, error) {
	c, ok := <-l
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (l inbox) Close() error   { return nil }
func (l inbox) Addr() net.Addr { return &net.TCPAddr{} }

// TestSilentClientsMakeRoom: 32 clients that say nothing do not lock out others for good.
func TestSilentClientsMakeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		l := make(inbox)
		done := make(chan error)
		go func() { done <- simulator.Serve(ctx, "sim:?pace=0", l) }()
		join := func() net.Conn {
			here, there := net.Pipe()
			l <- there
			return here
		}
		ended := func(c net.Conn) bool {
			_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
			_, err := c.Read(make([]byte, 1))
			return errors.Is(err, io.EOF)
		}
		var silent []net.Conn
		for range 32 {
			silent = append(silent, join())
		}
		if early := join(); !ended(early) {
			t.Error("a 33rd client was let in")
		}
		time.Sleep(31 * time.Second)
		busy := silent[1:]
		for _, c := range busy {
			_, _ = c.Write([]byte("ATI\r"))
			if err := untilPrompt(c); err != nil {
				t.Fatal(err)
			}
		}
		late := join()
		_, _ = late.Write([]byte("ATI\r"))
		var text strings.Builder
		if err := untilPrompt(io.TeeReader(late, &text)); err != nil || !strings.Contains(text.String(), "ELM327") {
			t.Errorf("the newcomer: %q, %v", text.String(), err)
		}
		if !ended(silent[0]) || ended(silent[1]) {
			t.Error("the wrong client had to go")
		}
		time.Sleep(16 * time.Minute)
		if !ended(silent[2]) {
			t.Error("a silent client stays for ever")
		}
		cancel()
		close(l)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
