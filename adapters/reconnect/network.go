package reconnect

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Network is a link on a SAE J1939 network that comes back.
type Network struct{ *Link }

// Wrap returns l with recovery, as a [link.Network] if it is one.
func Wrap(l link.Link, o Options) link.Link {
	r := New(l, o)
	if _, ok := l.(link.Network); ok {
		return &Network{r}
	}
	return r
}

// errNoNetwork is the answer of a link that came back as something else.
func errNoNetwork() error {
	return errs.New(errs.NoVehicle, "the line came back without a SAE J1939 network").
		WithHint("start again")
}

// over runs one step on the network, and once more behind a recovery: requests of parameter groups only
// read, but for those that clear, which are not repeated.
func (n *Network) over(ctx context.Context, repeat bool, step func(link.Network) error) error {
	for losses := 1; ; losses++ {
		if n.dead != nil {
			return n.dead
		}
		network, ok := n.current().(link.Network)
		if !ok {
			return errNoNetwork()
		}
		err := step(network)
		if !link.IsLost(err) || ctx.Err() != nil || n.isClosed() || n.isFinal(err) {
			return err
		}
		n.tell(Event{Kind: Lost, Err: err})
		if recovered := n.recover(ctx, err); recovered != nil {
			return recovered
		}
		if !repeat || losses == maxLosses {
			return lostAgain(err)
		}
	}
}

// Request is that of the network below.
func (n *Network) Request(ctx context.Context, pgn uint32, destination uint8) (groups []link.ParameterGroup, err error) {
	err = n.over(ctx, link.ReadOnly().CheckPGN(pgn) == nil, func(network link.Network) (err error) {
		groups, err = network.Request(ctx, pgn, destination)
		return err
	})
	return groups, err
}

// RequestAll is that of the network below.
func (n *Network) RequestAll(ctx context.Context, queries []link.Query) (groups []link.ParameterGroup, err error) {
	repeat := true
	for _, q := range queries {
		repeat = repeat && link.ReadOnly().CheckQuery(q) == nil
	}
	err = n.over(ctx, repeat, func(network link.Network) (err error) {
		groups, err = link.RequestAll(ctx, network, queries)
		return err
	})
	return groups, err
}

// Listen is that of the network below.
func (n *Network) Listen(ctx context.Context, yield func(link.ParameterGroup) bool) error {
	return n.over(ctx, true, func(network link.Network) error { return network.Listen(ctx, yield) })
}

// Nodes is that of the network below.
func (n *Network) Nodes(ctx context.Context) (nodes []link.Node, err error) {
	err = n.over(ctx, true, func(network link.Network) (err error) {
		nodes, err = network.Nodes(ctx)
		return err
	})
	return nodes, err
}

// Recent is that of the network below, as long as it is there.
func (n *Network) Recent() []link.ParameterGroup {
	if m, ok := n.current().(link.Memory); ok && n.dead == nil {
		return m.Recent()
	}
	return nil
}

var (
	_ link.Network = (*Network)(nil)
	_ link.Batcher = (*Network)(nil)
	_ link.Memory  = (*Network)(nil)
)
