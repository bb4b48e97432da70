package elm327

import (
	"context"

	"github.com/fleetms/obdctl/internal/link"
)

// Attach greets the adapter and sets it up without looking for a vehicle, for a console. The link can
// take [Link.Command] and [Link.SupplyVoltage]; for diagnostic messages use [Dial].
func Attach(ctx context.Context, port link.Port, o Options) (*Link, error) {
	l := newLink(port, o)
	if err := l.connect(ctx); err != nil {
		return nil, err
	}
	return l, nil
}
