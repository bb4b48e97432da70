package link

import "context"

// guardedNetwork is a guarded Link that is a Network too. It names its methods one by one.
type guardedNetwork struct {
	guarded
	network Network
}

func (g *guardedNetwork) Request(ctx context.Context, pgn uint32, destination uint8) ([]ParameterGroup, error) {
	if err := g.allow.CheckPGN(pgn); err != nil {
		return nil, err
	}
	return g.network.Request(ctx, pgn, destination)
}

func (g *guardedNetwork) RequestAll(ctx context.Context, queries []Query) ([]ParameterGroup, error) {
	for _, q := range queries {
		if err := g.allow.CheckQuery(q); err != nil {
			return nil, err
		}
	}
	return RequestAll(ctx, g.network, queries)
}

func (g *guardedNetwork) Listen(ctx context.Context, yield func(ParameterGroup) bool) error {
	return g.network.Listen(ctx, yield)
}

func (g *guardedNetwork) Nodes(ctx context.Context) ([]Node, error) { return g.network.Nodes(ctx) }

func (g *guardedNetwork) Recent() []ParameterGroup {
	if m, ok := g.network.(Memory); ok {
		return m.Recent()
	}
	return nil
}
