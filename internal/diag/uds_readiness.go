package diag

import (
	"context"
	"errors"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// The identifiers that hold the readiness: PID 01 behind F401, and the one of SAE J1979-2.
const (
	didStatusPID = 0xF401
	didStatus    = 0xF501
	statusBytes  = 4
)

// readiness reads MIL and monitors. An ECU without an identifier for them tells its MIL and how many codes
// it has by service 19.
func (u *udsCar) readiness(ctx context.Context) (obd.Readiness, []obd.Unread, error) {
	var all []obd.MonitorStatus
	var missed []obd.Unread
	var err error
	if u.hasOBD() {
		all, missed, err = u.statusByIdentifier(ctx)
	}
	for _, ecu := range u.tester.ECUs() {
		if err != nil {
			break
		}
		if isUnknown(ecu) || hasStatus(all, ecu) {
			continue
		}
		var status *obd.MonitorStatus
		if status, err = u.statusByCodes(ctx, ecu); status != nil {
			all = append(all, *status)
		}
	}
	byECU(all, func(s obd.MonitorStatus) obd.Address { return s.ECU })
	u.tester.status = all
	var cycle []obd.MonitorStatus
	if err == nil && u.hasOBD() && u.tester.support[obd.ServiceCurrentData].Any(j1979.PIDStatusThisCycle) {
		var lost []obd.Unread
		cycle, lost, err = u.statusThisCycle(ctx)
		missed = append(missed, lost...)
	}
	readiness := j1979.MergeReadiness(all, cycle)
	if len(all) == 0 && len(missed) == 0 {
		missed = u.lacks(obd.StepReadiness)
	}
	return readiness, missed, err
}

// statusThisCycle reads PID 41 behind F441.
func (u *udsCar) statusThisCycle(ctx context.Context) ([]obd.MonitorStatus, []obd.Unread, error) {
	items, missed, err := u.tester.current(ctx, obd.StepReadiness, []byte{j1979.PIDStatusThisCycle})
	var all []obd.MonitorStatus
	for _, i := range items {
		status, perr := j1979.ParseMonitorStatus(i.ecu, append([]byte{0x41, i.pid}, i.data...))
		if perr != nil {
			missed = append(missed, unread(obd.StepReadiness, i.ecu, []byte{1, i.pid}, malformed(perr)))
			continue
		}
		all = append(all, status)
	}
	return all, retold(missed), err
}

func hasStatus(all []obd.MonitorStatus, ecu obd.Address) bool {
	for _, s := range all {
		if s.ECU == ecu {
			return true
		}
	}
	return false
}

// statusByIdentifier asks for the identifier of the dialect, then for the other one where nobody has it.
func (u *udsCar) statusByIdentifier(ctx context.Context) ([]obd.MonitorStatus, []obd.Unread, error) {
	dids := []uint16{didStatus, didStatusPID}
	if u.id == obd.DialectWWHOBD {
		dids = []uint16{didStatusPID, didStatus}
	}
	var missed []obd.Unread
	for _, did := range dids {
		request := uds.ReadDIDs(did)
		replies, lost, err := u.tester.askAny(ctx, question{step: obd.StepReadiness, data: request})
		all, bad := statuses(replies, request)
		if len(all) > 0 || err != nil {
			return all, bad, err
		}
		missed = append(missed, append(lost, bad...)...)
	}
	for _, m := range missed {
		if m.Reason != obd.NotSupported && m.Reason != obd.NoReply {
			return nil, missed, nil
		}
	}
	return nil, missed[:min(1, len(missed))], nil
}

// statuses reads the four bytes of PID 01 from replies.
func statuses(replies []link.Reply, request []byte) ([]obd.MonitorStatus, []obd.Unread) {
	var all []obd.MonitorStatus
	var bad []obd.Unread
	for _, r := range replies {
		if len(r.Data) != 3+statusBytes {
			bad = append(bad, unread(obd.StepReadiness, r.ECU, request, malformed(errLayout)))
			continue
		}
		status, err := j1979.ParseMonitorStatus(r.ECU, append([]byte{0x41, j1979.PIDStatusSinceClear}, r.Data[3:]...))
		if err != nil {
			bad = append(bad, unread(obd.StepReadiness, r.ECU, request, malformed(err)))
			continue
		}
		all = append(all, status)
	}
	return all, bad
}

var errLayout = errors.New("the monitor status is not in the four bytes of PID 01")

// statusByCodes counts the confirmed codes of one ECU and those that ask for a lamp; nil where it does not
// know service 19.
func (u *udsCar) statusByCodes(ctx context.Context, ecu obd.Address) (*obd.MonitorStatus, error) {
	request := uds.DTCsByStatus(uds.ConfirmedDTC | uds.WarningIndicatorRequest)
	replies, _, err := u.askOne(ctx, obd.StepReadiness, ecu, request)
	for _, r := range replies {
		reply, perr := uds.Interpret(request, r.Data)
		report, ok := reply.Data.(*uds.DTCReport)
		if perr != nil || !ok {
			continue
		}
		status := &obd.MonitorStatus{ECU: ecu, Monitors: []obd.Monitor{}}
		for _, d := range report.DTCs {
			status.MIL = status.MIL || d.Status.Has(uds.WarningIndicatorRequest)
			if d.Status.Has(uds.ConfirmedDTC) {
				status.Codes++
			}
		}
		return status, err
	}
	return nil, err
}
