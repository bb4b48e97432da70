package isotp_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// FuzzReassembly feeds frames of hostile ECUs, one length byte before each, to both ways of joining them.
func FuzzReassembly(f *testing.F) {
	f.Add([]byte{8, 0x10, 0x14, 0x49, 2, 1, 0x41, 0x42, 0x43, 8, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte{8, 0x10, 0, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 8, 0x2F, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte{3, 2, 1, 0x0C, 0x8C, 0x10, 0x20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	f.Fuzz(func(t *testing.T, input []byte) {
		a := isotp.Addressing(len(input) & 1)
		c, r := isotp.Collector{Addressing: a}, isotp.Reassembler{Addressing: a, BlockSize: 3, Limit: 1000}
		now, total := noon, 0
		for len(input) > 0 {
			from := obd.CAN11(0x7E8 | uint32(input[0]>>7))
			n := min(int(input[0]&0x7F), len(input)-1)
			frame := input[1 : 1+n]
			input = input[1+n:]
			total += n
			_ = c.Add(from, frame)
			now = now.Add(time.Millisecond)
			res, err := r.Push(from, frame, now)
			if err != nil && (res.Done || res.Reply) {
				t.Fatal("an error came with a result")
			}
			if res.Done && (len(res.Message.Data) > 1000 || res.Message.Err == nil && len(res.Message.Data) == 0) {
				t.Fatalf("message of %d bytes, %v", len(res.Message.Data), res.Message.Err)
			}
		}
		r.Expire(now.Add(time.Hour))
		if _, open := r.Deadline(); open {
			t.Fatal("a transfer outlived every time limit")
		}
		kept := 0
		for _, m := range c.Messages() {
			kept += len(m.Data)
			if m.Err == nil && len(m.Data) == 0 || m.Err != nil && !errors.Is(m.Err, link.ErrIncomplete) {
				t.Fatalf("message %+v", m)
			}
		}
		if kept > total {
			t.Fatalf("%d bytes became %d", total, kept)
		}
	})
}

// FuzzRoundTrip cuts a message and joins it again: live, shuffled, and with one frame lost.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte{1, 0x0C}, byte(0), byte(0), uint64(1))
	f.Add(bytes.Repeat([]byte{0x49, 2, 1}, 40), byte(1), byte(64), uint64(2))
	f.Add(bytes.Repeat([]byte{0xAA, 7}, 2500), byte(0), byte(8), uint64(3))
	f.Fuzz(func(t *testing.T, data []byte, flags, size byte, seed uint64) {
		if len(data) == 0 || len(data) > isotp.DefaultLimit {
			return
		}
		format := isotp.Format{Addressing: isotp.Addressing(flags & 1), Extension: 0x0F, Padded: flags&2 != 0, Pad: flags, Size: int(size)}
		frames, err := isotp.Segment(data, format)
		if err != nil {
			t.Fatal(err)
		}
		r := isotp.Reassembler{Addressing: format.Addressing}
		for i, frame := range frames {
			res, err := r.Push(engine, frame, noon)
			if err != nil || res.Done != (i == len(frames)-1) {
				t.Fatalf("frame %d of %d: done %v, %v", i, len(frames), res.Done, err)
			}
			if res.Done && (res.Message.Err != nil || !bytes.Equal(res.Message.Data, data)) {
				t.Fatalf("live: %+v", res.Message)
			}
		}
		random := rand.New(rand.NewPCG(seed, 0))
		shuffled := shuffle(random, frames)
		if m := join(format, shuffled); len(m) != 1 || m[0].Err != nil || !bytes.Equal(m[0].Data, data) {
			t.Fatalf("shuffled: %d messages", len(m))
		}
		if len(frames) > 1 {
			lost := random.IntN(len(shuffled))
			for _, m := range join(format, append(shuffled[:lost:lost], shuffled[lost+1:]...)) {
				if m.Err == nil || !bytes.HasPrefix(data, m.Data) {
					t.Fatalf("with frame %d lost: %+v", lost, m)
				}
			}
		}
	})
}

// shuffle mixes frames as far as the sequence number can bear: all of a short message, neighbours of a
// long one.
func shuffle(random *rand.Rand, frames [][]byte) [][]byte {
	out := append([][]byte(nil), frames...)
	if len(out) <= 16 {
		random.Shuffle(len(out), func(i, k int) { out[i], out[k] = out[k], out[i] })
		return out
	}
	for i := 1; i+3 < len(out); i += 3 {
		random.Shuffle(3, func(a, b int) { out[i+a], out[i+b] = out[i+b], out[i+a] })
	}
	return out
}

func join(f isotp.Format, frames [][]byte) []isotp.Message {
	c := isotp.Collector{Addressing: f.Addressing}
	for _, frame := range frames {
		_ = c.Add(engine, frame)
	}
	return c.Messages()
}
