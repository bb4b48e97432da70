package text

import "github.com/fleetms/obdctl/internal/obd"

// Format is how the adapter was set to print what it receives.
type Format struct {
	Protocol obd.Protocol
	Headers  bool // AT H1
	DLC      bool // AT D1: on CAN a digit with the data length behind the identifier
	// Raw is AT CAF0 with headers off: lines begin with the control byte of ISO 15765-2. With headers on
	// the control byte is always there and Raw changes nothing.
	Raw bool
	// Extended is AT CEA: the first data byte of a CAN frame belongs to the address.
	Extended bool
}
