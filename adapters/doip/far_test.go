package doip_test

import (
	"encoding/hex"
	"net"
	"strings"
	"sync"
	"testing"
)

// far is the accepted side of a connection.
type far struct {
	conn net.Conn
	mu   sync.Mutex
	got  []byte
}

func (f *far) Send(b []byte) error { _, err := f.conn.Write(b); return err }
func (f *far) Hangup() error       { return f.conn.Close() }

func (f *far) Received() []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]byte(nil), f.got...)
}

func (f *far) collect() {
	buf := make([]byte, 4096)
	for {
		n, err := f.conn.Read(buf)
		f.mu.Lock()
		f.got = append(f.got, buf[:n]...)
		f.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tryRaw sends and tells whether the tester is still there.
func (s *session) tryRaw(b []byte) bool {
	s.writing.Lock()
	defer s.writing.Unlock()
	_, err := s.conn.Write(b)
	return err == nil
}
