package adapters

import (
	"context"
	"strings"

	"github.com/fleetms/obdctl/adapters/rfcomm"
	"github.com/fleetms/obdctl/internal/link"
)

// wayRFCOMM leads to an adapter with classic Bluetooth, without a serial port of the system.
func (op *opener) wayRFCOMM() (way, error) {
	device, channel, _ := strings.Cut(op.address.Target, "/")
	op.recall("")
	return way{port: func(ctx context.Context) (link.Port, error) {
		p, err := rfcomm.Open(ctx, device, number(channel), op.address.String())
		if err != nil {
			return nil, err
		}
		return p, nil
	}}, nil
}
