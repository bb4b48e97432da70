package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// Readiness reads PID 01 and, where an ECU has it, PID 41 from every ECU and merges them. MIL and the
// count of codes stand in PerECU.
func (t *Tester) Readiness(ctx context.Context) (obd.Readiness, []obd.Unread, error) {
	if d := t.spoken(); d != nil {
		return d.readiness(ctx)
	}
	pids := []byte{j1979.PIDStatusSinceClear}
	if t.support[obd.ServiceCurrentData].Any(j1979.PIDStatusThisCycle) {
		pids = append(pids, j1979.PIDStatusThisCycle)
	}
	items, missed, err := t.current(ctx, obd.StepReadiness, pids)
	var since, cycle []obd.MonitorStatus
	for _, i := range items {
		status, perr := j1979.ParseMonitorStatus(i.ecu, append([]byte{0x41, i.pid}, i.data...))
		switch {
		case perr != nil:
			missed = append(missed, unread(obd.StepReadiness, i.ecu, []byte{1, i.pid}, malformed(perr)))
		case i.pid == j1979.PIDStatusSinceClear:
			since = append(since, status)
		default:
			cycle = append(cycle, status)
		}
	}
	t.status = since
	return j1979.MergeReadiness(since, cycle), missed, err
}
