package iso13400

import (
	"errors"
	"fmt"
)

// ErrMore says that the stream does not hold a whole message yet.
var ErrMore = errors.New("the message is not complete")

// DefaultLimit bounds one payload in bytes: many times the longest answer that a scan tool asks for.
const DefaultLimit = 1 << 18

// Stream cuts the bytes of a TCP connection into messages. It keeps one message at most besides what was
// pushed and not yet taken: a payload over the limit is skipped as it comes. The zero Stream is ready.
type Stream struct {
	Limit uint32 // of one payload in bytes; 0 for [DefaultLimit]

	data   []byte
	skip   uint64
	broken error
}

// Push adds received bytes; take the messages with [Stream.Next] until [ErrMore] before the next Push.
func (s *Stream) Push(b []byte) {
	if s.broken != nil {
		return
	}
	if s.skip > 0 {
		n := min(s.skip, uint64(len(b)))
		s.skip -= n
		b = b[n:]
	}
	s.data = append(s.data, b...)
}

// Next takes the next message; its slices are its own. Errors: [ErrMore]; a [HeaderError] for a message
// that is left out, after which the stream goes on; a HeaderError with [NackPattern], which every further
// call repeats, because nobody knows where the next message begins.
func (s *Stream) Next() (Message, error) {
	if s.broken != nil {
		return Message{}, s.broken
	}
	if len(s.data) < HeaderSize {
		return Message{}, ErrMore
	}
	h, err := ParseHeader(s.data)
	if err != nil {
		s.broken, s.data = err, nil
		return Message{}, err
	}
	limit := s.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	if h.Length > limit {
		s.leaveOut(h)
		return Message{}, HeaderError{NackTooLarge, fmt.Sprintf("%s of %d bytes", h.Type, h.Length)}
	}
	size := HeaderSize + int(h.Length)
	if len(s.data) < size {
		return Message{}, ErrMore
	}
	payload := append([]byte(nil), s.data[HeaderSize:size]...)
	s.data = s.data[size:]
	p, err := parsePayload(h, payload)
	return Message{h.Version, p}, err
}

// leaveOut drops a message of which only a part may be there.
func (s *Stream) leaveOut(h Header) {
	size := uint64(HeaderSize) + uint64(h.Length)
	there := min(size, uint64(len(s.data)))
	s.data = s.data[there:]
	s.skip = size - there
}
