// Package kwp2000 reads and builds the messages of ISO 14230-2 (KWP2000): one to four header bytes,
// up to 255 data bytes, an eight-bit sum.
package kwp2000

import (
	"errors"
	"fmt"
)

// Mode is how a message is addressed: the two top bits of its format byte (ISO 14230-2 clause 4.2.1).
type Mode uint8

// The address modes.
const (
	NoAddress  Mode = 0 // the header has no target and source
	CARB       Mode = 1 // the fixed header of ISO 9141-2, without a length: 68 6A xx, 48 6B xx
	Physical   Mode = 2
	Functional Mode = 3
)

// Message is one message as it stands on the line.
type Message struct {
	Mode   Mode
	Target byte // 0 in mode NoAddress
	Source byte // 0 in mode NoAddress
	Data   []byte
	// Checksum is the sum as received; Sum tells what it is worth.
	Checksum byte
	Sum      Check
}

// Check is what is known about a message's checksum.
type Check uint8

// The states of a checksum.
const (
	Missing Check = iota // the line ends before it
	Wrong
	Right
)

// ErrLine says that a line is no message of ISO 14230-2.
var ErrLine = errors.New("not an ISO 14230 message")

// maxCARB is the longest CARB message: 3 header bytes, 7 of data (SAE J1979), the checksum.
const maxCARB = 11

// Sum returns the checksum of a message: the sum of all its bytes, header included, modulo 256.
func Sum(b []byte) byte {
	var s byte
	for _, x := range b {
		s += x
	}
	return s
}

// Parse reads one line with header and checksum. The header's length decides where the data ends;
// bytes behind the checksum are dropped. Data shares memory with line. A wrong checksum is
// reported in the message, not as an error.
func Parse(line []byte) (Message, error) {
	if len(line) < 2 {
		return Message{}, fmt.Errorf("%w: %d bytes", ErrLine, len(line))
	}
	m := Message{Mode: Mode(line[0] >> 6)}
	if m.Mode == CARB {
		return parseCARB(m, line)
	}
	header, length := 1, int(line[0]&0x3F)
	if m.Mode != NoAddress {
		header = 3
	}
	if length == 0 {
		header++
	}
	if len(line) <= header {
		return m, fmt.Errorf("%w: header of %d bytes is cut", ErrLine, header)
	}
	if length == 0 {
		length = int(line[header-1])
	}
	if m.Mode != NoAddress {
		m.Target, m.Source = line[1], line[2]
	}
	if length == 0 || len(line) < header+length {
		return m, fmt.Errorf("%w: %d data bytes of %d", ErrLine, len(line)-header, length)
	}
	end := header + length
	if len(line) == end && length > 1 && Sum(line[:end-1]) == line[end-1] {
		end-- // Volvo's units count the checksum in
	}
	m.Data = line[header:end]
	m.verify(line, end)
	return m, nil
}

// parseCARB reads the message form of ISO 9141-2, whose length only the line's end tells.
func parseCARB(m Message, line []byte) (Message, error) {
	if len(line) < 5 {
		return m, fmt.Errorf("%w: %d bytes", ErrLine, len(line))
	}
	m.Target, m.Source = line[1], line[2]
	end := len(line) - 1
	m.Data = line[3:end]
	m.verify(line, end)
	if len(line) > maxCARB && m.Sum != Right {
		return m, fmt.Errorf("%w: %d bytes", ErrLine, len(line))
	}
	return m, nil
}

func (m *Message) verify(line []byte, end int) {
	if end >= len(line) {
		return
	}
	m.Checksum, m.Sum = line[end], Wrong
	if Sum(line[:end]) == m.Checksum {
		m.Sum = Right
	}
}

// Append appends the message with header and checksum to dst. Up to 63 data bytes the length stands in
// the format byte, above that in a byte of its own. It fails on more than 255 data bytes, on none, and
// on mode CARB, whose format byte is the caller's affair (package iso9141).
func (m Message) Append(dst []byte) ([]byte, error) {
	n := len(m.Data)
	if n == 0 || n > 255 || m.Mode == CARB || m.Mode > Functional {
		return dst, fmt.Errorf("build message: %d data bytes in address mode %d", n, m.Mode)
	}
	start := len(dst)
	format := byte(m.Mode) << 6
	if n <= 63 {
		format |= byte(n)
	}
	dst = append(dst, format)
	if m.Mode != NoAddress {
		dst = append(dst, m.Target, m.Source)
	}
	if n > 63 {
		dst = append(dst, byte(n))
	}
	dst = append(dst, m.Data...)
	return append(dst, Sum(dst[start:])), nil
}
