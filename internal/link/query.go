package link

import (
	"context"
	"errors"
)

// Query is one request of a parameter group (PGN 59904).
type Query struct {
	PGN         uint32
	Destination uint8 // 255 for all
	// Results, where it is not 0, is a parameter (SPN) whose last test results the node is told to send by
	// the command DM7; PGN is then that of the answer (DM30), and Destination is one node. It is no request:
	// the list must permit PGN 58112.
	Results uint32
}

// PGNCommandTest is DM7, see [Query].
const PGNCommandTest = 58112

// CheckQuery is [Allow.CheckPGN] for what the query sends.
func (a Allow) CheckQuery(q Query) error {
	if q.Results != 0 {
		return a.CheckPGN(PGNCommandTest)
	}
	return a.CheckPGN(q.PGN)
}

// Batcher is a Network that has several requests under way at once: one per node and as many nodes as
// there are, so that a truck is read in the time of its slowest node.
type Batcher interface {
	// RequestAll asks every query and returns what came, refusals in Err; a query that nobody answered
	// leaves nothing. Its error is a [*Fault] or ctx.Err().
	RequestAll(ctx context.Context, queries []Query) ([]ParameterGroup, error)
}

// RequestAll asks every query, at once where the network can and one by one elsewhere.
func RequestAll(ctx context.Context, n Network, queries []Query) ([]ParameterGroup, error) {
	if b, ok := n.(Batcher); ok {
		return b.RequestAll(ctx, queries)
	}
	var all []ParameterGroup
	for _, q := range queries {
		groups, err := n.Request(ctx, q.PGN, q.Destination)
		all = append(all, groups...)
		if err != nil && !errors.Is(err, ErrNoReply) && (ctx.Err() != nil || IsLost(err)) {
			return all, err
		}
	}
	return all, nil
}

// Memory is a Network that remembers the newest message of every parameter group and source, so that what is
// broadcast all the time need not be waited for.
type Memory interface{ Recent() []ParameterGroup }
