package iso13400

import (
	"encoding/binary"
	"fmt"
)

// ActivationType says what routing is activated for.
type ActivationType byte

// The types (table "routing activation types"); E1 to FF are the manufacturer's.
const (
	ActivateDefault         ActivationType = 0x00
	ActivateWWHOBD          ActivationType = 0x01
	ActivateCentralSecurity ActivationType = 0xE0
)

// String names the type.
func (t ActivationType) String() string {
	switch {
	case t == ActivateDefault:
		return "default"
	case t == ActivateWWHOBD:
		return "WWH-OBD"
	case t == ActivateCentralSecurity:
		return "central security"
	case t > ActivateCentralSecurity:
		return fmt.Sprintf("manufacturer's type %02X", byte(t))
	}
	return fmt.Sprintf("reserved type %02X", byte(t))
}

// Activation is the routing activation request.
type Activation struct {
	Source Address // of the test equipment
	For    ActivationType
	// Reserved is 0 by the standard.
	Reserved uint32
	// OEM is the manufacturer's part, four bytes or nil.
	OEM []byte
}

// Type returns 0005.
func (Activation) Type() Type { return TypeActivation }

// Append appends 7 or 11 bytes; an OEM part of another length is left out.
func (a Activation) Append(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(a.Source))
	b = append(b, byte(a.For))
	return appendOEM(binary.BigEndian.AppendUint32(b, a.Reserved), a.OEM)
}

func parseActivation(b []byte) Activation {
	return Activation{Source: address(b), For: ActivationType(b[2]), Reserved: binary.BigEndian.Uint32(b[3:]), OEM: oem(b[7:])}
}

// ActivationReply is the routing activation response.
type ActivationReply struct {
	Tester   Address
	Entity   Address
	Code     ActivationCode
	Reserved uint32
	OEM      []byte
}

// Type returns 0006.
func (ActivationReply) Type() Type { return TypeActivationReply }

// Append appends 9 or 13 bytes.
func (a ActivationReply) Append(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(a.Tester))
	b = binary.BigEndian.AppendUint16(b, uint16(a.Entity))
	b = append(b, byte(a.Code))
	return appendOEM(binary.BigEndian.AppendUint32(b, a.Reserved), a.OEM)
}

func parseActivationReply(b []byte) ActivationReply {
	return ActivationReply{
		Tester: address(b), Entity: address(b[2:]), Code: ActivationCode(b[4]),
		Reserved: binary.BigEndian.Uint32(b[5:]), OEM: oem(b[9:]),
	}
}

func appendOEM(b, part []byte) []byte {
	if len(part) != 4 {
		return b
	}
	return append(b, part...)
}

func oem(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

// ActivationCode is the answer to a routing activation request.
type ActivationCode byte

// The codes (table "routing activation response codes"); E0 to FE are the manufacturer's.
const (
	DeniedUnknownSource  ActivationCode = 0x00
	DeniedNoSocket       ActivationCode = 0x01
	DeniedSourceDiffers  ActivationCode = 0x02
	DeniedSourceInUse    ActivationCode = 0x03
	DeniedAuthentication ActivationCode = 0x04
	DeniedConfirmation   ActivationCode = 0x05
	DeniedType           ActivationCode = 0x06
	DeniedNeedsTLS       ActivationCode = 0x07 // since the 2019 edition
	Activated            ActivationCode = 0x10
	AwaitsConfirmation   ActivationCode = 0x11 // activated once a person confirms it in the vehicle
)

var activationNames = map[ActivationCode]string{
	DeniedUnknownSource:  "unknown source address",
	DeniedNoSocket:       "all sockets are registered and active",
	DeniedSourceDiffers:  "another source address is activated on this socket",
	DeniedSourceInUse:    "the source address is active on another socket",
	DeniedAuthentication: "authentication is missing",
	DeniedConfirmation:   "confirmation was rejected",
	DeniedType:           "routing activation type is not supported",
	DeniedNeedsTLS:       "a TLS connection is required",
	Activated:            "routing activated",
	AwaitsConfirmation:   "confirmation required",
}

// String names the code.
func (c ActivationCode) String() string {
	if name, ok := activationNames[c]; ok {
		return name
	}
	if c >= 0xE0 && c != 0xFF {
		return fmt.Sprintf("manufacturer's code %02X", byte(c))
	}
	return fmt.Sprintf("reserved code %02X", byte(c))
}

// AliveCheck asks whether a connected tester is still there.
type AliveCheck struct{}

// Type returns 0007.
func (AliveCheck) Type() Type { return TypeAliveCheck }

// Append appends nothing.
func (AliveCheck) Append(b []byte) []byte { return b }

// AliveCheckReply answers it. A tester may send it unasked to keep an idle connection.
type AliveCheckReply struct{ Source Address }

// Type returns 0008.
func (AliveCheckReply) Type() Type { return TypeAliveCheckReply }

// Append appends two bytes.
func (a AliveCheckReply) Append(b []byte) []byte {
	return binary.BigEndian.AppendUint16(b, uint16(a.Source))
}

func address(b []byte) Address { return Address(binary.BigEndian.Uint16(b)) }
