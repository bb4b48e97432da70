package diag

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// truck speaks SAE J1939-73 over a network of nodes.
type truck struct {
	mute
	tester  *Tester
	network link.Network
	book    *spn.Book

	found []link.Node
	state map[uint8]obd.LampStatus

	survey   map[uint32]bool // groups whose answers stand in surveyed, each for one use
	surveyed []link.ParameterGroup
	taken    time.Time
}

// newJ1939 returns the dialect of a link that is a network.
func newJ1939(t *Tester, n link.Network) dialect {
	return &truck{mute: mute{id: obd.DialectJ1939}, tester: t, network: n, book: spn.Builtin(), state: map[uint8]obd.LampStatus{}}
}

// nodes returns who is on the network, asked once.
func (j *truck) nodes(ctx context.Context) ([]link.Node, error) {
	if len(j.found) > 0 {
		return j.found, nil
	}
	found, err := j.network.Nodes(ctx)
	j.found = found
	for _, n := range found {
		j.tester.heard(obd.NodeAddress(n.Address))
	}
	return found, err
}

func (j *truck) supported(ctx context.Context, _ obd.Service) (Support, []obd.Unread, error) {
	found, err := j.nodes(ctx)
	var s Support
	for _, n := range found {
		s.ECUs = append(s.ECUs, obd.NodeAddress(n.Address))
	}
	return s, nil, ended(ctx, err)
}

// ask requests groups from every node alone, so that each answers or refuses, and sorts what came. A group
// that a node does not have is no loss while another one has it.
func (j *truck) ask(ctx context.Context, step obd.Step, pgns ...uint32) ([]link.ParameterGroup, []obd.Unread, error) {
	nodes, err := j.nodes(ctx)
	if err != nil {
		return nil, []obd.Unread{j.unread(step, 0, false, pgns[0], err)}, ended(ctx, err)
	}
	groups, open := j.foreseen(pgns)
	more, err := link.RequestAll(ctx, j.network, queriesOf(nodes, open))
	groups = append(groups, more...)
	var good []link.ParameterGroup
	var missed []obd.Unread
	for _, pgn := range pgns {
		part, lost := j.sort(step, pgn, groups)
		good, missed = append(good, part...), append(missed, lost...)
	}
	return good, missed, ended(ctx, err)
}

// scanned are the groups that a whole scan asks for. Asked all at once, a node that never refuses what it does
// not have is waited for once and not in every step.
var scanned = []uint32{
	j1939.PGNVehicleID, j1939.PGNComponentID, j1939.PGNSoftwareID, j1939.PGNECUID, j1939.PGNDM19, j1939.PGNDM20,
	j1939.PGNDM5, j1939.PGNDM26, j1939.PGNDM21, j1939.PGNDM1, j1939.PGNDM12, j1939.PGNDM2, j1939.PGNDM23, j1939.PGNDM6,
	j1939.PGNDM27, j1939.PGNDM28, j1939.PGNDM24, j1939.PGNDM25, j1939.PGNDM4, j1939.PGNDM30,
	j1939.PGNEngineHours, 65255, 65257, 65244, 65209,
}

const surveyLasts = 5 * time.Second

// look asks for everything that the steps of a scan will want.
func (j *truck) look(ctx context.Context) error {
	nodes, err := j.nodes(ctx)
	if err != nil {
		return err
	}
	groups, err := link.RequestAll(ctx, j.network, queriesOf(nodes, scanned))
	if err != nil {
		return err
	}
	j.surveyed, j.survey, j.taken = groups, map[uint32]bool{}, j.tester.now()
	for _, pgn := range scanned {
		j.survey[pgn] = true
	}
	return nil
}

// foreseen returns the answers that are there from a survey, and which groups are still to be asked for.
func (j *truck) foreseen(pgns []uint32) (groups []link.ParameterGroup, open []uint32) {
	fresh := j.tester.now().Sub(j.taken) < surveyLasts
	for _, pgn := range pgns {
		if !fresh || !j.survey[pgn] {
			open = append(open, pgn)
			continue
		}
		delete(j.survey, pgn)
		for _, g := range j.surveyed {
			if g.PGN == pgn {
				groups = append(groups, g)
			}
		}
	}
	return groups, open
}

func queriesOf(nodes []link.Node, pgns []uint32) []link.Query {
	var queries []link.Query
	for _, n := range nodes {
		for _, pgn := range pgns {
			queries = append(queries, link.Query{PGN: pgn, Destination: n.Address})
		}
	}
	return queries
}

// sort takes the answers for one group.
func (j *truck) sort(step obd.Step, pgn uint32, groups []link.ParameterGroup) (good []link.ParameterGroup, missed []obd.Unread) {
	refused := false
	for _, g := range groups {
		if g.PGN != pgn {
			continue
		}
		refusal, ok := errors.AsType[*link.Refusal](g.Err)
		switch {
		case ok && refusal.Code == link.AckNegative:
			refused = true
		case g.Err != nil:
			missed = append(missed, j.unread(step, g.Source, true, pgn, g.Err))
		default:
			good = append(good, g)
		}
	}
	if len(good) > 0 || len(missed) > 0 {
		return good, missed
	}
	u := j.unread(step, 0, false, pgn, link.ErrNoReply)
	if refused {
		u.Reason, u.Detail = obd.NotSupported, "no node has PGN "+j.label(pgn)
	}
	return nil, []obd.Unread{u}
}

// label names a group for people: "65226 (DM1)".
func (j *truck) label(pgn uint32) string {
	if g := j.book.Group(pgn); g != nil {
		return fmt.Sprintf("%d (%s)", pgn, g.Short)
	}
	return fmt.Sprint(pgn)
}

func (j *truck) unread(step obd.Step, source uint8, known bool, pgn uint32, err error) obd.Unread {
	u := obd.Unread{Step: step, Request: fmt.Sprintf("%06X", pgn), Detail: "PGN " + j.label(pgn) + ": " + err.Error()}
	u.Reason, _ = reasonOf(err)
	if _, ok := errors.AsType[*link.Refusal](err); ok {
		u.Reason = obd.Refused
	}
	if known {
		u.ECU = obd.NodeAddress(source)
	}
	return u
}

// broadcast returns the newest message of a group per node, heard within its time.
func (j *truck) broadcast(pgn uint32, within time.Duration) []link.ParameterGroup {
	m, ok := j.network.(link.Memory)
	if !ok {
		return nil
	}
	var out []link.ParameterGroup
	for _, g := range m.Recent() {
		if g.PGN == pgn && j.tester.now().Sub(g.At) <= within {
			out = append(out, g)
		}
	}
	return out
}

// listen collects what is broadcast for a while.
func (j *truck) listen(ctx context.Context, d time.Duration, yield func(link.ParameterGroup) bool) error {
	quiet, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return ended(ctx, j.network.Listen(quiet, yield))
}
