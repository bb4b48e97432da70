package link

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// NegativeReply is a negative response message (7F SID NRC, ISO 14229-1 clause 8.4). It is an error.
type NegativeReply struct {
	ECU     obd.Address
	Service obd.Service
	Code    byte
}

func (n NegativeReply) Error() string {
	return fmt.Sprintf("ECU %s refused service %02X: %s (NRC %02X)", n.ECU, uint8(n.Service), NRCName(n.Code), n.Code)
}

// Reason sorts the response code into the reasons of an unread item.
func (n NegativeReply) Reason() obd.Reason {
	switch n.Code {
	case 0x11, 0x12, 0x31, 0x7E, 0x7F:
		return obd.NotSupported
	case NRCResponsePending:
		return obd.StillPending
	}
	return obd.Refused
}

// The response codes that links act on themselves.
const (
	NRCBusyRepeat      = 0x21 // busyRepeatRequest: send the request again
	NRCWrongLength     = 0x13 // incorrectMessageLengthOrInvalidFormat
	NRCTooLong         = 0x14 // responseTooLong
	NRCOutOfRange      = 0x31 // requestOutOfRange
	NRCResponsePending = 0x78 // requestCorrectlyReceived-ResponsePending: keep reading
)

var nrcNames = map[byte]string{
	0x10: "general reject",
	0x11: "service not supported",
	0x12: "sub-function not supported",
	0x13: "incorrect message length or invalid format",
	0x14: "response too long",
	0x21: "busy, repeat request",
	0x22: "conditions not correct",
	0x23: "routine not complete",
	0x24: "request sequence error",
	0x25: "no response from subnet component",
	0x26: "failure prevents execution",
	0x31: "request out of range",
	0x33: "security access denied",
	0x34: "authentication required",
	0x35: "invalid key",
	0x36: "exceeded number of attempts",
	0x37: "required time delay not expired",
	0x38: "secure data transmission required",
	0x39: "secure data transmission not allowed",
	0x3A: "secure data verification failed",
	0x50: "certificate verification failed: invalid time period",
	0x51: "certificate verification failed: invalid signature",
	0x52: "certificate verification failed: invalid chain of trust",
	0x53: "certificate verification failed: invalid type",
	0x54: "certificate verification failed: invalid format",
	0x55: "certificate verification failed: invalid content",
	0x56: "certificate verification failed: invalid scope",
	0x57: "certificate verification failed: invalid certificate",
	0x58: "ownership verification failed",
	0x59: "challenge calculation failed",
	0x5A: "setting access rights failed",
	0x5B: "session key creation or derivation failed",
	0x5C: "configuration data usage failed",
	0x5D: "deauthentication failed",
	0x70: "upload or download not accepted",
	0x71: "transfer data suspended",
	0x72: "general programming failure",
	0x73: "wrong block sequence counter",
	0x78: "response pending",
	0x7E: "sub-function not supported in active session",
	0x7F: "service not supported in active session",
	0x81: "engine speed too high",
	0x82: "engine speed too low",
	0x83: "engine is running",
	0x84: "engine is not running",
	0x85: "engine run time too low",
	0x86: "temperature too high",
	0x87: "temperature too low",
	0x88: "vehicle speed too high",
	0x89: "vehicle speed too low",
	0x8A: "throttle or pedal too high",
	0x8B: "throttle or pedal too low",
	0x8C: "transmission range not in neutral",
	0x8D: "transmission range not in gear",
	0x8F: "brake switch not closed",
	0x90: "shifter lever not in park",
	0x91: "torque converter clutch locked",
	0x92: "voltage too high",
	0x93: "voltage too low",
	0x94: "resource temporarily not available",
}

// NRCName names a negative response code (ISO 14229-1:2020 annex A).
func NRCName(code byte) string {
	if name, ok := nrcNames[code]; ok {
		return name
	}
	switch {
	case code >= 0xF0 && code <= 0xFE:
		return "vehicle manufacturer specific condition not correct"
	case code >= 0x95 && code <= 0xEF:
		return "reserved for specific conditions not correct"
	}
	return "reserved response code"
}
