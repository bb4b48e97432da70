package diag

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// onRequest are the groups of values that are sent on request only and are worth a request in every scan.
var onRequest = []uint32{j1939.PGNEngineHours, 65255, 65257, 65244, 65209, j1939.PGNDM21}

const broadcastWindow = 1300 * time.Millisecond // most groups come once a second or faster; an ELM327 listens in turns

// read returns the newest value of every parameter that is broadcast, and those that are worth a request.
// With PIDs it returns only the signals that SAE J1979 has under the same names.
func (j *truck) read(ctx context.Context, pids []byte) ([]obd.Reading, []obd.Unread, error) {
	newest := map[[2]uint32]link.ParameterGroup{}
	keep := func(g link.ParameterGroup) bool {
		if g.Err == nil {
			newest[[2]uint32{uint32(g.Source), g.PGN}] = g
		}
		return true
	}
	var missed []obd.Unread
	window := broadcastWindow
	groups, _, err := j.ask(ctx, obd.StepReadings, onRequest...)
	for _, g := range groups {
		keep(g)
	}
	if m, ok := j.network.(link.Memory); ok {
		now := j.tester.now()
		oldest := now
		for _, g := range m.Recent() {
			if g.At.Before(oldest) {
				oldest = g.At
			}
			if now.Sub(g.At) <= 2*broadcastWindow {
				keep(g)
			}
		}
		window -= now.Sub(oldest)
	}
	if err == nil && window > 0 {
		err = j.listen(ctx, window, keep)
	}
	readings := []obd.Reading{}
	for _, g := range newest {
		readings = append(readings, j.values(g)...)
	}
	readings = slices.DeleteFunc(readings, func(r obd.Reading) bool { return r.Absent || len(pids) > 0 && !j.isOf(pids, r.Signal) })
	slices.SortStableFunc(readings, func(a, b obd.Reading) int {
		return cmp.Or(cmp.Compare(a.ECU, b.ECU), cmp.Compare(a.Signal, b.Signal))
	})
	if len(readings) == 0 && err == nil {
		missed = append(missed, obd.Unread{Step: obd.StepReadings, Reason: obd.NoReply, Detail: "no known parameter was broadcast"})
	}
	return readings, missed, err
}

// values decodes every parameter of a group.
func (j *truck) values(g link.ParameterGroup) []obd.Reading {
	ecu := obd.NodeAddress(g.Source)
	if g.PGN == j1939.PGNDM21 {
		return j.sinceClear(g, ecu)
	}
	group := j.book.Group(g.PGN)
	if group == nil {
		return nil
	}
	var out []obd.Reading
	for _, p := range group.Parameters {
		if r, ok := p.Reading(g.Data, g.At, ecu); ok {
			out = append(out, r)
		}
	}
	return out
}

// sinceClear gives DM21 under the names that SAE J1979 has for the same.
func (j *truck) sinceClear(g link.ParameterGroup, ecu obd.Address) []obd.Reading {
	m, err := j1939.ParseDM21(g.Data)
	if err != nil {
		return nil
	}
	at := obd.Stamp(g.At)
	out := []obd.Reading{
		{Signal: "MIL_DIST", Name: "Distance with MIL on", Value: m.DistanceMIL.Value, Unit: "km", Absent: m.DistanceMIL.Indicator != j1939.Valid},
		{Signal: "CLR_DIST", Name: "Distance since codes cleared", Value: m.DistanceCleared.Value, Unit: "km", Absent: m.DistanceCleared.Indicator != j1939.Valid},
		{Signal: "MIL_TIME", Name: "Time with MIL on", Value: m.MinutesMIL.Value, Unit: "min", Absent: m.MinutesMIL.Indicator != j1939.Valid},
		{Signal: "CLR_TIME", Name: "Time since codes cleared", Value: m.MinutesCleared.Value, Unit: "min", Absent: m.MinutesCleared.Indicator != j1939.Valid},
	}
	for i := range out {
		out[i].At, out[i].ECU = at, ecu
	}
	return out
}

// isOf tells whether a signal belongs to one of the PIDs.
func (j *truck) isOf(pids []byte, signal string) bool {
	for _, pid := range pids {
		c := j.tester.catalog.Command(obd.ServiceCurrentData, uint16(pid))
		if c == nil {
			continue
		}
		for i := range c.Signals {
			if c.Signals[i].ID == signal {
				return true
			}
		}
	}
	return false
}
