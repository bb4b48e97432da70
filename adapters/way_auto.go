package adapters

import (
	"context"
	"errors"

	"github.com/fleetms/obdctl/internal/link"
)

// waySearch finds an adapter; the port that answered is the first one to be used.
func (op *opener) waySearch(ctx context.Context) (way, error) {
	finder := op.o.Finder
	if finder == nil {
		finder = NewFinder()
	}
	found, port, err := finder.find(ctx, func(a Attempt) {
		op.o.notify(EventTrying, a.String())
	})
	if err != nil {
		return way{}, err
	}
	op.o.notify(EventFound, found.String())
	op.ready = port
	if op.address, err = Parse(found.Address); err != nil {
		return way{}, errors.Join(err, port.Close())
	}
	op.recall(found.Port.Identity())
	op.card.Baud = found.Baud
	return way{port: func(ctx context.Context) (link.Port, error) {
		if p := op.ready; p != nil {
			op.ready = nil
			return p, nil
		}
		if found.Baud > 0 {
			return op.openSerial(ctx)
		}
		return finder.OpenHost(ctx, op.address.Target)
	}}, nil
}
