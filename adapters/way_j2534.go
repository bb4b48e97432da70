package adapters

import (
	"context"
	"path/filepath"

	"github.com/fleetms/obdctl/adapters/j2534"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// wayJ2534 leads to a pass-thru device: by the name of its driver, or by the driver's library itself.
func (op *opener) wayJ2534() (way, error) {
	var open *j2534.Bus
	return way{
		bus: func(ctx context.Context) (link.Bus, error) {
			lib, err := op.loadJ2534()
			if err != nil {
				return nil, err
			}
			open, err = j2534.Open(ctx, lib, j2534.Options{Name: op.address.String(), Bitrate: op.bitrate()})
			if err != nil {
				return nil, err
			}
			return open, nil
		},
		volts: func(ctx context.Context) (float64, error) {
			if open == nil {
				return 0, errs.New(errs.Adapter, "%s is not open", op.address)
			}
			return open.SupplyVoltage(ctx)
		},
	}, nil
}

// loadJ2534 loads the driver that the address names.
func (op *opener) loadJ2534() (j2534.Library, error) {
	dll := op.address.Query.Get("dll")
	if dll != "" {
		return j2534.Load(j2534.Device{Name: filepath.Base(dll), Library: dll})
	}
	device, err := j2534.Find(op.address.Target)
	if err != nil {
		return nil, err
	}
	op.o.notify(EventFound, device.Name)
	return j2534.Load(device)
}
