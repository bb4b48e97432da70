// Package j1850 reads and builds the messages of SAE J1850 (PWM and VPW) with the three-byte header of
// SAE J2178: up to seven data bytes, a CRC, and on PWM an in-frame response behind it.
package j1850

import (
	"errors"
	"fmt"
)

// MaxData is the most data bytes that SAE J1979 puts into one message.
const MaxData = 7

// maxResponse is how many in-frame response bytes are looked for behind the CRC.
const maxResponse = 2

// Message is one message as it stands on the line.
type Message struct {
	Type   byte // priority and type: 48 for replies on VPW, 41 on PWM
	Target byte // 6B for functional replies
	Source byte // the ECU of a reply
	Data   []byte
	// Checksum is the CRC as received; Right tells whether it fits.
	Checksum byte
	Right    bool
	Response []byte // in-frame response (IFR), mostly the acknowledging node's address
}

// ErrLine says that a line is no message of SAE J1850.
var ErrLine = errors.New("not an SAE J1850 message")

// CRC returns the CRC-8 of SAE J1850: polynomial 1D, begun with FF, inverted at the end.
func CRC(b []byte) byte {
	crc := byte(0xFF)
	for _, x := range b {
		crc ^= x
		for range 8 {
			if crc&0x80 != 0 {
				crc = crc<<1 ^ 0x1D
			} else {
				crc <<= 1
			}
		}
	}
	return ^crc
}

// Parse reads one line with header and CRC; Data shares memory with it. When the last byte is not the
// CRC, the bytes before it are tried, for adapters that print the in-frame response. A wrong CRC is
// reported in the message, not as an error, except on a line that is longer than SAE J1979 allows.
func Parse(line []byte) (Message, error) {
	if len(line) < 5 {
		return Message{}, fmt.Errorf("%w: %d bytes", ErrLine, len(line))
	}
	m := Message{Type: line[0], Target: line[1], Source: line[2]}
	for end := len(line) - 1; end >= 4 && end >= len(line)-1-maxResponse; end-- {
		if CRC(line[:end]) == line[end] {
			m.Data, m.Checksum, m.Right, m.Response = line[3:end], line[end], true, line[end+1:]
			return m, nil
		}
	}
	end := len(line) - 1
	m.Data, m.Checksum = line[3:end], line[end]
	if len(m.Data) > MaxData {
		return m, fmt.Errorf("%w: %d data bytes", ErrLine, len(m.Data))
	}
	return m, nil
}

// Append appends the message with header and CRC to dst, without the in-frame response, which its
// receiver adds.
func (m Message) Append(dst []byte) []byte {
	start := len(dst)
	dst = append(dst, m.Type, m.Target, m.Source)
	dst = append(dst, m.Data...)
	return append(dst, CRC(dst[start:]))
}
