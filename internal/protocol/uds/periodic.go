package uds

import "fmt"

// The transmission modes of service 2A (table 165).
const (
	SendSlow    = 0x01
	SendMedium  = 0x02
	SendFast    = 0x03
	StopSending = 0x04
)

// periodicBase is the range of identifiers whose low byte service 2A takes.
const periodicBase = 0xF200

// Periodic asks an ECU to send identifiers of the range F2xx by itself (service 2A), or to stop: without
// identifiers it stops all.
func Periodic(mode byte, low ...byte) []byte {
	return append([]byte{byte(ReadPeriodic), mode}, low...)
}

// ParsePeriodic reads one message that an ECU sent by itself: the low byte of the identifier, then its
// data. Some ECUs send it as a positive reply, behind 6A.
func ParsePeriodic(message []byte) (Identifier, error) {
	if len(message) > 2 && message[0] == byte(ReadPeriodic)+0x40 {
		message = message[1:]
	}
	if len(message) < 2 {
		return Identifier{}, fmt.Errorf("%w: periodic data of %d bytes", ErrMalformed, len(message))
	}
	return Identifier{DID: periodicBase | uint16(message[0]), Data: Hex(message[1:])}, nil
}
