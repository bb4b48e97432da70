package adapters

import (
	"context"

	"github.com/fleetms/obdctl/internal/link"
)

// metered is a link over a bus whose device measures the supply voltage, beside the frames.
type metered struct {
	link  link.Link
	volts func(ctx context.Context) (float64, error)
}

// Exchange is that of the link.
func (m *metered) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	return m.link.Exchange(ctx, req)
}

// Describe says what is at the other end.
func (m *metered) Describe() link.Description { return m.link.Describe() }

// SupplyVoltage asks the device.
func (m *metered) SupplyVoltage(ctx context.Context) (float64, error) { return m.volts(ctx) }

// Close ends the link.
func (m *metered) Close() error { return m.link.Close() }

var _ link.Voltmeter = (*metered)(nil)
