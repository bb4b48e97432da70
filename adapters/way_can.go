package adapters

import (
	"context"
	"strconv"

	"github.com/fleetms/obdctl/adapters/socketcan"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// wayCAN leads to a CAN interface of the system.
func (op *opener) wayCAN() (way, error) {
	q := op.address.Query
	o := socketcan.Options{
		Name: op.address.String(), Bitrate: op.bitrate(), DataBitrate: number(q.Get("dbitrate")),
		FD: q.Get("fd") == "1", Up: q.Get("up") == "1",
	}
	w := way{bus: func(ctx context.Context) (link.Bus, error) {
		b, err := socketcan.Open(ctx, op.address.Target, o)
		if err != nil {
			return nil, err
		}
		return b, nil
	}}
	if q.Get("isotp") != "kernel" {
		return w, nil
	}
	if op.o.Record != nil {
		return way{}, errs.New(errs.Unsupported, "%s: what the kernel's ISO-TP sends cannot be recorded", op.address).
			WithHint("leave isotp=kernel out")
	}
	if err := socketcan.ProbeChannel(op.address.String()); err != nil {
		return way{}, err
	}
	w.channel = func(ctx context.Context, p isotp.Padding, pad byte, request, reply can.ID) (isotp.Channel, error) {
		c, err := socketcan.OpenChannel(ctx, op.address.Target, o,
			socketcan.ChannelOptions{Padded: p != isotp.PadNever, Pad: pad, FD: o.FD}, request, reply)
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	return w, nil
}

// defaultBitrate is that of nearly every car's diagnostic line (ISO 15765-4 has 250 and 500 kbit/s).
const defaultBitrate = 500_000

// bitrate is the line's speed in bits per second as the address or the protocol says it.
func (op *opener) bitrate() int {
	if n := number(op.address.Query.Get("bitrate")); n > 0 {
		return n
	}
	if n := bitrateOf(op.o.Protocol); n > 0 {
		return n
	}
	return defaultBitrate
}

// number reads a number that Parse has checked; 0 when there is none.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
