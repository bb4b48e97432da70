package isotp

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// maxTransfers bounds the messages under way at once; more ECUs than addresses do not exist.
const maxTransfers = 256

// receiveTimeout is N_Cr: how long a consecutive frame may take (ISO 15765-2 table 20).
const receiveTimeout = time.Second

// Reassembler joins the frames of a live bus, of any number of ECUs interleaved, in their order.
// The zero Reassembler is ready: normal addressing, no block size, no gap.
type Reassembler struct {
	Addressing Addressing
	// BlockSize and STmin are what our flow control asks for; zero is everything at once.
	BlockSize byte
	STmin     byte
	// Limit is the longest message in bytes that is taken, [DefaultLimit] when 0.
	Limit int

	open map[obd.Address]*receiving
}

// receiving is one ECU's message under way.
type receiving struct {
	transfer
	data   []byte
	next   int // place of the consecutive frame that is due, counted from 1
	block  int // frames received in the block
	frames int
	last   time.Time
}

// Result is what one received frame led to.
type Result struct {
	// Message is set with Done; its data is the caller's.
	Message Message
	Done    bool
	// Flow is to be sent at once to the ECU that sent the frame when Reply is set.
	Flow  FlowControl
	Reply bool
}

// Push takes one frame. A single or first frame in the middle of a message replaces it (clause 9.8.4);
// the message that was cut off is not reported, its sender has given it up. The error wraps
// [ErrFrame] for frames that are none of ours.
func (r *Reassembler) Push(from obd.Address, data []byte, now time.Time) (Result, error) {
	f, err := Parse(data, r.Addressing)
	if err != nil {
		return Result{}, err
	}
	if r.Addressing == Extended {
		from = from.WithExtension(f.Extension)
	}
	switch f.Kind {
	case Single:
		delete(r.open, from)
		return done(Message{From: from, Data: append([]byte(nil), f.Data...), Frames: 1}), nil
	case First:
		return r.begin(from, f, now), nil
	case Consecutive:
		return r.proceed(from, f, now), nil
	}
	return Result{}, nil
}

func done(m Message) Result { return Result{Message: m, Done: true} }

func (r *Reassembler) limit() int {
	if r.Limit > 0 {
		return r.Limit
	}
	return DefaultLimit
}

func (r *Reassembler) begin(from obd.Address, f Frame, now time.Time) Result {
	delete(r.open, from)
	if f.Length > r.limit() || len(r.open) >= maxTransfers {
		res := done(Message{From: from, Data: append([]byte(nil), f.Data...), Frames: 1, Err: ErrOverflow})
		res.Flow, res.Reply = FlowControl{Status: Overflow}, true
		return res
	}
	t := newTransfer(f, r.Addressing, false)
	if t.frames() == 0 {
		return done(Message{From: from, Data: append([]byte(nil), f.Data...), Frames: 1})
	}
	if r.open == nil {
		r.open = make(map[obd.Address]*receiving)
	}
	// f.Data is the caller's. A first frame alone does not get us to set aside what it announces.
	t.first = append(make([]byte, 0, min(f.Length, MaxClassic)), f.Data...)
	r.open[from] = &receiving{transfer: t, data: t.first, next: 1, frames: 1, last: now}
	return Result{Flow: FlowControl{BlockSize: r.BlockSize, STmin: r.STmin}, Reply: true}
}

func (r *Reassembler) proceed(from obd.Address, f Frame, now time.Time) Result {
	t, ok := r.open[from]
	if !ok {
		return Result{} // the rest of a message that was given up
	}
	t.frames++
	t.last = now
	if int(f.Sequence) != t.next&0x0F {
		if int(f.Sequence) == (t.next-1)&0x0F && t.next > 1 {
			return Result{} // the last frame once more: a repeater or a controller's retry
		}
		return r.abandon(from, incomplete("frame %d of %d is missing", 1+t.next, 1+t.transfer.frames()))
	}
	want := t.want(t.next)
	if len(f.Data) < want {
		t.data = append(t.data, f.Data...)
		return r.abandon(from, incomplete("frame %d of %d lost bytes", 1+t.next, 1+t.transfer.frames()))
	}
	t.data = append(t.data, f.Data[:want]...)
	t.next++
	if len(t.data) == t.length {
		return r.abandon(from, nil)
	}
	if t.block++; r.BlockSize > 0 && t.block == int(r.BlockSize) {
		t.block = 0
		return Result{Flow: FlowControl{BlockSize: r.BlockSize, STmin: r.STmin}, Reply: true}
	}
	return Result{}
}

// abandon ends a transfer, with err nil because it is complete.
func (r *Reassembler) abandon(from obd.Address, err error) Result {
	t := r.open[from]
	delete(r.open, from)
	return done(Message{From: from, Data: t.data, Frames: t.frames, Err: err})
}

// ErrTimeout says that the next frame of a message did not come within a second (N_Cr).
var ErrTimeout = errors.New("no further frame within a second")

// Expire ends the messages whose next frame is overdue.
func (r *Reassembler) Expire(now time.Time) []Message {
	var late []Message
	for from, t := range r.open {
		if now.Sub(t.last) >= receiveTimeout {
			late = append(late, r.abandon(from, incomplete("%w", ErrTimeout)).Message)
		}
	}
	slices.SortFunc(late, func(a, b Message) int { return cmp.Compare(a.From, b.From) })
	return late
}

// Deadline returns when [Reassembler.Expire] has work next; false when no message is under way.
func (r *Reassembler) Deadline() (time.Time, bool) {
	var first time.Time
	for _, t := range r.open {
		if d := t.last.Add(receiveTimeout); first.IsZero() || d.Before(first) {
			first = d
		}
	}
	return first, !first.IsZero()
}
