package iso13400

import (
	"errors"
	"fmt"
)

// Payload is what stands behind a header. The concrete types are HeaderNack, Identify, IdentifyEID,
// IdentifyVIN, Announcement, Activation, ActivationReply, AliveCheck, AliveCheckReply, EntityStatus,
// EntityStatusReply, PowerMode, PowerModeReply, Diagnostic, DiagnosticAck, DiagnosticNack and Unknown.
type Payload interface {
	Type() Type
	// Append appends the bytes of the payload.
	Append(b []byte) []byte
}

// Message is one DoIP message.
type Message struct {
	Version Version
	Payload Payload
}

// Marshal returns the bytes of the message.
func (m Message) Marshal() []byte {
	b := make([]byte, HeaderSize, HeaderSize+64)
	b = m.Payload.Append(b)
	Header{m.Version, m.Payload.Type(), uint32(len(b) - HeaderSize)}.Append(b[:0])
	return b
}

// Parse reads one message, as in a UDP datagram; what follows it is an error. The slices of the result
// share memory with b. Errors are [HeaderError] where the standard has an answer to the mistake.
func Parse(b []byte) (Message, error) {
	h, err := ParseHeader(b)
	if err != nil {
		return Message{}, err
	}
	if int64(len(b)-HeaderSize) != int64(h.Length) {
		return Message{}, HeaderError{NackLength, fmt.Sprintf("%d bytes announced, %d came", h.Length, len(b)-HeaderSize)}
	}
	p, err := parsePayload(h, b[HeaderSize:])
	return Message{h.Version, p}, err
}

// Unknown is a payload of a type that this package does not know.
type Unknown struct {
	Of   Type
	Data []byte
}

// Type returns the type that the header had.
func (u Unknown) Type() Type { return u.Of }

// Append appends the data as it is.
func (u Unknown) Append(b []byte) []byte { return append(b, u.Data...) }

// HeaderNack is the generic header negative acknowledge.
type HeaderNack struct{ Code Nack }

// Type returns 0000.
func (HeaderNack) Type() Type { return TypeHeaderNack }

// Append appends one byte.
func (n HeaderNack) Append(b []byte) []byte { return append(b, byte(n.Code)) }

// parsePayload reads what stands behind a header.
func parsePayload(h Header, b []byte) (Payload, error) {
	if err := h.CheckLength(); err != nil {
		if e, ok := errors.AsType[HeaderError](err); ok && e.Nack == NackUnknownType {
			return Unknown{h.Type, b}, nil
		}
		return nil, err
	}
	switch h.Type {
	case TypeHeaderNack:
		return HeaderNack{Nack(b[0])}, nil
	case TypeIdentify:
		return Identify{}, nil
	case TypeIdentifyEID:
		return IdentifyEID{EntityID(b)}, nil
	case TypeIdentifyVIN:
		return IdentifyVIN{[17]byte(b)}, nil
	case TypeAnnouncement:
		return parseAnnouncement(b), nil
	case TypeActivation:
		return parseActivation(b), nil
	case TypeActivationReply:
		return parseActivationReply(b), nil
	case TypeAliveCheck:
		return AliveCheck{}, nil
	case TypeAliveCheckReply:
		return AliveCheckReply{address(b)}, nil
	case TypeEntityStatus:
		return EntityStatus{}, nil
	case TypeEntityStatusReply:
		return parseEntityStatusReply(b), nil
	case TypePowerMode:
		return PowerMode{}, nil
	case TypePowerModeReply:
		return PowerModeReply{Power(b[0])}, nil
	}
	return parseDiagnostic(h.Type, b), nil
}
