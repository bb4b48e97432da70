// Package rfcomm is the way to an adapter with classic Bluetooth by a socket of the system, where no
// serial port was made for it (Bluetooth core specification, RFCOMM with TS 07.10).
package rfcomm

import (
	"encoding/hex"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// MAC is a Bluetooth device address, in the order in which it is written.
type MAC [6]byte

// ParseMAC reads AA:BB:CC:DD:EE:FF.
func ParseMAC(s string) (MAC, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
	if err != nil || len(b) != 6 || strings.Count(s, ":") != 5 {
		return MAC{}, errs.New(errs.Usage, "%q is no Bluetooth address", s).WithHint("the form is AA:BB:CC:DD:EE:FF")
	}
	return MAC(b), nil
}

// Device is a paired device with a serial port.
type Device struct {
	Address string
	Name    string
}

// serialPort is the UUID of the serial port profile, as BlueZ writes it.
const serialPort = "00001101-0000-1000-8000-00805f9b34fb"
