// Package iso9141 reads and builds the messages of ISO 9141-2: three header bytes, up to seven data
// bytes, an eight-bit sum.
package iso9141

import (
	"errors"
	"fmt"
)

// The fixed header bytes of OBD on ISO 9141-2 (SAE J1979 table 3).
const (
	RequestType   = 0x68
	RequestTarget = 0x6A
	ReplyType     = 0x48
	ReplyTarget   = 0x6B
	TesterAddress = 0xF1
)

// MaxData is the most data bytes that SAE J1979 puts into one message.
const MaxData = 7

// Message is one message as it stands on the line.
type Message struct {
	Type   byte // 68 for requests, 48 for replies
	Target byte // 6A for requests, 6B for replies
	Source byte // the ECU of a reply
	Data   []byte
	// Checksum is the last byte; Right tells whether it is the sum of the others.
	Checksum byte
	Right    bool
}

// ErrLine says that a line is no message of ISO 9141-2.
var ErrLine = errors.New("not an ISO 9141-2 message")

// Sum returns the checksum of a message: the sum of all its bytes, header included, modulo 256.
func Sum(b []byte) byte {
	var s byte
	for _, x := range b {
		s += x
	}
	return s
}

// Parse reads one line with header and checksum; Data shares memory with it. One stray byte behind a
// right checksum is dropped. A wrong checksum is reported in the message, not as an error, except on a
// line that is longer than SAE J1979 allows: there only a right one tells that it is a message at all.
func Parse(line []byte) (Message, error) {
	if len(line) < 5 {
		return Message{}, fmt.Errorf("%w: %d bytes", ErrLine, len(line))
	}
	end := len(line) - 1
	if end > 4 && Sum(line[:end]) != line[end] && Sum(line[:end-1]) == line[end-1] {
		end--
	}
	m := Message{Type: line[0], Target: line[1], Source: line[2], Data: line[3:end], Checksum: line[end]}
	m.Right = Sum(line[:end]) == m.Checksum
	if len(m.Data) > MaxData && !m.Right {
		return m, fmt.Errorf("%w: %d data bytes", ErrLine, len(m.Data))
	}
	return m, nil
}

// Append appends the message with header and checksum to dst.
func (m Message) Append(dst []byte) []byte {
	start := len(dst)
	dst = append(dst, m.Type, m.Target, m.Source)
	dst = append(dst, m.Data...)
	return append(dst, Sum(dst[start:]))
}
