// Package ble is the way to an adapter with Bluetooth Low Energy: a serial line made of two GATT
// characteristics, one that is written and one that notifies.
package ble

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// Stack is a Bluetooth stack of an operating system, as little of it as is needed here.
type Stack interface {
	// Scan tells of advertisements until ctx ends, the same device again as its signal changes. The end of
	// ctx is no error.
	Scan(ctx context.Context, found func(Device)) error
	// Connect connects to the device at an address that Scan told, or that the system knows.
	Connect(ctx context.Context, address string) (Peer, error)
	// Close gives the stack back; connections stay.
	Close() error
}

// Peer is a connected device.
type Peer interface {
	// Characteristics lists what the device offers.
	Characteristics(ctx context.Context) ([]Characteristic, error)
	// Gone is closed when the connection is lost.
	Gone() <-chan struct{}
	Close() error
}

// Characteristic is one value of a device.
type Characteristic interface {
	UUID() UUID
	Service() UUID
	Properties() Properties
	// MTU is the ATT_MTU in bytes, 0 when it is not known. A write or a notification carries three less.
	MTU() int
	// Write writes at most MTU - 3 bytes, with or without a response of the device.
	Write(ctx context.Context, b []byte, response bool) error
	// Notify subscribes to the value; f must return at once.
	Notify(ctx context.Context, f func([]byte)) error
}

// Properties are the characteristic properties of the Bluetooth core specification (Vol 3, Part G, 3.3.1.1).
type Properties byte

// The properties that matter here.
const (
	CanWriteCommand Properties = 0x04 // write without response
	CanWrite        Properties = 0x08
	CanNotify       Properties = 0x10
	CanIndicate     Properties = 0x20
)

// Tells tells that values come by themselves.
func (p Properties) Tells() bool { return p&(CanNotify|CanIndicate) != 0 }

// Takes tells that it can be written.
func (p Properties) Takes() bool { return p&(CanWrite|CanWriteCommand) != 0 }

// Device is a device in sight.
type Device struct {
	Address  string // AA:BB:CC:DD:EE:FF; on macOS an identifier of the system
	Name     string // "" when it does not say
	RSSI     int    // strength of its signal in dBm, 0 when not known
	Services []UUID // as advertised
}

// nameOfAdapter is what adapters call themselves.
var nameOfAdapter = regexp.MustCompile(`(?i)OBD|ELM ?327|V-?LINK|VGATE|ICAR|VEEPEAK|VIECAR|CARISTA|LELINK|UNICARSCAN|UCSI|KONNWEI|KINGBOLEN|THINKCAR|CARLY|KIWI|SCANTOOL|BAFX|PLX`)

// IsLikely tells an adapter from a headset: by its name, or by a service that only serial lines have.
func (d Device) IsLikely() bool {
	return nameOfAdapter.MatchString(d.Name) || slices.ContainsFunc(d.Services, isSerialService)
}

// Matches tells whether target names the device: its address, or its name without regard to case.
func (d Device) Matches(target string) bool {
	return strings.EqualFold(d.Address, target) || d.Name != "" && strings.EqualFold(strings.TrimSpace(d.Name), strings.TrimSpace(target))
}
