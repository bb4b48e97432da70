package j2534

import (
	"context"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// maxFilters is how many filters every device has.
const maxFilters = 10

// Filter lets only frames through that match one of the masks; none, or more than a device has filters
// for, lets everything through.
func (b *Bus) Filter(masks ...link.Mask) error {
	return b.do(context.Background(), func() error { return b.pass(masks) })
}

// pass sets the filters; a channel without one passes nothing (SAE J2534-1, 7.3.8).
func (b *Bus) pass(masks []link.Mask) error {
	old := b.filters
	b.filters = nil
	if len(masks) == 0 || len(masks)+len(old) > maxFilters {
		masks = []link.Mask{{}, {ID: can.Extended}}
	}
	for i, m := range masks {
		mask, pattern := toFilter(m.Bits, m.ID, m.ID.IsExtended())
		filter, s := b.lib.StartFilter(b.channel, FilterPass, &mask, &pattern)
		if s != OK {
			if i > 0 && len(masks) == 2 { // drivers that know one length of identifier
				continue
			}
			return b.explain("set a filter", s)
		}
		b.filters = append(b.filters, filter)
	}
	for _, f := range old {
		_ = b.lib.StopFilter(b.channel, f) // it only lets more through
	}
	return nil
}
