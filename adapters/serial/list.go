package serial

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Medium says what a port runs over.
type Medium string

// The media.
const (
	USB       Medium = "usb"
	Bluetooth Medium = "bluetooth"
	Other     Medium = "other" // a built-in line or one of unknown kind
)

// Info describes a serial port of this computer.
type Info struct {
	Device  string // "/dev/ttyUSB0", "COM3"
	Medium  Medium
	Chip    Chip   // what its hardware id tells; zero when there is none or it is not known
	VID     string // USB vendor id, four hexadecimal digits in capitals
	PID     string // USB product id
	Serial  string // USB serial number
	Product string // what the device calls itself
}

// Identity names the hardware behind the port across plugs and ports, "" when it has no id.
func (i Info) Identity() string {
	if i.VID == "" {
		return ""
	}
	id := i.VID + ":" + i.PID
	if i.Serial != "" {
		id += ":" + i.Serial
	}
	return id
}

// Likely tells whether a search should say hello to the port. Built-in lines of unknown kind are left
// alone: something else may be listening there.
func (i Info) Likely() bool { return i.Medium != Other }

// List returns the serial ports of this computer, the likeliest adapter first.
func List() ([]Info, error) {
	ports, err := enumerate()
	if err != nil {
		return nil, err
	}
	return arrange(ports), nil
}

// arrange fills in what ids and names tell, drops doubles and sorts.
func arrange(ports []Info) []Info {
	var out []Info
	for _, p := range ports {
		p.VID, p.PID = strings.ToUpper(p.VID), strings.ToUpper(p.PID)
		p.Chip = chip(p.VID, p.PID)
		if p.Medium == "" {
			p.Medium = mediumOf(p)
		}
		// macOS shows each line twice; the call-in twin tty.* blocks until a modem rings.
		if p.Device == "" || strings.HasPrefix(p.Device, "/dev/tty.") {
			continue
		}
		if p.Medium == Bluetooth && strings.Contains(p.Device, "Bluetooth-Incoming-Port") {
			continue
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b Info) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(len(a.Device), len(b.Device)), cmp.Compare(a.Device, b.Device))
	})
	return slices.CompactFunc(out, func(a, b Info) bool { return a.Device == b.Device })
}

func rank(i Info) int {
	switch {
	case adapterName.MatchString(i.Product):
		return 0
	case i.Chip.Name != "":
		return 1
	case i.Medium == USB:
		return 2
	case i.Medium == Bluetooth:
		return 3
	}
	return 4
}

// What names tell: adapterName the product string of adapters that have their own, such as "OBDLink SX",
// the others the device names of ports without a hardware id.
var (
	adapterName   = regexp.MustCompile(`(?i)OBD|ELM327|STN\d|V-?LINKER`)
	usbName       = regexp.MustCompile(`(?i)/(ttyUSB|ttyACM|cu\.(usb|wch|SLAB_|PL2303|OBDLinkSX|OBDLinkEX))`)
	bluetoothName = regexp.MustCompile(`(?i)/(rfcomm\d|cu\..*(OBD|ELM|V-?LINK|Viecar|Veepeak|Carista|Bluetooth|SPP))`)
)

func mediumOf(p Info) Medium {
	switch {
	case p.VID != "", usbName.MatchString(p.Device):
		return USB
	case bluetoothName.MatchString(p.Device):
		return Bluetooth
	}
	return Other
}
