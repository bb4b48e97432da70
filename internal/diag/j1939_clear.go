package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// clear requests DM11 from every node: it erases the active codes and all that hangs on them.
func (j *truck) clear(ctx context.Context) ([]Outcome, error) { return j.erase(ctx, j1939.PGNDM11) }

// ClearPrevious requests DM3 from every node of a truck: it erases the codes that are no longer active. It is
// guarded as [Tester.Clear] is.
func (t *Tester) ClearPrevious(ctx context.Context, force bool) ([]Outcome, error) {
	j, ok := t.spoken().(*truck)
	if !ok {
		return nil, errs.New(errs.Unsupported, "only SAE J1939 clears previously active codes alone")
	}
	if err := t.standstill(ctx, force); err != nil {
		return nil, err
	}
	out, err := j.erase(ctx, j1939.PGNDM3)
	t.forgetCodes()
	return out, err
}

func (j *truck) erase(ctx context.Context, pgn uint32) ([]Outcome, error) {
	nodes, err := j.nodes(ctx)
	if err != nil {
		return nil, err
	}
	var queries []link.Query
	for _, n := range nodes {
		queries = append(queries, link.Query{PGN: pgn, Destination: n.Address})
	}
	groups, err := link.RequestAll(ctx, j.network, queries)
	if err != nil && len(groups) == 0 {
		return nil, err
	}
	var out []Outcome
	for _, n := range nodes {
		out = append(out, j.outcome(n.Address, pgn, groups))
	}
	clear(j.state)
	return out, ended(ctx, err)
}

func (j *truck) outcome(node uint8, pgn uint32, groups []link.ParameterGroup) Outcome {
	o := Outcome{ECU: obd.NodeAddress(node)}
	why := j.unread(StepChange, node, true, pgn, link.ErrNoReply)
	for _, g := range groups {
		if g.Source != node {
			continue
		}
		if g.Err == nil {
			o.Done = true
			continue
		}
		why = j.unread(StepChange, node, true, pgn, g.Err)
	}
	if !o.Done {
		o.Why = &why
	}
	return o
}
