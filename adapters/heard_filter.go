package adapters

import "github.com/fleetms/obdctl/internal/link"

// Filter passes filters on, so that what one dialogue kept out the next one lets in again.
func (h *heardBus) Filter(masks ...link.Mask) error {
	if f, ok := h.bus.(link.BusFilter); ok {
		return f.Filter(masks...)
	}
	return nil
}
