package isotp

import (
	"bytes"
	"errors"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// maxFrames bounds what a [Collector] keeps; an adapter's whole answer has a few hundred lines at most.
const maxFrames = 1 << 14

// Collector joins the frames of one finished answer, of any number of ECUs interleaved.
//
// Cheap adapters print consecutive frames out of order, so nothing is decided before all frames are
// there: each message's frames are then sorted by their sequence number. A frame that is missing makes
// its message incomplete. The zero Collector is ready for normal addressing.
type Collector struct {
	Addressing Addressing

	frames []collected
	from   []obd.Address // in order of appearance
}

// collected is one frame that was added.
type collected struct {
	from  obd.Address
	frame Frame
	cut   bool
}

// Add takes one frame's data bytes, which must stay unchanged until [Collector.Messages] was called.
// The error wraps [ErrFrame] when they are no frame of a message.
func (c *Collector) Add(from obd.Address, data []byte) error {
	f, err := Parse(data, c.Addressing)
	if whole, ok := longSingle(data, c.Addressing); ok {
		f, err = whole, nil
	}
	cut := errors.Is(err, ErrShort)
	if err != nil && !cut {
		return err
	}
	if f.Kind == Flow {
		return nil
	}
	if len(c.frames) >= maxFrames {
		return ErrOverflow
	}
	if c.Addressing == Extended {
		from = from.WithExtension(f.Extension)
	}
	if slices.Contains(c.from, from) {
		c.frames = append(c.frames, collected{from, f, cut})
		return nil
	}
	c.from = append(c.from, from)
	c.frames = append(c.frames, collected{from, f, cut})
	return nil
}

// longSingle reads a line that holds a message of 8 to 15 bytes behind a control byte with just that
// length. No frame of classical CAN can, but adapters that join frames by themselves print such lines. A
// reply of SAE J1979 with 8 bytes is not believed: there it is more often a damaged frame.
func longSingle(data []byte, a Addressing) (Frame, bool) {
	if a != Normal || len(data) < 9 || len(data) > 16 || int(data[0]) != len(data)-1 {
		return Frame{}, false
	}
	if len(data) == 9 && data[1] >= 0x41 && data[1] <= 0x4A {
		return Frame{}, false
	}
	return Frame{Kind: Single, Size: len(data), Length: len(data) - 1, Data: data[1:]}, true
}

// Messages joins what was added, ordered by each message's first line, and empties the collector.
func (c *Collector) Messages() []Message {
	type placed struct {
		at int
		Message
	}
	out := make([]placed, 0, len(c.frames))
	for _, from := range c.from {
		c.join(from, func(at int, m Message) {
			m.From = from
			out = append(out, placed{at, m})
		})
	}
	// Insertion sort: nearly in order already, and there are few.
	for i := 1; i < len(out); i++ {
		for k := i; k > 0 && out[k].at < out[k-1].at; k-- {
			out[k], out[k-1] = out[k-1], out[k]
		}
	}
	messages := make([]Message, len(out))
	for i := range out {
		messages[i] = out[i].Message
	}
	c.frames, c.from = c.frames[:0], c.from[:0]
	return messages
}

// join makes one ECU's messages.
func (c *Collector) join(from obd.Address, emit func(at int, m Message)) {
	g := gathering{emit: emit}
	for i := range c.frames {
		got := &c.frames[i]
		if got.from != from {
			continue
		}
		switch got.frame.Kind {
		case Single:
			m := Message{Data: got.frame.Data, Frames: 1}
			if got.cut {
				m.Err = incomplete("%d of %d bytes came", len(m.Data), got.frame.Length)
			}
			emit(i, m)
		case First:
			g.first(i, newTransfer(got.frame, c.Addressing, got.cut))
		case Consecutive:
			if len(g.parts) == 0 && g.open == nil {
				g.start = i
			}
			g.parts = append(g.parts, got.frame)
		}
	}
	g.finish()
}

// gathering collects the frames of one ECU's next multi-frame message. Consecutive frames belong to
// the first frame before them, those before every first frame to the first one that comes.
type gathering struct {
	open  *transfer
	parts []Frame
	early int // parts that came before the first frame
	start int // the line that the message began with
	emit  func(at int, m Message)
}

func (g *gathering) first(at int, t transfer) {
	if g.open != nil {
		if g.open.same(&t) && len(g.parts) == g.early && len(g.parts) < g.open.frames() {
			return // the same first frame printed twice
		}
		g.finish()
	}
	if len(g.parts) == 0 {
		g.start = at
	}
	g.open, g.early = &t, len(g.parts)
}

func (g *gathering) finish() {
	switch {
	case g.open != nil:
		g.emit(g.start, g.best())
	case len(g.parts) > 0:
		g.emit(g.start, Message{Frames: len(g.parts), Err: incomplete("its first frame is missing")})
	}
	g.open, g.parts = nil, nil
}

func (t *transfer) same(other *transfer) bool {
	return t.length == other.length && bytes.Equal(t.first, other.first)
}

// best joins the message of all its frames or, where frames in front of the first one do not fit, of those
// behind it: they may be the rest of an earlier message.
func (g *gathering) best() Message {
	m := g.open.sorted(g.parts)
	if m.Err == nil || g.early == 0 {
		return m
	}
	if later := g.open.sorted(g.parts[g.early:]); later.Err == nil || len(later.Data) > len(m.Data) {
		return later
	}
	return m
}
