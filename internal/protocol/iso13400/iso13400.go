// Package iso13400 is the codec of DoIP, diagnostic communication over Internet Protocol
// (ISO 13400-2:2012 and :2019, clause 7): headers, payloads and the framing of a TCP stream.
package iso13400

import "fmt"

// Ports of ISO 13400-2 (table "supported TCP/UDP ports").
const (
	Port    = 13400 // UDP discovery and TCP data
	PortTLS = 3496  // TCP data over TLS, since the 2019 edition
)

// Version is the protocol version of a header.
type Version byte

// The versions.
const (
	Version2010    Version = 0x01 // ISO/DIS 13400-2:2010
	Version2012    Version = 0x02
	Version2019    Version = 0x03
	VersionDefault Version = 0xFF // of vehicle identification requests, when the vehicle's is not known
)

// String returns the year of the edition.
func (v Version) String() string {
	switch v {
	case Version2010:
		return "2010"
	case Version2012:
		return "2012"
	case Version2019:
		return "2019"
	case VersionDefault:
		return "default"
	}
	return fmt.Sprintf("%02X", byte(v))
}

// Type is a payload type.
type Type uint16

// The payload types (table "overview of DoIP payload types").
const (
	TypeHeaderNack           Type = 0x0000
	TypeIdentify             Type = 0x0001 // vehicle identification request
	TypeIdentifyEID          Type = 0x0002
	TypeIdentifyVIN          Type = 0x0003
	TypeAnnouncement         Type = 0x0004 // and vehicle identification response
	TypeActivation           Type = 0x0005 // routing activation request
	TypeActivationReply      Type = 0x0006
	TypeAliveCheck           Type = 0x0007
	TypeAliveCheckReply      Type = 0x0008
	TypeEntityStatus         Type = 0x4001
	TypeEntityStatusReply    Type = 0x4002
	TypePowerMode            Type = 0x4003
	TypePowerModeReply       Type = 0x4004
	TypeDiagnostic           Type = 0x8001
	TypeDiagnosticAck        Type = 0x8002
	TypeDiagnosticNack       Type = 0x8003
	firstManufacturerPayload Type = 0xF000
)

var typeNames = map[Type]string{
	TypeHeaderNack:        "generic header negative acknowledge",
	TypeIdentify:          "vehicle identification request",
	TypeIdentifyEID:       "vehicle identification request with EID",
	TypeIdentifyVIN:       "vehicle identification request with VIN",
	TypeAnnouncement:      "vehicle announcement",
	TypeActivation:        "routing activation request",
	TypeActivationReply:   "routing activation response",
	TypeAliveCheck:        "alive check request",
	TypeAliveCheckReply:   "alive check response",
	TypeEntityStatus:      "entity status request",
	TypeEntityStatusReply: "entity status response",
	TypePowerMode:         "diagnostic power mode request",
	TypePowerModeReply:    "diagnostic power mode response",
	TypeDiagnostic:        "diagnostic message",
	TypeDiagnosticAck:     "diagnostic message positive acknowledgement",
	TypeDiagnosticNack:    "diagnostic message negative acknowledgement",
}

// String names the payload type.
func (t Type) String() string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	if t >= firstManufacturerPayload {
		return fmt.Sprintf("manufacturer's payload %04X", uint16(t))
	}
	return fmt.Sprintf("reserved payload %04X", uint16(t))
}

// Address is a logical address: 0E00 to 0FFF are test equipment, E000 to EFFF functional groups, 0001 to
// 0DFF and 1000 to 7FFF the vehicle manufacturer's entities (table "logical address overview").
type Address uint16

// Logical addresses with a meaning of their own.
const (
	FirstTester      Address = 0x0E00
	LastTester       Address = 0x0FFF
	FunctionalWWHOBD Address = 0xE000 // all control units of ISO 27145
	FunctionalGroup  Address = 0xE400 // the first of the manufacturers' functional groups
	lastFunctional   Address = 0xEFFF
)

// String prints four hexadecimal digits.
func (a Address) String() string { return fmt.Sprintf("%04X", uint16(a)) }

// IsFunctional tells the address of a group of control units.
func (a Address) IsFunctional() bool { return a >= FunctionalWWHOBD && a <= lastFunctional }

// IsTester tells an address of external test equipment.
func (a Address) IsTester() bool { return a >= FirstTester && a <= LastTester }
