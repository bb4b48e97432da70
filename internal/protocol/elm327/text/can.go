package text

import (
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// canFrame is one printed CAN frame.
type canFrame struct {
	from obd.Address
	data []byte
}

// canReader joins printed CAN frames to messages.
type canReader struct {
	format    Format
	collector isotp.Collector
	digits    []byte
	marks     []mark
}

// mark remembers that an ECU's line was flagged by the adapter.
type mark struct {
	from obd.Address
	err  Condition
	used bool
}

// readCAN reads lines that show the control byte of ISO 15765-2: headers on, or raw.
func readCAN(lines []Line, f Format) []link.Reply {
	r := canReader{format: f, digits: make([]byte, 0, 64)}
	if f.Extended {
		r.collector.Addressing = isotp.Extended
	}
	for i := 0; i < len(lines); i++ {
		if i+1 < len(lines) && r.torn(lines[i], lines[i+1]) {
			i++
			continue
		}
		r.line(lines[i])
	}
	return r.replies()
}

func (r *canReader) line(l Line) {
	digits, ok := appendDigits(r.digits[:0], l.Text)
	r.digits = digits
	if ok {
		r.read(digits, firstWord(l.Text), l.Mark)
	}
}

// read takes the frames of one line.
func (r *canReader) read(digits []byte, word int, flag Condition) {
	for len(digits) > 0 {
		frame, rest, ok := splitFrame(digits, word, r.format)
		if !ok {
			return
		}
		r.add(frame, flag)
		digits = rest
	}
}

// add hands a frame to the collector. A flagged frame is not data; its message will be incomplete.
func (r *canReader) add(f canFrame, flag Condition) {
	if flag != None {
		from := f.from
		if r.format.Extended && len(f.data) > 0 {
			from = from.WithExtension(f.data[0])
		}
		r.marks = append(r.marks, mark{from: from, err: flag})
		return
	}
	_ = r.collector.Add(f.from, f.data) // what is no frame of a message is noise on the line
}

// replies ends the answer: whole messages, broken ones, and ECUs of which only flagged lines came.
func (r *canReader) replies() []link.Reply {
	messages := r.collector.Messages()
	out := make([]link.Reply, 0, len(messages)+len(r.marks))
	for _, m := range messages {
		reply := link.Reply{ECU: m.From, Data: m.Data, Frames: m.Frames, Err: m.Err}
		if m.Err != nil {
			forgiveFill(&reply)
			for i := range r.marks {
				if r.marks[i].from == m.From && reply.Err != nil {
					reply.Err = flagged(r.marks[i].err, m.Err)
					r.marks[i].used = true
				}
			}
		}
		out = append(out, reply)
	}
	for i, m := range r.marks {
		first := slices.IndexFunc(r.marks, func(o mark) bool { return o.from == m.from && !o.used }) == i
		if !m.used && first {
			out = append(out, link.Reply{ECU: m.from, Frames: 1, Err: flagged(m.err, nil)})
		}
	}
	return out
}

// forgiveFill completes a list of codes whose announced length counts fill bytes that never came: the
// message's own count (SAE J1979 on ISO 15765-4: service, number of codes, two bytes each) says that
// every code is there.
func forgiveFill(r *link.Reply) {
	if len(r.Data) < 2 || !isCodes(r.Data[0]) {
		return
	}
	if whole := 2 + 2*int(r.Data[1]); len(r.Data) >= whole {
		r.Data, r.Err = r.Data[:whole], nil
	}
}

// isCodes tells the positive responses of services 03, 07 and 0A.
func isCodes(service byte) bool { return service == 0x43 || service == 0x47 || service == 0x4A }
