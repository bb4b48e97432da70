package adapters

import (
	"context"

	"github.com/fleetms/obdctl/adapters/ble"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// wayBLE leads to an adapter with Bluetooth Low Energy.
func (op *opener) wayBLE() (way, error) {
	q := op.address.Query
	var wish ble.Wish
	for name, part := range map[string]*ble.UUID{"service": &wish.Service, "notify": &wish.Notify, "write": &wish.Write} {
		if !q.Has(name) {
			continue
		}
		u, err := ble.ParseUUID(q.Get(name))
		if err != nil {
			return way{}, errs.New(errs.Usage, "adapter %q: %s: %w", op.address, name, err).WithHint("a UUID is FFF1 or 6E400003-B5A3-F393-E0A9-E50E24DCCA9E")
		}
		*part = u
	}
	op.recall("")
	return way{port: func(ctx context.Context) (link.Port, error) {
		stack, err := ble.System()
		if err != nil {
			return nil, err
		}
		p, err := ble.Open(ctx, stack, op.address.Target, ble.Options{
			Name: op.address.String(), Wish: wish,
			Notify: func(text string) { op.o.notify(EventTrying, text) },
		})
		if err != nil {
			return nil, err
		}
		return p, nil
	}}, nil
}
