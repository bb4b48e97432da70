package iso13400

import (
	"encoding/binary"
	"fmt"
)

// Diagnostic is a diagnostic message: a request or reply of ISO 14229-1 between two logical addresses.
type Diagnostic struct {
	Source Address
	Target Address
	Data   []byte
}

// Type returns 8001.
func (Diagnostic) Type() Type { return TypeDiagnostic }

// Append appends the addresses and the data.
func (d Diagnostic) Append(b []byte) []byte {
	return append(appendPair(b, d.Source, d.Target), d.Data...)
}

// DiagnosticAck says that a diagnostic message was taken and is passed on.
type DiagnosticAck struct {
	Source Address // of the control unit that was asked
	Target Address // of the tester
	Code   byte    // 0
	// Previous is the beginning of the message that is acknowledged, where the entity repeats it.
	Previous []byte
}

// Type returns 8002.
func (DiagnosticAck) Type() Type { return TypeDiagnosticAck }

// Append appends the addresses, the code and what is repeated.
func (a DiagnosticAck) Append(b []byte) []byte {
	return append(append(appendPair(b, a.Source, a.Target), a.Code), a.Previous...)
}

// DiagnosticNack says that a diagnostic message was not passed on.
type DiagnosticNack struct {
	Source   Address
	Target   Address
	Code     DiagnosticCode
	Previous []byte
}

// Type returns 8003.
func (DiagnosticNack) Type() Type { return TypeDiagnosticNack }

// Append appends the addresses, the code and what is repeated.
func (n DiagnosticNack) Append(b []byte) []byte {
	return append(append(appendPair(b, n.Source, n.Target), byte(n.Code)), n.Previous...)
}

func appendPair(b []byte, source, target Address) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(source))
	return binary.BigEndian.AppendUint16(b, uint16(target))
}

func parseDiagnostic(t Type, b []byte) Payload {
	source, target := address(b), address(b[2:])
	switch t {
	case TypeDiagnosticAck:
		return DiagnosticAck{source, target, b[4], rest(b[5:])}
	case TypeDiagnosticNack:
		return DiagnosticNack{source, target, DiagnosticCode(b[4]), rest(b[5:])}
	}
	return Diagnostic{source, target, b[4:]}
}

func rest(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

// DiagnosticCode is the reason of a negative acknowledgement.
type DiagnosticCode byte

// The codes (table "diagnostic message negative acknowledge codes").
const (
	InvalidSource     DiagnosticCode = 0x02
	UnknownTarget     DiagnosticCode = 0x03
	MessageTooLarge   DiagnosticCode = 0x04
	OutOfMemory       DiagnosticCode = 0x05
	TargetUnreachable DiagnosticCode = 0x06
	UnknownNetwork    DiagnosticCode = 0x07
	TransportError    DiagnosticCode = 0x08
)

// String names the code.
func (c DiagnosticCode) String() string {
	switch c {
	case InvalidSource:
		return "invalid source address"
	case UnknownTarget:
		return "unknown target address"
	case MessageTooLarge:
		return "diagnostic message too large"
	case OutOfMemory:
		return "out of memory"
	case TargetUnreachable:
		return "target unreachable"
	case UnknownNetwork:
		return "unknown network"
	case TransportError:
		return "transport protocol error"
	}
	return fmt.Sprintf("reserved code %02X", byte(c))
}
