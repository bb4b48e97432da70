package elm327

import (
	"context"

	"github.com/fleetms/obdctl/internal/link"
)

// Attach greets the adapter and sets it up without looking for a vehicle, for a console. The link can
// take [Link.Command] and [Link.SupplyVoltage]; a first [Link.Exchange] looks for the vehicle.
func Attach(ctx context.Context, port link.Port, o Options) (*Link, error) {
	l := newLink(port, o)
	if err := l.connect(ctx); err != nil {
		return nil, err
	}
	return l, nil
}
