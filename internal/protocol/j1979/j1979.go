// Package j1979 turns the bytes of SAE J1979 / ISO 15031-5 replies into words and back: services 01 to 0A on every
// line that they run on.
//
// Every function takes a reply from its response service identifier on (request + 0x40), as
// link.Reply carries it, and takes the protocol where the line changes the shape. What could be read before a
// defect is returned together with the error.
package j1979

import (
	"errors"
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// ErrMalformed says that a reply breaks the standard; every error of this package wraps it.
var ErrMalformed = errors.New("malformed reply")

// positive is added to a service identifier in a positive response (ISO 14229-1 clause 8.3).
const positive = 0x40

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrMalformed}, args...)...)
}

// body returns what follows the response service identifier of one of the services.
func body(data []byte, services ...obd.Service) ([]byte, error) {
	if len(data) == 0 {
		return nil, malformed("no bytes")
	}
	for _, s := range services {
		if data[0] == byte(s)+positive {
			return data[1:], nil
		}
	}
	return nil, malformed("%02X is not a reply to service %02X", data[0], uint8(services[0]))
}

// isPadding tells that b is nothing but one of the fill bytes of CAN frames, repeated.
func isPadding(b []byte) bool {
	for _, c := range b {
		if c != b[0] {
			return false
		}
	}
	if len(b) == 0 {
		return true
	}
	switch b[0] {
	case 0x00, 0x55, 0xAA, 0xCC, 0xFF:
		return true
	}
	return false
}

// countsItems tells that replies of the line carry a count byte: all that go by ISO 15765-2 or ISO 13400.
func countsItems(p obd.Protocol) bool { return p.IsCAN() || p == obd.DoIP }

// isOlder tells the lines without a transport layer.
func isOlder(p obd.Protocol) bool { return p.IsKLine() || p.IsJ1850() }
