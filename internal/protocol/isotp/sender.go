package isotp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// MaxWaits is how many FC.WAIT in a row a [Sender] takes before it gives up (N_WFTmax of the receiver
// is not known to the sender; an ECU that needs longer is not going to take the message).
const MaxWaits = 32

// The ends of a transfer other than success.
var (
	ErrReceiverOverflow = errors.New("the ECU cannot take a message of this length")
	ErrTooManyWaits     = errors.New("the ECU asked to wait too often")
)

// Sender cuts one message into frames and keeps the state of its flow control.
type Sender struct {
	format   Format
	rest     []byte // what is not sent yet
	sequence byte
	first    []byte // the frame that begins the transfer
	block    int    // frames left in the block; negative is no limit
	held     bool   // waiting for flow control
	gap      time.Duration
	waits    int
	err      error
}

// NewSender prepares a message. Its data is not copied and must stay as it is.
func NewSender(data []byte, f Format) (*Sender, error) {
	if len(data) == 0 {
		return nil, errors.New("send message: it is empty")
	}
	if uint64(len(data)) > 1<<32-1 {
		return nil, fmt.Errorf("send message: %d bytes are too long", len(data))
	}
	s := &Sender{format: f, rest: data}
	s.first = s.open()
	return s, nil
}

// open builds the single or first frame and leaves in rest what follows it.
func (s *Sender) open() []byte {
	f, n := s.format, len(s.rest)
	short, long := f.singleRoom()
	frame := f.appendAddress(make([]byte, 0, f.size()))
	switch {
	case n <= short:
		frame = append(frame, byte(n))
	case n <= long:
		frame = append(frame, 0, byte(n))
	case n <= MaxClassic:
		frame = append(frame, byte(First)<<4|byte(n>>8), byte(n))
	default:
		frame = append(frame, byte(First)<<4, 0)
		frame = binary.BigEndian.AppendUint32(frame, uint32(n))
	}
	taken := min(n, f.size()-len(frame))
	frame = append(frame, s.rest[:taken]...)
	s.rest = s.rest[taken:]
	s.sequence, s.held = 1, len(s.rest) > 0
	return f.appendPadding(frame, 0)
}

// First returns the single or first frame's data bytes. After a first frame, flow control must come
// ([Sender.Control]) before [Sender.Next] gives more.
func (s *Sender) First() []byte { return s.first }

// Done tells that every frame was handed out.
func (s *Sender) Done() bool { return len(s.rest) == 0 }

// Control takes the receiver's flow control. Once the last frame was handed out it changes nothing.
func (s *Sender) Control(fc FlowControl) error {
	if s.err != nil || s.Done() || !s.held {
		return s.err // flow control in the middle of a block is ignored (clause 9.8.3)
	}
	switch fc.Status {
	case ContinueToSend:
		s.held, s.waits, s.gap = false, 0, fc.Gap()
		s.block = int(fc.BlockSize)
		if s.block == 0 {
			s.block = -1
		}
	case Wait:
		if s.waits++; s.waits > MaxWaits {
			s.err = ErrTooManyWaits
		}
	case Overflow:
		s.err = ErrReceiverOverflow
	default:
		s.err = fmt.Errorf("%w: flow status %X", ErrFrame, byte(fc.Status))
	}
	return s.err
}

// Next returns the next consecutive frame's data bytes and the gap to keep after it before the one
// behind it; nil when the transfer is done, has failed, or waits for flow control.
func (s *Sender) Next() (frame []byte, gap time.Duration) {
	if s.err != nil || s.held || s.Done() {
		return nil, 0
	}
	f := s.format
	frame = f.appendAddress(make([]byte, 0, f.size()))
	frame = append(frame, byte(Consecutive)<<4|s.sequence)
	taken := min(len(s.rest), f.size()-len(frame))
	frame = append(frame, s.rest[:taken]...)
	s.rest = s.rest[taken:]
	s.sequence = (s.sequence + 1) & 0x0F
	if s.block > 0 {
		s.block--
		s.held = s.block == 0 && !s.Done()
	}
	return f.appendPadding(frame, 0), s.gap
}

// Segment returns all frames of a message at once, for adapters that do flow control themselves.
func Segment(data []byte, f Format) ([][]byte, error) {
	s, err := NewSender(data, f)
	if err != nil {
		return nil, err
	}
	frames := [][]byte{s.First()}
	s.held, s.block = false, -1
	for frame, _ := s.Next(); frame != nil; frame, _ = s.Next() {
		frames = append(frames, frame)
	}
	return frames, nil
}
