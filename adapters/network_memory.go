package adapters

import "github.com/fleetms/obdctl/internal/link"

// Recent returns what the network remembers of its broadcasts.
func (n *Network) Recent() []link.ParameterGroup {
	if m, ok := n.network.(link.Memory); ok {
		return m.Recent()
	}
	return nil
}

var _ link.Memory = (*Network)(nil)
