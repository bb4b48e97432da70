package adapters

import (
	"context"

	"github.com/fleetms/obdctl/internal/link"
)

// Network is a [Session] on a SAE J1939 network. It has the methods of the guarded network one by one.
type Network struct {
	Session
	network link.Network
}

// Request is that of the guarded network.
func (n *Network) Request(ctx context.Context, pgn uint32, destination uint8) ([]link.ParameterGroup, error) {
	return n.network.Request(ctx, pgn, destination)
}

// RequestAll has several requests under way at once where the network can.
func (n *Network) RequestAll(ctx context.Context, queries []link.Query) ([]link.ParameterGroup, error) {
	return link.RequestAll(ctx, n.network, queries)
}

// Listen yields every parameter group that is heard.
func (n *Network) Listen(ctx context.Context, yield func(link.ParameterGroup) bool) error {
	return n.network.Listen(ctx, yield)
}

// Nodes lists the claimed addresses heard of.
func (n *Network) Nodes(ctx context.Context) ([]link.Node, error) { return n.network.Nodes(ctx) }

var (
	_ link.Network = (*Network)(nil)
	_ link.Batcher = (*Network)(nil)
)
