package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// clear requests DM11 from every node: the active codes and all that hangs on them, and DM3: the previously
// active ones. A node that has no diagnosis of emissions may refuse DM11 and still erase by DM3; it is done when
// it accepted either.
func (j *truck) clear(ctx context.Context) ([]Outcome, error) {
	nodes, err := j.nodes(ctx)
	if err != nil {
		return nil, err
	}
	var queries []link.Query
	for _, n := range nodes {
		queries = append(queries, link.Query{PGN: j1939.PGNDM11, Destination: n.Address}, link.Query{PGN: j1939.PGNDM3, Destination: n.Address})
	}
	groups, err := link.RequestAll(ctx, j.network, queries)
	if err != nil && len(groups) == 0 {
		return nil, err
	}
	var out []Outcome
	for _, n := range nodes {
		out = append(out, j.outcome(n.Address, groups))
	}
	clear(j.state)
	return out, ended(ctx, err)
}

func (j *truck) outcome(node uint8, groups []link.ParameterGroup) Outcome {
	o := Outcome{ECU: obd.NodeAddress(node)}
	why := j.unread(StepChange, node, true, j1939.PGNDM11, link.ErrNoReply)
	for _, g := range groups {
		if g.Source != node {
			continue
		}
		if g.Err == nil {
			o.Done = true
			continue
		}
		if g.PGN == j1939.PGNDM11 || why.Reason == obd.NoReply {
			why = j.unread(StepChange, node, true, g.PGN, g.Err)
		}
	}
	if !o.Done {
		o.Why = &why
	}
	return o
}
