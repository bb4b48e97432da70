package adapters

import (
	"context"
	"strings"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/link"
)

// waySimulator leads to a simulated car: behind an ELM327, on a bus of its own, or as a DoIP entity.
func (op *opener) waySimulator() (way, error) {
	address := withoutVia(op.address)
	switch op.address.Query.Get("via") {
	case "bus":
		return way{bus: func(ctx context.Context) (link.Bus, error) { return simulator.OpenBus(ctx, address) }}, nil
	case "doip":
		return op.waySimulatedDoIP(address)
	}
	return way{port: func(ctx context.Context) (link.Port, error) { return simulator.Open(ctx, address) }}, nil
}

// withoutVia is the address as the simulator knows it.
func withoutVia(a Address) string {
	name, query, ok := strings.Cut(a.Target, "?")
	if !ok {
		return a.String()
	}
	kept := make([]string, 0, 4)
	for part := range strings.SplitSeq(query, "&") {
		if !strings.HasPrefix(part, "via=") {
			kept = append(kept, part)
		}
	}
	if len(kept) == 0 {
		return "sim:" + name
	}
	return "sim:" + name + "?" + strings.Join(kept, "&")
}
