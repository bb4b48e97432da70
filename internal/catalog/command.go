package catalog

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// Command is one request and what its reply holds: a PID, an InfoType, a DID, a DBC message.
type Command struct {
	Service obd.Service
	ID      uint16 // PID, InfoType or DID
	IDBytes int    // 1 for services 01 to 0A and 21, 2 for 22, 0 when the service alone is the request
	Name    string
	Length  int // data bytes behind the id, the fewest where there may be more; 0 when it varies

	// Header is the request address and Reply the address that answers; zero means the OBD functional
	// address and every ECU.
	Header obd.Address
	Reply  obd.Address

	Signals []Signal
	Example Example

	// Years are the model years that the command is for; the zero Years means every year.
	Years Years
	// Session is the diagnostic session that the ECU must be in (ISO 14229-1 service 10); 0 for the default one.
	Session byte
	// Source says where the command came from, as file:line; empty for the built-in catalogue.
	Source string
	// Conflicts says, one sentence each, what of the source was not followed and why.
	Conflicts []string
}

// Example is a reply's data and what it decodes to; the catalogue test runs each.
type Example struct {
	Data   []byte
	Values map[string]any // signal id -> number or text
}

// Request returns the bytes that ask for the command: the service and its id.
func (c *Command) Request() []byte {
	switch c.IDBytes {
	case 0:
		return []byte{byte(c.Service)}
	case 1:
		return []byte{byte(c.Service), byte(c.ID)}
	}
	return []byte{byte(c.Service), byte(c.ID >> 8), byte(c.ID)}
}

// String returns the request as people write it, with its header where it has one: "010C", "7E0.22F190";
// of a CAN message that nobody asks for, its identifier.
func (c *Command) String() string {
	if c.Service == 0 {
		return c.Reply.String()
	}
	s := fmt.Sprintf("%X", c.Request())
	if c.Header != obd.Functional {
		s = c.Header.String() + "." + s
	}
	return s
}

// Signal returns the signal with that id, or nil.
func (c *Command) Signal(id string) *Signal {
	for i := range c.Signals {
		if c.Signals[i].ID == id {
			return &c.Signals[i]
		}
	}
	return nil
}

// need returns how many data bytes the signals of the command need.
func (c *Command) need() int {
	bits := 0
	for i := range c.Signals {
		bits = max(bits, c.Signals[i].end())
	}
	return (bits + 7) / 8
}
