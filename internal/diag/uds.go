package diag

import (
	"context"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// udsCar speaks services 14, 19 and 22 of ISO 14229-1: SAE J1979-2 (OBDonUDS) and ISO 27145 (WWH-OBD) with
// the PIDs of SAE J1979 as identifiers, or nothing but UDS, as electric cars do.
type udsCar struct {
	mute
	tester *Tester
	// seen are the codes that the lists named so far, for their freeze frames.
	seen []seenCode
	// lengths are those of the maker's own identifiers, learned by asking for them.
	lengths map[ownDID]int
}

// seenCode is one code of one ECU.
type seenCode struct {
	ecu    obd.Address
	code   uds.DTC
	format uds.Format
}

// ownDID is an identifier of one ECU.
type ownDID struct {
	ecu obd.Address
	did uint16
}

func newUDS(t *Tester, id obd.Dialect) *udsCar {
	return &udsCar{mute: mute{id: id}, tester: t, lengths: map[ownDID]int{}}
}

// hasOBD tells that PIDs, monitor tests and vehicle information stand behind identifiers.
func (u *udsCar) hasOBD() bool { return u.id != obd.DialectUDSOnly }

// ask sends a request to every ECU, then to those alone that were heard from before and said nothing: a
// functional request is not refused in words (ISO 14229-1 clause 8.7).
func (u *udsCar) ask(ctx context.Context, step obd.Step, request []byte) ([]link.Reply, []obd.Unread, error) {
	t := u.tester
	replies, missed, err := t.ask(ctx, question{step: step, data: request})
	if onlySilence(missed) {
		missed = nil
	}
	for _, ecu := range t.ECUs() {
		if err != nil {
			return replies, missed, err
		}
		if isUnknown(ecu) || slices.ContainsFunc(replies, func(r link.Reply) bool { return r.ECU == ecu }) ||
			slices.ContainsFunc(missed, func(m obd.Unread) bool { return m.ECU == ecu }) {
			continue
		}
		var late []link.Reply
		var lost []obd.Unread
		late, lost, err = u.askOne(ctx, step, ecu, request)
		replies, missed = append(replies, late...), append(missed, lost...)
	}
	if len(replies) == 0 && len(missed) == 0 && err == nil {
		missed = append(missed, unread(step, obd.Functional, request, link.ErrNoReply))
	}
	byECU(replies, func(r link.Reply) obd.Address { return r.ECU })
	return replies, missed, err
}

func (u *udsCar) askOne(ctx context.Context, step obd.Step, ecu obd.Address, request []byte) ([]link.Reply, []obd.Unread, error) {
	replies, missed, err := u.tester.ask(ctx, question{step: step, target: ecu, data: request})
	for i := range missed {
		if missed[i].ECU == obd.Functional {
			missed[i].ECU = ecu
		}
	}
	return replies, missed, err
}

// knowledge is what a reply of an ECU does not tell: how long the PIDs behind identifiers are, and what was
// learned of its own ones.
func (u *udsCar) knowledge(ecu obd.Address) uds.Knowledge {
	return uds.Knowledge{Length: func(did uint16) int {
		if did>>8 == didPID && u.tester.lengths[byte(did)] > 0 {
			return u.tester.lengths[byte(did)]
		}
		if n, ok := u.lengths[ownDID{ecu, did}]; ok {
			return n
		}
		return -1
	}}
}

func (u *udsCar) supported(ctx context.Context, service obd.Service) (Support, []obd.Unread, error) {
	if !u.hasOBD() {
		return Support{}, nil, ctx.Err()
	}
	support, missed, err := u.tester.supported(ctx, &walk{tester: u.tester, service: service})
	return support, retold(missed), err
}

func (u *udsCar) read(ctx context.Context, pids []byte) ([]obd.Reading, []obd.Unread, error) {
	if !u.hasOBD() && len(pids) == 0 {
		return u.mute.read(ctx, pids)
	}
	if pids == nil {
		pids = u.tester.support[obd.ServiceCurrentData].IDs()
	}
	readings, missed, err := u.tester.read(ctx, pids)
	return readings, retold(missed), err
}

func (u *udsCar) monitorTests(ctx context.Context) ([]obd.MonitorTest, []obd.Unread, error) {
	if !u.hasOBD() {
		return u.mute.monitorTests(ctx)
	}
	tests, missed, err := u.tester.monitorTests(ctx)
	return tests, retold(missed), err
}

func (u *udsCar) engineSpeed(ctx context.Context) (float64, bool, error) {
	return u.tester.engineSpeed(ctx)
}
