// Package adaptertest is the conformance suite of the seams: every adapter's port passes [Run], every
// link over the simulated car passes [RunLink].
package adaptertest

import (
	"bytes"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/link"
)

// Patience is how long the suite waits for what must come; a port that needs longer hangs.
const Patience = 5 * time.Second

// Peer is the far end of a port under test.
type Peer interface {
	// Send makes the bytes arrive at the port.
	Send(b []byte) error
	// Received returns what the port has sent so far.
	Received() []byte
	// Hangup ends the connection from the far side.
	Hangup() error
}

// Run checks the contract of [link.Port]. Each case opens a port of its own with the far end in hand.
func Run(t *testing.T, open func(t *testing.T) (link.Port, Peer)) {
	cases := []struct {
		name string
		run  func(*testing.T, link.Port, Peer)
	}{
		{"ReadReturnsWhatCame", readReturnsWhatCame},
		{"ReadKeepsTheRest", readKeepsTheRest},
		{"WriteDeliversAll", writeDeliversAll},
		{"PastDeadlineEndsRead", pastDeadlineEndsRead},
		{"DeadlineEndsRead", deadlineEndsRead},
		{"NewDeadlineWakesRead", newDeadlineWakesRead},
		{"ReadWorksAfterDeadline", readWorksAfterDeadline},
		{"CloseWakesRead", closeWakesRead},
		{"CloseTwice", closeTwice},
		{"UseAfterClose", useAfterClose},
		{"CloseFromManySides", closeFromManySides},
		{"HangupEndsRead", hangupEndsRead},
		{"HasAName", hasAName},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, peer := open(t)
			t.Cleanup(func() { _ = p.Close() }) // most cases close it themselves
			within(t, func() { c.run(t, p, peer) })
		})
	}
}

// within fails the test when f does not return in time.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(2 * Patience):
		t.Fatal("the port hangs")
	}
}

// readN reads until n bytes are there.
func readN(t *testing.T, p link.Port, n int) []byte {
	t.Helper()
	if err := p.SetReadDeadline(time.Now().Add(Patience)); err != nil {
		t.Errorf("SetReadDeadline: %v", err)
	}
	var got []byte
	buf := make([]byte, 64)
	for len(got) < n {
		k, err := p.Read(buf)
		got = append(got, buf[:k]...)
		if err != nil {
			t.Errorf("Read: %v after %q", err, got)
			return got
		}
	}
	return got
}

func send(t *testing.T, peer Peer, s string) {
	t.Helper()
	if err := peer.Send([]byte(s)); err != nil {
		t.Errorf("Send: %v", err)
	}
}

func readReturnsWhatCame(t *testing.T, p link.Port, peer Peer) {
	want := "41 00 BE 3F A8 13 \r\r>\x00\xFF"
	send(t, peer, want)
	if got := string(readN(t, p, len(want))); got != want {
		t.Errorf("Read %q, want %q", got, want)
	}
}

func readKeepsTheRest(t *testing.T, p link.Port, peer Peer) {
	send(t, peer, "OK\r\r>")
	var got []byte
	one := make([]byte, 1)
	if err := p.SetReadDeadline(time.Now().Add(Patience)); err != nil {
		t.Errorf("SetReadDeadline: %v", err)
	}
	for len(got) < 5 {
		n, err := p.Read(one)
		if err != nil {
			t.Errorf("Read: %v", err)
			return
		}
		got = append(got, one[:n]...)
	}
	if string(got) != "OK\r\r>" {
		t.Errorf("Read byte by byte %q", got)
	}
}

func writeDeliversAll(t *testing.T, p link.Port, peer Peer) {
	want := bytes.Repeat([]byte("0102030405060708"), 128)
	n, err := p.Write(want)
	if err != nil || n != len(want) {
		t.Errorf("Write = %d, %v, want %d", n, err, len(want))
	}
	for end := time.Now().Add(Patience); len(peer.Received()) < len(want) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if got := peer.Received(); !bytes.Equal(got, want) {
		t.Errorf("the far end received %d bytes, want %d", len(got), len(want))
	}
}

func wantDeadline(t *testing.T, p link.Port) {
	t.Helper()
	if n, err := p.Read(make([]byte, 8)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Read = %d, %v, want os.ErrDeadlineExceeded", n, err)
	}
}

func pastDeadlineEndsRead(t *testing.T, p link.Port, peer Peer) {
	send(t, peer, "late")
	if err := p.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Errorf("SetReadDeadline: %v", err)
	}
	wantDeadline(t, p)
}

func deadlineEndsRead(t *testing.T, p link.Port, _ Peer) {
	start := time.Now()
	if err := p.SetReadDeadline(start.Add(50 * time.Millisecond)); err != nil {
		t.Errorf("SetReadDeadline: %v", err)
	}
	wantDeadline(t, p)
	if took := time.Since(start); took > Patience/2 {
		t.Errorf("Read came back after %s", took)
	}
}

// newDeadlineWakesRead is how a cancelled context ends a wait.
func newDeadlineWakesRead(t *testing.T, p link.Port, _ Peer) {
	done := make(chan error, 1)
	go func() {
		_, err := p.Read(make([]byte, 8))
		done <- err
	}()
	time.Sleep(20 * time.Millisecond) // lets Read begin; the outcome is the same if it has not
	start := time.Now()
	if err := p.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Errorf("SetReadDeadline: %v", err)
	}
	if err := <-done; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Read: %v, want os.ErrDeadlineExceeded", err)
	}
	if took := time.Since(start); took > 100*time.Millisecond {
		t.Errorf("Read was woken after %s, want less than 100 ms", took)
	}
}

func readWorksAfterDeadline(t *testing.T, p link.Port, peer Peer) {
	if err := p.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Errorf("SetReadDeadline: %v", err)
	}
	wantDeadline(t, p)
	send(t, peer, "ok>")
	if got := string(readN(t, p, 3)); got != "ok>" {
		t.Errorf("Read %q, want %q", got, "ok>")
	}
}

func closeWakesRead(t *testing.T, p link.Port, _ Peer) {
	done := make(chan error, 1)
	go func() {
		_, err := p.Read(make([]byte, 8))
		done <- err
	}()
	time.Sleep(20 * time.Millisecond) // as above
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := <-done; err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Read: %v, want an error of a closed port", err)
	}
}

func closeTwice(t *testing.T, p link.Port, _ Peer) {
	for range 2 {
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}

func useAfterClose(t *testing.T, p link.Port, _ Peer) {
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if _, err := p.Read(make([]byte, 1)); err == nil {
		t.Error("Read works after Close")
	}
	if _, err := p.Write([]byte("ATI\r")); err == nil {
		t.Error("Write works after Close")
	}
}

func closeFromManySides(t *testing.T, p link.Port, peer Peer) {
	send(t, peer, "noise")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { _ = p.Close() })
		all.Go(func() { _, _ = p.Read(make([]byte, 2)) })
		all.Go(func() { _, _ = p.Write([]byte("ATI\r")) })
		all.Go(func() { _ = p.SetReadDeadline(time.Now().Add(time.Millisecond)) })
	}
	all.Wait()
}

func hangupEndsRead(t *testing.T, p link.Port, peer Peer) {
	if err := peer.Hangup(); err != nil {
		t.Errorf("Hangup: %v", err)
	}
	if err := p.SetReadDeadline(time.Now().Add(Patience)); err != nil {
		return // gone already, and it says so
	}
	_, err := p.Read(make([]byte, 8))
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Read: %v, want io.EOF or a lost link", err)
	}
}

func hasAName(t *testing.T, p link.Port, _ Peer) {
	if p.Name() == "" {
		t.Error("Name is empty")
	}
}
