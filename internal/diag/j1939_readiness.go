package diag

import (
	"context"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// readiness reads DM5 and DM26 of every node. DM5 of a node without a diagnosis of emissions does not count.
func (j *truck) readiness(ctx context.Context) (obd.Readiness, []obd.Unread, error) {
	pgns := []uint32{j1939.PGNDM5, j1939.PGNDM26}
	if j.seeLamps(); len(j.state) == 0 {
		pgns = append(pgns, j1939.PGNDM1)
	}
	groups, missed, err := j.ask(ctx, obd.StepReadiness, pgns...)
	out := obd.Readiness{Ignition: obd.Compression}
	var lost []obd.Unread
	for _, m := range missed {
		if m.ECU != 0 || m.Request == "00FECE" {
			lost = append(lost, m) // DM26 is not there on older trucks
		}
	}
	j.seeLamps(groups...)
	for _, g := range groups {
		if g.PGN == j1939.PGNDM1 {
			continue
		}
		if g.PGN == j1939.PGNDM26 {
			if m, perr := j1939.ParseDM26(g.Data); perr == nil {
				out.ThisCycle = mergeMonitors(out.ThisCycle, m.Systems.Monitors())
			}
			continue
		}
		m, perr := j1939.ParseDM5(g.Data)
		if perr != nil {
			lost = append(lost, j.unread(obd.StepReadiness, g.Source, true, g.PGN, malformed(perr)))
			continue
		}
		if !m.EmissionController {
			continue
		}
		monitors := m.Systems.Monitors()
		out.SinceClear = mergeMonitors(out.SinceClear, monitors)
		status := obd.MonitorStatus{ECU: obd.NodeAddress(g.Source), Codes: int(m.Active.Value), Ignition: obd.Compression, Monitors: monitors}
		status.MIL = j.state[g.Source].MIL.IsLit()
		out.PerECU = append(out.PerECU, status)
	}
	byECU(out.PerECU, func(s obd.MonitorStatus) obd.Address { return s.ECU })
	return out, lost, err
}

// mergeMonitors adds a node's monitors: supported where any node has it, incomplete where any that has it says so.
func mergeMonitors(to, more []obd.Monitor) []obd.Monitor {
	if to == nil {
		return append([]obd.Monitor{}, more...)
	}
	for i := range to {
		for _, m := range more {
			if m.ID != to[i].ID || !m.Supported {
				continue
			}
			to[i].Complete = m.Complete && (to[i].Complete || !to[i].Supported)
			to[i].Supported = true
		}
	}
	return to
}

// seeLamps takes the lamps of every DM1 that is known already: the MIL belongs to the readiness.
func (j *truck) seeLamps(more ...link.ParameterGroup) {
	known := slices.Concat(more, j.surveyed, j.broadcast(j1939.PGNDM1, 2*dm1Period))
	for _, g := range known {
		if g.PGN != j1939.PGNDM1 || g.Err != nil {
			continue
		}
		if l, err := j1939.ParseList(g.Data, j.tester.spnMethod); err == nil {
			j.see(g, l.Lamps)
		}
	}
}
