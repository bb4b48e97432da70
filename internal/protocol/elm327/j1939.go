package elm327

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// Network is a [Link] on the adapter's protocol A, SAE J1939: a [link.Network] too. The adapter sends requests
// from the address of a service tool (249) without a claim, prints what answers and clears transfers to itself;
// here the printed frames are put together.
type Network struct{ *Link }

// Line returns the link as what it is: a [*Network] where the vehicle speaks SAE J1939.
func (l *Link) Line() link.Link {
	if l.truck != nil {
		return &Network{l}
	}
	return l
}

// truck is what a link knows of a network of SAE J1939.
type truck struct {
	machine  *j1939.Machine // puts the printed frames together; it sends nothing
	recent   map[truckKey]link.ParameterGroup
	silent   map[uint8]int // requests that a node neither answered nor refused, since it last did
	global   bool          // the adapter does not clear transfers to itself: long groups are asked of everyone
	surveyed bool
	crowded  bool // the line to the adapter is too slow to listen to everything
}

type truckKey struct {
	pgn    uint32
	source uint8
}

// maxRecent bounds the groups that are remembered.
const maxRecent = 2048

func newTruck() *truck {
	return &truck{
		machine: j1939.NewMachine(j1939.Settings{Address: j1939.Tool, Assigned: true, Passive: true}),
		recent:  map[truckKey]link.ParameterGroup{}, silent: map[uint8]int{},
	}
}

// messages returns what became complete, and remembers it.
func (t *truck) messages() []link.ParameterGroup {
	all := t.machine.Messages()
	for _, g := range all {
		key := truckKey{g.PGN, g.Source}
		if _, known := t.recent[key]; g.Err == nil && (known || len(t.recent) < maxRecent) {
			t.recent[key] = g
		}
	}
	return all
}

// Exchange answers Unsupported: J1939 has parameter groups instead of services.
func (n *Network) Exchange(ctx context.Context, _ link.Request) ([]link.Reply, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if n.w.lost != nil {
		return nil, n.w.lost
	}
	return nil, errs.New(errs.Unsupported, "SAE J1939 has no services: its parameter groups are requested instead")
}

// Request asks for a parameter group; see [link.Network].
func (n *Network) Request(ctx context.Context, pgn uint32, destination uint8) ([]link.ParameterGroup, error) {
	groups, err := n.RequestAll(ctx, []link.Query{{PGN: pgn, Destination: destination}})
	if err == nil && len(groups) == 0 {
		err = link.ErrNoReply
	}
	return groups, err
}

// RequestAll asks every query, node by node: the adapter has one request under way at a time and takes two
// commands to turn to another node. See [link.Batcher].
func (n *Network) RequestAll(ctx context.Context, queries []link.Query) ([]link.ParameterGroup, error) {
	for _, q := range queries {
		if q.Results != 0 {
			return nil, errs.New(errs.Unsupported, "an ELM327 sends requests of SAE J1939 only, not the command DM7").
				WithHint("use can://, slcan:// or j2534://")
		}
	}
	queries = slices.Clone(queries)
	slices.SortStableFunc(queries, func(a, b link.Query) int { return cmp.Compare(a.Destination, b.Destination) })
	var found []link.ParameterGroup
	for _, q := range queries {
		groups, err := n.inquire(ctx, q)
		found = append(found, groups...)
		if err != nil && !errors.Is(err, link.ErrNoReply) {
			return found, n.explain(ctx, err)
		}
	}
	return found, nil
}

// Nodes asks everyone for their claim, once, and lists the nodes heard of.
func (n *Network) Nodes(ctx context.Context) ([]link.Node, error) {
	if !n.truck.surveyed {
		_, err := n.RequestAll(ctx, []link.Query{{PGN: j1939.PGNAddressClaim, Destination: j1939.Global}})
		if err != nil {
			return n.truck.machine.Nodes(), err
		}
		n.truck.surveyed = true
	}
	return n.truck.machine.Nodes(), nil
}

// Recent returns the newest message of every group and source; see [link.Memory].
func (n *Network) Recent() []link.ParameterGroup {
	var out []link.ParameterGroup
	for _, g := range n.truck.recent {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b link.ParameterGroup) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.PGN, b.PGN))
	})
	return out
}

// Describe says what is at the other end.
func (n *Network) Describe() link.Description {
	d := n.Link.Describe()
	d.Protocol, d.MaxRequest, d.CountDigit = obd.J1939, 0, false
	return d
}

var (
	_ link.Network = (*Network)(nil)
	_ link.Batcher = (*Network)(nil)
	_ link.Memory  = (*Network)(nil)
)
