package isotp

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Kind is the type of a frame: the high nibble of its protocol control information (PCI).
type Kind uint8

// The frame types (ISO 15765-2 table 9).
const (
	Single      Kind = 0
	First       Kind = 1
	Consecutive Kind = 2
	Flow        Kind = 3
)

// Frame is one frame's protocol control information and its part of the message.
type Frame struct {
	Kind      Kind
	Extension byte // the address byte of [Extended] addressing
	Length    int  // of the whole message, for Single and First
	Sequence  byte // 0 to 15, for Consecutive
	Flow      FlowControl
	// Data is the frame's part of the message and shares memory with the frame: cut to Length for
	// Single, otherwise with padding still on it.
	Data []byte
	// Size is the frame's data length with address and PCI; every consecutive frame of a message but
	// the last is as long as its first frame.
	Size int
}

// The ways in which a frame is not one of ISO 15765-2.
var (
	ErrFrame = errors.New("not an ISO 15765-2 frame")
	// ErrShort comes with the frame's fields filled in: the frame lost bytes of the message.
	ErrShort = errors.New("frame ends before its message data")
)

// Parse reads the data bytes of one CAN frame.
func Parse(data []byte, a Addressing) (Frame, error) {
	f := Frame{Size: len(data)}
	if !validSize(len(data)) {
		return f, fmt.Errorf("%w: %d data bytes", ErrFrame, len(data))
	}
	if len(data) < a.bytes()+1 {
		return f, fmt.Errorf("%w: no control information", ErrFrame)
	}
	if a == Extended {
		f.Extension = data[0]
		data = data[1:]
	}
	f.Kind = Kind(data[0] >> 4)
	switch f.Kind {
	case Single:
		return parseSingle(f, data)
	case First:
		return parseFirst(f, data)
	case Consecutive:
		f.Sequence = data[0] & 0x0F
		f.Data = data[1:]
		return f, nil
	case Flow:
		return parseFlow(f, data)
	}
	return f, fmt.Errorf("%w: control byte %02X", ErrFrame, data[0])
}

// parseSingle reads a single frame: the length in the low nibble on frames of up to 8 bytes, in the
// byte behind it on longer ones (clause 9.6.2).
func parseSingle(f Frame, data []byte) (Frame, error) {
	f.Length, f.Data = int(data[0]&0x0F), data[1:]
	if f.Size > 8 {
		if f.Length != 0 {
			return f, fmt.Errorf("%w: short length on a CAN FD frame", ErrFrame)
		}
		f.Length, f.Data = int(data[1]), data[2:]
	}
	if f.Length == 0 || f.Size <= 8 && f.Length > 8-(f.Size-len(data))-1 {
		return f, fmt.Errorf("%w: single frame of length %d", ErrFrame, f.Length)
	}
	if f.Length > len(f.Data) {
		return f, ErrShort
	}
	f.Data = f.Data[:f.Length]
	return f, nil
}

// parseFirst reads a first frame, whose length is 12 bits, or 32 bits behind a zero (clause 9.6.3).
func parseFirst(f Frame, data []byte) (Frame, error) {
	if len(data) < 2 {
		return f, fmt.Errorf("%w: first frame without a length", ErrFrame)
	}
	f.Length, f.Data = int(data[0]&0x0F)<<8|int(data[1]), data[2:]
	if f.Length == 0 {
		if len(data) < 6 {
			return f, fmt.Errorf("%w: first frame without its long length", ErrFrame)
		}
		long := binary.BigEndian.Uint32(data[2:])
		if long <= MaxClassic || long > 1<<31-1 {
			return f, fmt.Errorf("%w: long length %d", ErrFrame, long)
		}
		f.Length, f.Data = int(long), data[6:]
	}
	// What fits a single frame must not come as a first frame; one byte of lenience, because
	// some ECUs count the single frame's room as with an address byte.
	if f.Length < 7 {
		return f, fmt.Errorf("%w: first frame of length %d", ErrFrame, f.Length)
	}
	if f.Size < 8 {
		return f, ErrShort
	}
	f.Data = f.Data[:min(len(f.Data), f.Length)]
	return f, nil
}
