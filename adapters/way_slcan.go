package adapters

import (
	"context"

	"github.com/fleetms/obdctl/adapters/serial"
	"github.com/fleetms/obdctl/adapters/slcan"
	"github.com/fleetms/obdctl/internal/link"
)

// slcanBaud is what USB adapters accept, which have no real line speed.
const slcanBaud = 115200

// waySLCAN leads to an adapter that speaks the LAWICEL text protocol over a serial port.
func (op *opener) waySLCAN() (way, error) {
	q := op.address.Query
	return way{bus: func(ctx context.Context) (link.Bus, error) {
		baud := number(q.Get("baud"))
		if baud == 0 {
			baud = slcanBaud
		}
		p, err := serial.Open(ctx, op.address.Target, serial.Options{Baud: baud, Name: op.address.String()})
		if err != nil {
			return nil, err
		}
		b, err := slcan.Open(ctx, p, slcan.Options{
			Bitrate: op.bitrate(), DataBitrate: number(q.Get("dbitrate")),
			FD: q.Get("fd") == "1", Listen: q.Get("listen") == "1",
		})
		if err != nil {
			_ = p.Close() // the adapter's error is the one to tell
			return nil, err
		}
		return b, nil
	}}, nil
}
