package elm327

import (
	"encoding/hex"

	"github.com/fleetms/obdctl/internal/errs"
)

// A frame of SAE J1939 has no control byte and no service: its identifier says what it is, and most groups are
// commands to the node that they go to or a false report in the name of another one. Only requests (PGN 59904)
// leave, from the addresses of service tools, for groups that only report.

// identifier follows the parts of a 29-bit identifier: AT CP has its first byte, AT SH the rest.
type identifier struct {
	first string // two digits; "" is the default, 18
	rest  string // six digits, three for 11 bits; "" is the protocol's default
	// posing tells that the source is not that of a tool (AT TA).
	posing bool
}

func (i identifier) priority() string {
	if i.first == "" {
		return "18"
	}
	return i.first
}

// withHeader returns the identifier after AT SH.
func (i identifier) withHeader(digits string) identifier {
	if len(digits) == 8 {
		return identifier{digits[:2], digits[2:], i.posing}
	}
	return identifier{i.first, digits, i.posing}
}

// bytes are the four bytes of a 29-bit identifier; nil for one of 11 bits and for the default.
func (i identifier) bytes() []byte {
	if len(i.rest) != 6 {
		return nil
	}
	b, err := hex.DecodeString(i.priority() + i.rest)
	if err != nil || len(b) != 4 {
		return nil
	}
	return b
}

// PDU formats that are not of SAE J1939 (ISO 15765-2 normal fixed and mixed addressing).
func isTransport(format byte) bool {
	return format == 0xDA || format == 0xDB || format == 0xCD || format == 0xCE
}

// isGroup tells an identifier that a node of SAE J1939 takes as a parameter group. Both page bits set is
// ISO 15765-3 and no group.
func (i identifier) isGroup() bool {
	b := i.bytes()
	return b != nil && b[0]&3 != 3 && !isTransport(b[1])
}

// isRequest tells the identifier of a request of a group, sent by a service tool.
func (i identifier) isRequest() bool {
	b := i.bytes()
	return b != nil && b[0]&3 == 0 && b[1] == pduRequest && (b[3] == toolOne || b[3] == toolTwo)
}

const (
	pduRequest = 0xEA
	toolOne    = 0xF9
	toolTwo    = 0xFA
)

// isOlderHeader tells the three header bytes by which control units on a K-line or J1850 are asked, for an
// adapter whose line is not known: format or priority, a target, and a tester as the source.
func isOlderHeader(b []byte) bool {
	if b[3] < 0xF0 {
		return false
	}
	switch format := b[1]; {
	case format == 0x68, format == 0x61:
		return b[2] == 0x6A
	case format == 0x6C, format == 0xC4:
		return true
	case format >= 0x80 && format <= 0x87:
		return true
	case format >= 0xC0 && format <= 0xC7:
		return b[2] == 0x33
	}
	return false
}

// checkGroup judges data behind the identifier in force, as far as a node of SAE J1939 could read them; judged
// is true where nothing else needs to be looked at.
func (j *judgeLine) checkGroup(id identifier, data []byte) (judged bool, err error) {
	truck := j.line == lineJ1939
	switch {
	case truck && (id.rest == "" || id.isRequest()), !truck && j.line != lineOlder && id.isRequest():
		return true, j.checkRequest(data)
	case truck:
		return true, errs.New(errs.Denied, "on J1939 a message to any other address can be a command").
			WithHint("requests of parameter groups pass: AT SH EA FF F9, then the number of the group")
	case !id.isGroup() || j.line == lineOlder:
		return false, nil
	case j.line == lineUnknown && isOlderHeader(id.bytes()):
		return false, nil
	}
	return true, errs.New(errs.Denied, "behind header %s%s a node of J1939 would read a command", id.priority(), id.rest).
		WithHint("control units of ISO 15765 are asked by headers such as 18 DA 10 F1")
}

// checkRequest judges the three bytes of a request. The adapter turns them around (AT JE, the default) or not
// (AT JS); both readings must be harmless where it is not known which, and none is taken raw.
func (j *judgeLine) checkRequest(data []byte) error {
	if len(data) != 3 || j.formatted == formatOff || j.extended || j.id.posing {
		return errs.New(errs.Denied, "a request of J1939 is the three bytes of a parameter group, sent as a tool and formatted by the adapter")
	}
	typed := uint32(data[0])<<16 | uint32(data[1])<<8 | uint32(data[2])
	turned := uint32(data[2])<<16 | uint32(data[1])<<8 | uint32(data[0])
	switch j.order {
	case orderTyped:
		return j.allow.CheckPGN(typed)
	case orderTurned:
		return j.allow.CheckPGN(turned)
	}
	return errs.New(errs.Denied, "it is not known in which order the adapter sends the bytes of a group").
		WithHint("send AT JE first")
}

// byteOrder is how the adapter reads the number of a group.
type byteOrder uint8

const (
	orderUnknown byteOrder = iota // settings survive a change of program
	orderTyped                    // AT JE: as a number
	orderTurned                   // AT JS: as on the line
)

// followGroup takes note of the settings that make an identifier.
func (j *judgeLine) followGroup(name, rest string) {
	switch name {
	case "ATZ", "ATD", "ATWS":
		j.id = identifier{}
		if j.order == orderTurned { // some clones refuse a reset
			j.order = orderUnknown
		} else {
			j.order = orderTyped
		}
	case "STRESET":
		j.id, j.order = identifier{}, orderUnknown
	case "ATSH":
		j.id = j.id.withHeader(rest)
	case "ATCP":
		j.id.first = rest
	case "ATTA": // puts another source into the header
		j.id.posing = rest != "F9" && rest != "FA"
	case "ATJE":
		j.order = orderTyped
	case "ATJS":
		j.order = orderTurned
	}
}
