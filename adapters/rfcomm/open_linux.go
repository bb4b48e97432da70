package rfcomm

import (
	"context"
	"errors"

	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/adapters/bluez"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// lastChannel is the last one that is tried: adapters serve at 1, some at 2, few above.
const lastChannel = 5

// Open connects to the device at a channel from 1 to 30, with 0 to the first of 1 to 5 that is open. name
// is the address for messages.
//
// Errors are of kind [errs.NoAdapter], [errs.Unsupported] or [errs.Usage] with a hint, or ctx's.
func Open(ctx context.Context, address string, channel int, name string) (link.Port, error) {
	mac, err := ParseMAC(address)
	if err != nil {
		return nil, err
	}
	first, last := channel, channel
	if channel == 0 {
		first, last = 1, lastChannel
	}
	for n := first; n <= last; n++ {
		at := &unix.SockaddrRFCOMM{Channel: uint8(n)}
		for i := range mac {
			at.Addr[i] = mac[len(mac)-1-i] // the kernel wants the last byte first
		}
		var p *Port
		if p, err = Dial(ctx, unix.AF_BLUETOOTH, unix.BTPROTO_RFCOMM, at, name); err == nil {
			return p, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !errors.Is(err, unix.ECONNREFUSED) {
			break // another channel would not help
		}
	}
	return nil, explain(address, err)
}

// explain says why a device was not reached and what to do about it.
func explain(address string, err error) error {
	switch {
	case errors.Is(err, unix.EAFNOSUPPORT), errors.Is(err, unix.EPROTONOSUPPORT), errors.Is(err, unix.ESOCKTNOSUPPORT):
		return errs.New(errs.Unsupported, "connect to %s: this kernel has no Bluetooth sockets", address).
			WithHint("load them with 'modprobe rfcomm'; containers and WSL have none")
	case errors.Is(err, unix.ECONNREFUSED):
		return errs.New(errs.NoAdapter, "connect to %s: it has no serial port at this channel", address).
			WithHint("'sdptool browse %s' shows the channel of its serial port: rfcomm://%s/CHANNEL; LE adapters need ble://", address, address)
	case errors.Is(err, unix.EHOSTDOWN), errors.Is(err, unix.EHOSTUNREACH), errors.Is(err, unix.ETIMEDOUT), errors.Is(err, errTime):
		return errs.New(errs.NoAdapter, "connect to %s: it does not answer", address).
			WithHint("switch the ignition on, bring the adapter near, and disconnect it from telephones")
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM), errors.Is(err, unix.EBADE):
		return errs.New(errs.NoAdapter, "connect to %s: it does not let this computer in", address).
			WithHint("pair it first: 'bluetoothctl pair %s', the PIN is mostly 1234 or 0000", address)
	case errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENETDOWN), errors.Is(err, unix.ENETUNREACH):
		return errs.New(errs.NoAdapter, "connect to %s: Bluetooth is switched off or there is none", address).
			WithHint("switch it on: bluetoothctl power on")
	}
	return errs.New(errs.NoAdapter, "connect to %s: %w", address, err).WithHint("is it paired? 'bluetoothctl pair %s'", address)
}

// Paired lists the paired devices that have a serial port, as BlueZ knows them. Errors are those of BlueZ
// not being there.
func Paired(ctx context.Context) ([]Device, error) { return PairedOn(ctx, "") }

// PairedOn is [Paired] with the address of the bus, "" for the system's.
func PairedOn(ctx context.Context, bus string) ([]Device, error) {
	b, err := bluez.Open(bus)
	if err != nil {
		return nil, err
	}
	defer func() { _ = b.Close() }() // only read from
	objects, err := b.Objects(ctx)
	if err != nil {
		return nil, err
	}
	var out []Device
	for _, d := range objects.Devices("") {
		for _, u := range d.UUIDs {
			if u == serialPort && d.Paired {
				out = append(out, Device{d.Address, d.Name})
			}
		}
	}
	return out, nil
}
