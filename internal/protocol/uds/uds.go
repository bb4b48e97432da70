// Package uds holds the messages of ISO 14229-1:2020 (Unified Diagnostic Services): requests as bytes,
// replies as values. It sends nothing and waits for nothing.
//
// Each service has a file with its request and its reply. [Interpret] tells of any reply whether it is
// positive, well-formed and an answer to its request, and what it says. Of the services of programming
// (34 to 38), of memory (23, 3D) and of secured data (84) only replies exist, for logs of other programs:
// no request of theirs can be built here.
package uds

import (
	"encoding/hex"
	"errors"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// The services (ISO 14229-1 table 2).
const (
	SessionControl     obd.Service = 0x10
	ECUReset           obd.Service = 0x11
	ClearInformation   obd.Service = 0x14
	ReadDTC            obd.Service = 0x19
	ReadByIdentifier   obd.Service = 0x22
	ReadScaling        obd.Service = 0x24
	SecurityAccess     obd.Service = 0x27
	Communication      obd.Service = 0x28
	Authentication     obd.Service = 0x29
	ReadPeriodic       obd.Service = 0x2A
	DefineIdentifier   obd.Service = 0x2C
	WriteByIdentifier  obd.Service = 0x2E
	InputOutputControl obd.Service = 0x2F
	RoutineControl     obd.Service = 0x31
	TesterPresent      obd.Service = 0x3E
	AccessTiming       obd.Service = 0x83
	DTCSetting         obd.Service = 0x85
	ResponseOnEvent    obd.Service = 0x86
	LinkControl        obd.Service = 0x87
)

// SuppressPositive is the bit of a sub-function that asks for silence instead of a positive reply
// (clause 8.2.2). A negative one still comes.
const SuppressPositive = 0x80

// Suppress returns the request with [SuppressPositive] set. The service must have a sub-function.
func Suppress(request []byte) []byte {
	if len(request) < 2 || !HasSubFunction(obd.Service(request[0])) {
		return request
	}
	quiet := append([]byte(nil), request...)
	quiet[1] |= SuppressPositive
	return quiet
}

// HasSubFunction tells whether the byte behind the service is a sub-function.
func HasSubFunction(s obd.Service) bool {
	switch s {
	case SessionControl, ECUReset, ReadDTC, SecurityAccess, Communication, Authentication, DefineIdentifier,
		RoutineControl, TesterPresent, AccessTiming, DTCSetting, ResponseOnEvent, LinkControl:
		return true
	}
	return false
}

var (
	// ErrMalformed marks a reply that breaks the standard.
	ErrMalformed = errors.New("reply breaks ISO 14229-1")
	// ErrUnexpected marks a reply that is not an answer to the request.
	ErrUnexpected = errors.New("reply does not answer the request")
)

// Hex are bytes that are written in hexadecimal.
type Hex []byte

func (h Hex) String() string { return strings.ToUpper(hex.EncodeToString(h)) }

// MarshalText writes the digits without blanks.
func (h Hex) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads digits, with or without blanks.
func (h *Hex) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(strings.ReplaceAll(string(text), " ", ""))
	*h = b
	return err
}
