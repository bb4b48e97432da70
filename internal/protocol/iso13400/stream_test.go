package iso13400_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// drain takes all messages and mistakes that are there.
func drain(s *iso13400.Stream) (messages []iso13400.Message, mistakes []error) {
	for {
		m, err := s.Next()
		var h iso13400.HeaderError
		switch {
		case errors.Is(err, iso13400.ErrMore):
			return messages, mistakes
		case err == nil:
			messages = append(messages, m)
		case errors.As(err, &h) && h.Nack == iso13400.NackPattern:
			return messages, append(mistakes, err)
		default:
			mistakes = append(mistakes, err)
		}
	}
}

func TestStreamInPieces(t *testing.T) {
	var all []byte
	for _, row := range wire {
		all = append(all, unhex(t, row.bytes)...)
	}
	for _, size := range []int{1, 3, 8, 9, 64, len(all)} {
		var s iso13400.Stream
		var got []iso13400.Message
		for b := range bytesOf(all, size) {
			s.Push(b)
			messages, mistakes := drain(&s)
			if len(mistakes) > 0 {
				t.Fatalf("pieces of %d: %v", size, mistakes)
			}
			got = append(got, messages...)
		}
		if len(got) != len(wire) {
			t.Fatalf("pieces of %d: %d messages, want %d", size, len(got), len(wire))
		}
		for i, m := range got {
			if diff := cmp.Diff(wire[i].want, m.Payload); diff != "" {
				t.Errorf("pieces of %d: %s", size, diff)
			}
		}
	}
}

func bytesOf(b []byte, size int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(b) > 0 {
			n := min(size, len(b))
			if !yield(b[:n]) {
				return
			}
			b = b[n:]
		}
	}
}

// TestStreamLeavesOut skips what is too long or has the wrong length, and goes on behind it.
func TestStreamLeavesOut(t *testing.T) {
	long := iso13400.Message{Version: 2, Payload: iso13400.Diagnostic{Source: 1, Target: 2, Data: make([]byte, 100)}}.Marshal()
	bad := unhex(t, "02FD 0008 00000003 0E8000")
	alive := unhex(t, "02FD 0007 00000000")
	for _, size := range []int{1, 7, 300} {
		s := iso13400.Stream{Limit: 64}
		var messages []iso13400.Message
		var mistakes []error
		for b := range bytesOf(bytes.Join([][]byte{long, bad, alive}, nil), size) {
			s.Push(b)
			m, e := drain(&s)
			messages, mistakes = append(messages, m...), append(mistakes, e...)
		}
		if len(messages) != 1 || len(mistakes) != 2 {
			t.Errorf("pieces of %d: %d messages, mistakes %v", size, len(messages), mistakes)
		}
	}
}

func TestStreamWithoutPatternIsOver(t *testing.T) {
	var s iso13400.Stream
	s.Push([]byte("HTTP/1.1 400 Bad Request\r\n"))
	for range 2 {
		_, err := s.Next()
		if e, ok := errors.AsType[iso13400.HeaderError](err); !ok || e.Nack != iso13400.NackPattern {
			t.Errorf("Next: %v", err)
		}
		s.Push(unhex(t, "02FD 0007 00000000"))
	}
}

// FuzzStream holds that pieces make no difference, and that what is kept is bounded.
func FuzzStream(f *testing.F) {
	for _, row := range wire {
		f.Add(unhex(f, row.bytes), 5)
	}
	f.Add(unhex(f, "02FD 8001 FFFFFFFF 0E80"), 3)
	f.Fuzz(func(t *testing.T, b []byte, size int) {
		size = 1 + (size&0x7FFFFFFF)%97
		whole, pieces := iso13400.Stream{Limit: 256}, iso13400.Stream{Limit: 256}
		whole.Push(b)
		want, _ := drain(&whole)
		var got []iso13400.Message
		for part := range bytesOf(b, size) {
			pieces.Push(part)
			m, _ := drain(&pieces)
			got = append(got, m...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pieces of %d: %s", size, diff)
		}
	})
}

func BenchmarkStream(b *testing.B) {
	one := iso13400.Message{Version: 2, Payload: iso13400.Diagnostic{Source: 1, Target: 2, Data: make([]byte, 40)}}.Marshal()
	chunk := bytes.Repeat(one, 64)
	var s iso13400.Stream
	b.ReportAllocs()
	b.SetBytes(int64(len(chunk)))
	for b.Loop() {
		s.Push(chunk)
		if m, _ := drain(&s); len(m) != 64 {
			b.Fatal(len(m))
		}
	}
}
