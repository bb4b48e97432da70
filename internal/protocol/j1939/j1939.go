// Package j1939 speaks SAE J1939: identifiers and parameter groups, the transport protocol (J1939-21),
// address claim (J1939-81) and the diagnostic messages DM1 to DM35 (J1939-73).
//
// [Machine] is one node as plain arithmetic: frames and the time go in, frames and complete messages come
// out. [Dial] runs one over a Bus and gives a Link that is a Network too. Every diagnostic message is a
// file of its own with a function that reads its data.
package j1939

import (
	"errors"
	"fmt"
	"time"
)

// Parameter groups of the data link, of address claim and of identification.
const (
	PGNAcknowledge     = 59392 // E800: positive or negative answer
	PGNRequest         = 59904 // EA00: ask for a group
	PGNTransportData   = 60160 // EB00: TP.DT
	PGNTransport       = 60416 // EC00: TP.CM
	PGNAddressClaim    = 60928 // EE00
	PGNExtendedData    = 50944 // C700: ETP.DT
	PGNExtended        = 51200 // C800: ETP.CM
	PGNCommandedAddr   = 65240 // FED8
	PGNVehicleID       = 65260 // FEEC: VIN
	PGNComponentID     = 65259 // FEEB: make, model, serial number, unit
	PGNSoftwareID      = 65242 // FEDA
	PGNECUID           = 64965 // FDC5: ECU part number, serial number, location, type, maker
	PGNEngineHours     = 65253 // FEE5
	PGNVehicleDistance = 65248 // FEE0
	PGNHighDistance    = 65217 // FEC1
	PGNEngine1         = 61444 // F004: EEC1, engine speed
	PGNCruise          = 65265 // FEF1: CCVS1, wheel-based speed
)

// Addresses with a meaning of their own (SAE J1939-81).
const (
	Global   = 255 // all nodes
	Null     = 254 // a node without an address
	Tool     = 249 // off-board diagnostic service tool 1
	ToolNext = 250 // off-board diagnostic service tool 2
)

// The waiting times of SAE J1939-21, 5.10.2.4, and of address claim.
const (
	Tr      = 200 * time.Millisecond  // a node answers a request within it
	Th      = 500 * time.Millisecond  // a receiver that holds says so again within it
	T1      = 750 * time.Millisecond  // receiver: between two data packets
	T2      = 1250 * time.Millisecond // receiver: from CTS to the first data packet
	T3      = 1250 * time.Millisecond // sender: from the last packet to CTS or end of message; requester: to the answer
	T4      = 1050 * time.Millisecond // sender: from a hold to the next CTS
	BAMGap  = 50 * time.Millisecond   // sender: between two packets of a broadcast, 50 to 200 ms
	ClaimIn = 250 * time.Millisecond  // nobody contested an address
)

// ErrShort says that a message has fewer bytes than its parameter group needs.
var ErrShort = errors.New("message is too short")

func short(what string, data []byte, need int) error {
	return fmt.Errorf("%s: %w: %d of %d bytes", what, ErrShort, len(data), need)
}
