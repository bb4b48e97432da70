package replay

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/can"
)

// tape holds the events of one session of frames, packed to about 18 bytes each: a log of 100 MB has two
// million of them. It is read by a [reel] from any event on.
type tape struct {
	packed []byte
	marks  []mark  // of every markEvery-th event
	sent   []int32 // which events are frames that a tester sent, in order
	n      int
	at     time.Duration // of the last event
	line   int
}

// mark is where the tape can be read from: an event's place, and the clock and the line of the one before.
type mark struct {
	offset int
	at     time.Duration
	line   int
}

const markEvery = 64

// The flags of a packed event, above its word.
const (
	packFD     = 0x08
	packBRS    = 0x10
	packRemote = 0x20
	packWord   = 0x07
)

// words is what the low bits of a packed event stand for.
var words = [...]word{wordFrameGot, wordFrameSent, wordTimeout, wordPause, wordLost}

// add appends an event. Times and lines never run backwards.
func (t *tape) add(e frameEvent) {
	if t.n%markEvery == 0 {
		t.marks = append(t.marks, mark{len(t.packed), t.at, t.line})
	}
	if e.what == wordFrameSent {
		t.sent = append(t.sent, int32(t.n))
	}
	f := &e.frame
	kind := byte(slices.Index(words[:], e.what))
	if f.FD {
		kind |= packFD
	}
	if f.BRS {
		kind |= packBRS
	}
	if f.Remote {
		kind |= packRemote
	}
	t.packed = append(t.packed, kind)
	t.packed = binary.AppendUvarint(t.packed, uint64(e.at-t.at))
	t.packed = binary.AppendUvarint(t.packed, uint64(e.line-t.line))
	switch e.what {
	case wordFrameSent, wordFrameGot:
		t.packed = binary.LittleEndian.AppendUint32(t.packed, uint32(f.ID))
		t.packed = append(t.packed, f.Len)
		t.packed = append(t.packed, f.Payload()...)
	default:
		t.packed = binary.AppendUvarint(t.packed, uint64(len(e.text)))
		t.packed = append(t.packed, e.text...)
	}
	t.n, t.at, t.line = t.n+1, e.at, e.line
}

// get returns event i.
func (t *tape) get(i int) frameEvent {
	r := t.from(i)
	e, _ := r.next()
	return e
}

// nextSent returns the first event from i on that a tester sent; n when there is none.
func (t *tape) nextSent(i int) int {
	at, _ := slices.BinarySearch(t.sent, int32(i))
	if at == len(t.sent) {
		return t.n
	}
	return int(t.sent[at])
}

// from returns a reel that stands before event i.
func (t *tape) from(i int) reel {
	if i >= t.n {
		return reel{tape: t, index: t.n}
	}
	m := t.marks[i/markEvery]
	r := reel{tape: t, mark: m, index: i / markEvery * markEvery}
	for r.index < i {
		r.next()
	}
	return r
}

// reel reads a tape forwards.
type reel struct {
	tape  *tape
	mark  // before the next event
	index int
}

// next returns the next event; false behind the last.
func (r *reel) next() (frameEvent, bool) {
	if r.index >= r.tape.n {
		return frameEvent{}, false
	}
	p := r.tape.packed[r.offset:]
	kind := p[0]
	size := 1
	take := func() uint64 {
		v, n := binary.Uvarint(p[size:])
		size += n
		return v
	}
	r.at += time.Duration(take())
	r.line += int(take())
	e := frameEvent{what: words[kind&packWord], at: r.at, line: r.line}
	if e.what == wordFrameGot || e.what == wordFrameSent {
		e.frame = can.Frame{ID: can.ID(binary.LittleEndian.Uint32(p[size:])), Len: p[size+4],
			FD: kind&packFD != 0, BRS: kind&packBRS != 0, Remote: kind&packRemote != 0}
		size += 5
		size += copy(e.frame.Data[:], p[size:size+len(e.frame.Payload())])
	} else {
		n := int(take())
		e.text = string(p[size : size+n])
		size += n
	}
	r.offset += size
	r.index++
	return e, true
}
