package j1939

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

const (
	// Quiet is how long a node gets that has kept silent instead of refusing before; nodes answer within Tr.
	quiet = 300 * time.Millisecond
	// attempts of one request that a node cannot answer now (SAE J1939-21, 5.4.2).
	attempts = 3
)

// Request asks for a parameter group; see [link.Network].
func (l *Link) Request(ctx context.Context, pgn uint32, destination uint8) ([]link.ParameterGroup, error) {
	groups, err := l.RequestAll(ctx, []link.Query{{PGN: pgn, Destination: destination}})
	if err == nil && len(groups) == 0 {
		err = link.ErrNoReply
	}
	return groups, err
}

// RequestAll asks every query: one at a time per node, all nodes at once. See [link.Batcher].
func (l *Link) RequestAll(ctx context.Context, queries []link.Query) ([]link.ParameterGroup, error) {
	for _, q := range queries {
		if err := l.allow.CheckQuery(q); err != nil {
			return nil, err
		}
	}
	if err := l.claimAddress(ctx); err != nil {
		return nil, err
	}
	r := newRound(l, queries)
	defer l.subscribe(&r.inbox)()
	now := l.now()
	for {
		l.mu.Lock()
		r.collect(now)
		r.start(now)
		l.flush(false)
		next, busy := r.next()
		l.mu.Unlock()
		if !busy {
			return r.found, nil
		}
		if err := l.ended(ctx); err != nil {
			return r.found, err
		}
		came := l.await(ctx, max(0, next.Sub(now)), func() bool { return len(r.inbox.queue) > 0 })
		if now = l.now(); !came {
			now = later(now, next)
		}
	}
}

// claimAddress settles the own address before something is sent from it.
func (l *Link) claimAddress(ctx context.Context) error {
	l.mu.Lock()
	passive := l.machine.set.Passive
	if !passive {
		l.machine.Claim(l.now())
		l.flush(false)
	}
	l.mu.Unlock()
	if passive {
		return errs.New(errs.Denied, "this node only listens")
	}
	settled := func() bool {
		_, ready := l.machine.Claimed()
		return ready || l.machine.Lost()
	}
	l.await(ctx, time.Second, settled)
	if err := l.ended(ctx); err != nil {
		return err
	}
	if _, ready := l.Address(); !ready {
		return errs.New(errs.Adapter, "no address could be claimed: another tool is on the network").
			WithHint("disconnect the other tool and try again")
	}
	return nil
}

// Listen yields what is heard; see [link.Network].
func (l *Link) Listen(ctx context.Context, yield func(link.ParameterGroup) bool) error {
	in := &inbox{}
	defer l.subscribe(in)()
	for {
		came := l.await(ctx, time.Hour, func() bool { return len(in.queue) > 0 })
		l.mu.Lock()
		heard := in.take()
		l.mu.Unlock()
		for _, g := range heard {
			if !yield(g) {
				return nil
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		if err := l.ended(ctx); err != nil && len(heard) == 0 {
			return err
		}
		if _, limited := ctx.Deadline(); limited && !came { // a recording says so before the time has passed
			return nil
		}
	}
}

// Nodes asks everyone for their claim, once, and lists the nodes heard of. A node that only listens asks nobody.
func (l *Link) Nodes(ctx context.Context) ([]link.Node, error) {
	l.mu.Lock()
	ask := !l.machine.set.Passive && !l.surveyed
	l.surveyed = true
	l.mu.Unlock()
	if ask {
		if _, err := l.RequestAll(ctx, []link.Query{{PGN: PGNAddressClaim, Destination: Global}}); err != nil {
			return l.known(), err
		}
	}
	return l.known(), l.ended(ctx)
}

func (l *Link) known() []link.Node {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.machine.Nodes()
}

// maxRecent bounds the groups that are remembered, by number and source.
const maxRecent = 2048

type recentKey struct {
	pgn    uint32
	source uint8
}

// remember keeps the newest message of a group and source. The lock is held.
func (l *Link) remember(g *link.ParameterGroup) {
	key := recentKey{g.PGN, g.Source}
	if _, ok := l.recent[key]; g.Err == nil && (ok || len(l.recent) < maxRecent) {
		l.recent[key] = *g
	}
}

// Recent returns the newest message of every group and source since the link was made; see [link.Memory].
func (l *Link) Recent() []link.ParameterGroup {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []link.ParameterGroup
	for _, g := range l.recent {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b link.ParameterGroup) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.PGN, b.PGN))
	})
	return out
}
