package catalog

import "github.com/fleetms/obdctl/internal/obd"

// Command is one request and what its reply holds: a PID, an InfoType, a DID, a DBC message.
type Command struct {
	Service obd.Service
	ID      uint16 // PID, InfoType or DID
	IDBytes int    // 1 for services 01 to 0A and 21, 2 for 22, 0 when the service alone is the request
	Name    string
	Length  int // data bytes behind the id; 0 when it varies

	// Header is the request address and Reply the address that answers; zero means the OBD functional
	// address and every ECU.
	Header, Reply obd.Address

	Signals []Signal
	Example Example
}

// Example is a reply's data and what it decodes to; the catalogue test runs each.
type Example struct {
	Data   []byte
	Values map[string]any // signal id -> number or text
}
