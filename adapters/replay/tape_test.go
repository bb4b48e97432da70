package replay

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/can"
)

// FuzzTape packs any events and reads them again, forwards and from any place.
func FuzzTape(f *testing.F) {
	f.Add([]byte("\x00\x07\xE8\x08abcdefgh\x01\x01\x07\xDF\x02ab\x03\x02"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var in []frameEvent
		var tape tape
		at, line := time.Duration(0), 0
		for len(data) >= 4 {
			at, line = at+time.Duration(data[1])*time.Microsecond, line+int(data[2]&7)
			e := frameEvent{what: words[int(data[0])%len(words)], at: at, line: line}
			n := min(int(data[3]&63), len(data)-4)
			if e.what == wordFrameGot || e.what == wordFrameSent {
				e.frame = can.Frame{ID: can.ID(data[1])<<24 | can.ID(data[2]), Len: uint8(n), FD: data[0]&64 != 0, BRS: data[0]&128 != 0}
				copy(e.frame.Data[:], data[4:4+n])
			} else {
				e.text = string(data[4 : 4+n])
			}
			data = data[4+n:]
			in = append(in, e)
			tape.add(e)
		}
		r := tape.from(0)
		for i, want := range in {
			if got, ok := r.next(); !ok || got != want || tape.get(i) != want {
				t.Fatalf("event %d: got %+v, want %+v", i, got, want)
			}
		}
		if _, ok := r.next(); ok || tape.nextSent(len(in)) != len(in) {
			t.Error("events behind the end")
		}
	})
}

// TestALogIsKeptSmall reads a log of 4 MB, which took 27 times its size before it was packed.
func TestALogIsKeptSmall(t *testing.T) {
	var b strings.Builder
	b.Grow(5 << 20)
	for i := 0; b.Len() < 4<<20; i++ {
		fmt.Fprintf(&b, "(%d.%06d) can0 %03X#0102030405060708\n", 1436509052+i/4000, i%4000*250, 0x100+i%64)
	}
	log := b.String()
	before := heap()
	rec, err := loadFrames(strings.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	if grown := heap() - before; grown > 5<<20 {
		t.Errorf("a log of 4 MiB is kept in %d KiB", grown>>10)
	}
	if n := rec.sessions[0].frames.n; n != strings.Count(log, "\n") {
		t.Errorf("%d frames", n)
	}
	runtime.KeepAlive(rec)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
