package adapters

import (
	"context"
	"path/filepath"

	"github.com/fleetms/obdctl/adapters/j2534"
	"github.com/fleetms/obdctl/internal/link"
)

// wayJ2534 leads to a pass-thru device: by the name of its driver, or by the driver's library itself.
func (op *opener) wayJ2534() (way, error) {
	return way{bus: func(ctx context.Context) (link.Bus, error) {
		device := j2534.Device{Name: filepath.Base(op.address.Query.Get("dll")), Library: op.address.Query.Get("dll")}
		if device.Library == "" {
			var err error
			if device, err = j2534.Find(op.address.Target); err != nil {
				return nil, err
			}
			op.o.notify(EventFound, device.Name)
		}
		lib, err := j2534.Load(device)
		if err != nil {
			return nil, err
		}
		b, err := j2534.Open(ctx, lib, j2534.Options{Name: op.address.String(), Bitrate: op.bitrate()})
		if err != nil {
			return nil, err
		}
		return b, nil
	}}, nil
}
