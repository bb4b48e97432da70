package iso13400

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// HeaderSize is the length of the generic header in bytes.
const HeaderSize = 8

// Header is the generic header: version, its inverse, payload type and length.
type Header struct {
	Version Version
	Type    Type
	Length  uint32 // of the payload in bytes
}

// Append appends the eight bytes of the header.
func (h Header) Append(b []byte) []byte {
	b = append(b, byte(h.Version), ^byte(h.Version))
	b = binary.BigEndian.AppendUint16(b, uint16(h.Type))
	return binary.BigEndian.AppendUint32(b, h.Length)
}

// ParseHeader reads a header. The error is a [HeaderError] with code [NackPattern] when the
// synchronization pattern does not fit, or one of missing bytes.
func ParseHeader(b []byte) (Header, error) {
	if len(b) < HeaderSize {
		return Header{}, fmt.Errorf("header has %d of %d bytes", len(b), HeaderSize)
	}
	if b[0] != ^b[1] {
		return Header{}, HeaderError{NackPattern, fmt.Sprintf("version %02X with inverse %02X", b[0], b[1])}
	}
	return Header{
		Version: Version(b[0]),
		Type:    Type(binary.BigEndian.Uint16(b[2:])),
		Length:  binary.BigEndian.Uint32(b[4:]),
	}, nil
}

// Nack is the code of a generic header negative acknowledge.
type Nack byte

// The codes (table "generic DoIP header NACK codes").
const (
	NackPattern     Nack = 0x00 // the receiver closes the socket
	NackUnknownType Nack = 0x01
	NackTooLarge    Nack = 0x02
	NackNoMemory    Nack = 0x03
	NackLength      Nack = 0x04 // the receiver closes the socket
)

// String names the code.
func (n Nack) String() string {
	switch n {
	case NackPattern:
		return "incorrect pattern format"
	case NackUnknownType:
		return "unknown payload type"
	case NackTooLarge:
		return "message too large"
	case NackNoMemory:
		return "out of memory"
	case NackLength:
		return "invalid payload length"
	}
	return fmt.Sprintf("reserved code %02X", byte(n))
}

// Closes tells that the receiver of the message closes the socket after this answer.
func (n Nack) Closes() bool { return n == NackPattern || n == NackLength }

// HeaderError says what is wrong with a message, and how the standard answers it.
type HeaderError struct {
	Nack   Nack
	Detail string
}

func (e HeaderError) Error() string {
	if e.Detail == "" {
		return "DoIP header: " + e.Nack.String()
	}
	return "DoIP header: " + e.Nack.String() + ": " + e.Detail
}

// sizes holds the permitted lengths of the payloads whose length is fixed; diagnostic messages have at
// least the first.
var sizes = map[Type][]uint32{
	TypeHeaderNack:        {1},
	TypeIdentify:          {0},
	TypeIdentifyEID:       {6},
	TypeIdentifyVIN:       {17},
	TypeAnnouncement:      {32, 33},
	TypeActivation:        {7, 11},
	TypeActivationReply:   {9, 13},
	TypeAliveCheck:        {0},
	TypeAliveCheckReply:   {2},
	TypeEntityStatus:      {0},
	TypeEntityStatusReply: {3, 7},
	TypePowerMode:         {0},
	TypePowerModeReply:    {1},
}

// CheckLength tells whether a payload of this type may have this length; the error is a [HeaderError].
func (h Header) CheckLength() error {
	switch h.Type {
	case TypeDiagnostic, TypeDiagnosticAck, TypeDiagnosticNack:
		if h.Length < 5 {
			return HeaderError{NackLength, fmt.Sprintf("%s of %d bytes", h.Type, h.Length)}
		}
		return nil
	}
	allowed, known := sizes[h.Type]
	if !known {
		return HeaderError{NackUnknownType, h.Type.String()}
	}
	if slices.Contains(allowed, h.Length) {
		return nil
	}
	return HeaderError{NackLength, fmt.Sprintf("%s of %d bytes", h.Type, h.Length)}
}
