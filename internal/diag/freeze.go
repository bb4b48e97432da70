package diag

import (
	"context"
	"errors"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

const (
	pidFrameCode  = 0x02 // the code that caused the frame
	maxFrames     = 32   // frames of one ECU; real ones store one to a handful
	maxFreeze     = 512  // requests for the values of all frames; real cars need a few dozen
	freezeInBatch = 3    // PIDs of one request of service 02 (SAE J1979 6.2.3)
)

// FreezeFrames reads every freeze frame of every ECU (service 02), by index until the ECU has no more.
// An ECU that refuses a frame number, as the oldest do, is asked without one.
func (t *Tester) FreezeFrames(ctx context.Context) ([]obd.FreezeFrame, []obd.Unread, error) {
	if d := t.spoken(); d != nil {
		return d.freezeFrames(ctx)
	}
	f := freezer{tester: t, done: map[obd.Address]bool{}}
	frames := []obd.FreezeFrame{}
	var err error
	for index := 0; index < maxFrames && err == nil; index++ {
		var found []obd.FreezeFrame
		found, err = f.find(ctx, byte(index))
		for i := 0; i < len(found) && err == nil; i++ {
			err = f.fill(ctx, &found[i])
			if f.done[found[i].ECU] = isRepeated(frames, found[i]); !f.done[found[i].ECU] {
				frames = append(frames, found[i])
			}
		}
		if len(found) == 0 {
			break
		}
	}
	byECU(frames, func(x obd.FreezeFrame) obd.Address { return x.ECU })
	byECU(f.missed, func(u obd.Unread) obd.Address { return u.ECU })
	return frames, f.missed, err
}

// isRepeated tells that an ECU gave the frame before it again: some answer every index with their only one.
func isRepeated(frames []obd.FreezeFrame, f obd.FreezeFrame) bool {
	return slices.ContainsFunc(frames, func(old obd.FreezeFrame) bool {
		return old.ECU == f.ECU && old.Code == f.Code && len(old.Readings) > 0 &&
			slices.EqualFunc(old.Readings, f.Readings, func(a, b obd.Reading) bool {
				a.At = b.At
				return a == b
			})
	})
}

// freezer reads frames; plain is set for ECUs that take no frame number.
type freezer struct {
	tester   *Tester
	plain    bool
	done     map[obd.Address]bool // ECUs that have no further frame
	missed   []obd.Unread
	ignored  int // requests in a row that brought nothing of the frame being read
	requests int
	// guessed is set while PIDs are asked for that the ECU may not have stored: silence is no loss then.
	guessed bool
}

// find asks all ECUs which code stored their frame of this index; 0000 or silence means none.
func (f *freezer) find(ctx context.Context, index byte) ([]obd.FreezeFrame, error) {
	if f.plain && index > 0 {
		return nil, nil
	}
	request := f.request(index, pidFrameCode)
	ask := f.tester.ask
	if index == 0 {
		ask = f.tester.askAny
	}
	replies, missed, err := ask(ctx, question{step: obd.StepFreeze, data: request})
	if err == nil && index == 0 && len(replies) == 0 && worthPlain(missed) {
		f.plain = true
		request = f.request(0, pidFrameCode)
		replies, missed, err = f.tester.ask(ctx, question{step: obd.StepFreeze, data: request})
		f.plain = len(replies) > 0
	}
	if err != nil || index == 0 && len(replies) == 0 {
		f.missed = append(f.missed, missed...)
	}
	var found []obd.FreezeFrame
	for _, r := range replies {
		data, ok := f.data(r, pidFrameCode, index)
		switch {
		case !ok || len(data) < 2:
			f.miss(r.ECU, request, errors.New("reply names another PID or frame, or is too short"))
		case data[0] == 0 && data[1] == 0, f.done[r.ECU]:
			// Without headers one of several nameless ECUs may still have a frame.
			f.done[r.ECU] = r.ECU != obd.Functional
		default:
			found = append(found, obd.FreezeFrame{
				ECU: r.ECU, Index: index, Code: obd.FormatDTC(data[0], data[1]), Readings: []obd.Reading{},
			})
		}
	}
	return found, err
}

// worthPlain tells that no ECU took the request with a frame number, and one may without.
func worthPlain(missed []obd.Unread) bool {
	return slices.ContainsFunc(missed, func(u obd.Unread) bool {
		return u.NRC != nil && (*u.NRC == link.NRCWrongLength || *u.NRC == 0x12 || *u.NRC == link.NRCOutOfRange)
	})
}

func (f *freezer) miss(ecu obd.Address, request []byte, err error) {
	f.missed = append(f.missed, unread(obd.StepFreeze, ecu, request, malformed(err)))
}

// request asks for PIDs of one frame: each PID followed by the frame number.
func (f *freezer) request(index byte, pids ...byte) []byte {
	if f.plain {
		return []byte{byte(obd.ServiceFreezeFrame), pids[0]}
	}
	request := j1979.Freeze(pids[0], index)
	for _, pid := range pids[1:] {
		request = append(request, pid, index)
	}
	return request
}

// data returns what stands behind the PID and the frame number of a reply to one PID. Old ECUs with one
// frame take its number and do not repeat it: their reply has no room for it.
func (f *freezer) data(r link.Reply, pid, index byte) ([]byte, bool) {
	head := []byte{pid, index}
	n := f.tester.lengths[pid]
	if f.plain || index == 0 && n > 0 && len(r.Data) == 2+n {
		head = head[:1]
	}
	if len(r.Data) < 1+len(head) || !slices.Equal(r.Data[1:1+len(head)], head) {
		return nil, false
	}
	return r.Data[1+len(head):], true
}

// pids returns what the ECU stored in a frame, without the code that find has read. Frames differ; where
// an ECU has no bitmap for a later one, that of the first holds.
func (f *freezer) pids(ctx context.Context, ecu obd.Address, index byte) ([]byte, error) {
	t := f.tester
	support, missed, err := t.supported(ctx, &walk{tester: t, service: obd.ServiceFreezeFrame, plain: f.plain})
	if err == nil && (len(support.Of(ecu)) == 0 || support.IsSuspect(ecu)) {
		return f.guess(ecu), nil
	}
	for _, m := range missed {
		m.Step = obd.StepFreeze
		f.missed = append(f.missed, m)
	}
	if err == nil && index > 0 {
		w := walk{tester: t, service: obd.ServiceFreezeFrame, frame: index, target: f.target(ecu)}
		if err = w.run(ctx); len(w.found.Of(ecu)) > 0 {
			support = w.found
		}
	}
	return slices.DeleteFunc(support.Of(ecu), f.isUseless), err
}

// isUseless tells PIDs that need not be asked for: the code that is known already, and what cannot be decoded.
func (f *freezer) isUseless(pid byte) bool {
	return pid == pidFrameCode || f.tester.catalog.Command(obd.ServiceFreezeFrame, uint16(pid)) == nil
}

// usualFreeze are the PIDs that freeze frames have had since the first ones (SAE J1979 6.2).
var usualFreeze = []byte{0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11}

// guess returns what to try of an ECU that stored a frame and has no bitmap of it: the usual PIDs that it
// has in service 01.
func (f *freezer) guess(ecu obd.Address) []byte {
	f.guessed = true
	support, known := f.tester.support[obd.ServiceCurrentData]
	return slices.DeleteFunc(slices.Clone(usualFreeze), func(pid byte) bool {
		return known && !support.Has(ecu, pid) || f.isUseless(pid)
	})
}

// target is whom to ask for the frames of an ECU: it alone where the line can, all where not.
func (f *freezer) target(ecu obd.Address) obd.Address {
	if f.tester.isCAN() && len(f.tester.ecus) > 1 {
		return ecu
	}
	return obd.Functional
}
