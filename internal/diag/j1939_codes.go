package diag

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// truckList is one diagnostic message that lists codes.
type truckList struct {
	pgn  uint32
	name string
	kind obd.CodeKind
}

// truckLists of a kind. A truck's "stored" codes are those that are there now, those that were there, and of
// both those that light the MIL.
func truckLists(kind obd.CodeKind) []truckList {
	active := truckList{j1939.PGNDM1, "DM1", obd.Active}
	before := truckList{j1939.PGNDM2, "DM2", obd.PreviouslyActive}
	switch kind {
	case obd.Active:
		return []truckList{active}
	case obd.PreviouslyActive:
		return []truckList{before, {j1939.PGNDM23, "DM23", obd.PreviouslyActive}}
	case obd.Pending:
		return []truckList{{j1939.PGNDM6, "DM6", obd.Pending}, {j1939.PGNDM27, "DM27", obd.Pending}}
	case obd.Permanent:
		return []truckList{{j1939.PGNDM28, "DM28", obd.Permanent}}
	}
	return []truckList{active, {j1939.PGNDM12, "DM12", obd.Stored}, before, {j1939.PGNDM23, "DM23", obd.PreviouslyActive}}
}

const dm1Period = 1100 * time.Millisecond // DM1 comes every second

func (j *truck) codes(ctx context.Context, kind obd.CodeKind) ([]obd.DTC, []obd.Unread, error) {
	lists := truckLists(kind)
	var pgns []uint32
	for _, l := range lists {
		pgns = append(pgns, l.pgn)
	}
	step := listStep(kind)
	groups, missed, err := j.ask(ctx, step, pgns...)
	if err == nil && lists[0].pgn == j1939.PGNDM1 {
		groups, missed, err = j.completeDM1(ctx, groups, missed)
	}
	codes := []obd.DTC{}
	for _, l := range lists {
		for _, g := range groups {
			if g.PGN != l.pgn {
				continue
			}
			list, perr := j1939.ParseList(g.Data, j.tester.spnMethod)
			if perr != nil {
				missed = append(missed, j.unread(step, g.Source, true, g.PGN, malformed(perr)))
				continue
			}
			j.see(g, list.Lamps)
			codes = j.appendCodes(codes, list.DTCs, l, g.Source)
		}
	}
	byECU(codes, func(c obd.DTC) obd.Address { return c.ECU })
	byECU(missed, func(u obd.Unread) obd.Address { return u.ECU })
	return codes, j.worth(missed, lists, len(groups) > 0), err
}

// worth drops the note that an optional list is not there: only a step of which nothing could be read is unread.
func (j *truck) worth(missed []obd.Unread, lists []truckList, some bool) []obd.Unread {
	var out []obd.Unread
	for i, m := range missed {
		if m.ECU == 0 && (some || i > 0 && len(lists) > 1) {
			continue
		}
		out = append(out, m)
	}
	return out
}

// completeDM1 adds the broadcasts of nodes that did not answer the request for DM1; where nothing was heard of
// it so far, one period is waited for.
func (j *truck) completeDM1(ctx context.Context, groups []link.ParameterGroup, missed []obd.Unread) ([]link.ParameterGroup, []obd.Unread, error) {
	have := map[uint8]bool{}
	for _, g := range groups {
		if g.PGN == j1939.PGNDM1 {
			have[g.Source] = true
		}
	}
	add := func(g link.ParameterGroup) bool {
		if g.PGN == j1939.PGNDM1 && g.Err == nil && !have[g.Source] {
			have[g.Source] = true
			groups = append(groups, g)
		}
		return true
	}
	for _, g := range j.broadcast(j1939.PGNDM1, 2*dm1Period) {
		add(g)
	}
	var err error
	if len(have) == 0 {
		err = j.listen(ctx, dm1Period, add)
	}
	if len(have) > 0 {
		for i := 0; i < len(missed); i++ {
			if missed[i].ECU == 0 && missed[i].Request == "00FECA" {
				missed = append(missed[:i:i], missed[i+1:]...)
				i--
			}
		}
	}
	return groups, missed, err
}

// appendCodes adds the codes of one list of one node, each once per kind.
func (j *truck) appendCodes(to []obd.DTC, codes []j1939.DTC, l truckList, source uint8) []obd.DTC {
next:
	for _, c := range codes {
		d := j.dtc(c, source)
		d.Kind, d.List = l.kind, l.name
		for _, other := range to {
			if other.ECU == d.ECU && other.Code == d.Code && other.Kind == d.Kind {
				continue next
			}
		}
		to = append(to, d)
	}
	return to
}

func (j *truck) dtc(c j1939.DTC, source uint8) obd.DTC {
	number, mode, method := c.SPN, c.FMI, c.Method
	d := obd.DTC{Code: c.String(), ECU: obd.NodeAddress(source), SPN: &number, FMI: &mode, Conversion: &method}
	if count := c.Count; count != j1939.NoCount {
		d.Occurrences = &count
	}
	j.tester.book.Fill(&d)
	return d
}

// see remembers the lamps that a node asks for; any message that has them counts, DM1 most.
func (j *truck) see(g link.ParameterGroup, l j1939.Lamps) {
	if _, ok := j.state[g.Source]; ok && g.PGN != j1939.PGNDM1 {
		return
	}
	j.state[g.Source] = obd.LampStatus{ECU: obd.NodeAddress(g.Source), MIL: l.MIL, RedStop: l.RedStop, Amber: l.Amber, Protect: l.Protect}
}

func (j *truck) lamps() []obd.LampStatus {
	var out []obd.LampStatus
	for a := range 256 {
		if s, ok := j.state[uint8(a)]; ok {
			out = append(out, s)
		}
	}
	return out
}
