//go:build !linux

package socketcan

import (
	"context"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
)

// ChannelOptions say how messages are cut into frames.
type ChannelOptions struct {
	Padded bool
	Pad    byte
	FD     bool
}

// Channel is there on Linux only.
type Channel struct{}

// ProbeChannel answers [errs.Unsupported]: only Linux has ISO 15765-2 in its kernel.
func ProbeChannel(name string) error {
	return errs.New(errs.Unsupported, "open %s: only Linux has ISO-TP in its kernel", name).WithHint("leave isotp=kernel out")
}

// OpenChannel is [ProbeChannel].
func OpenChannel(_ context.Context, device string, o Options, _ ChannelOptions, _, _ can.ID) (*Channel, error) {
	return nil, ProbeChannel(o.name(device))
}

// Send is never reached.
func (c *Channel) Send(context.Context, []byte) error { return ProbeChannel("") }

// Receive is never reached.
func (c *Channel) Receive(context.Context) ([]byte, error) { return nil, ProbeChannel("") }

// Close has nothing to close.
func (c *Channel) Close() error { return nil }
