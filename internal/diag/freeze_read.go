package diag

import (
	"context"
	"errors"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// fill reads every PID of a frame.
func (f *freezer) fill(ctx context.Context, frame *obd.FreezeFrame) error {
	f.guessed = false
	pids, err := f.pids(ctx, frame.ECU, frame.Index)
	if err != nil {
		return err
	}
	f.ignored = 0
	for len(pids) > 0 {
		if f.ignored >= givenUp || f.requests >= maxFreeze {
			f.miss(frame.ECU, f.request(frame.Index, pids...), errors.New("given up: nothing usable came"))
			return nil
		}
		n := f.fits(pids)
		open, err := f.read(ctx, frame, pids[:n])
		if err != nil {
			return err
		}
		if n > 1 {
			for _, pid := range open {
				if _, err := f.read(ctx, frame, []byte{pid}); err != nil {
					return err
				}
			}
		}
		pids = pids[n:]
	}
	return nil
}

// fits tells how many of the next PIDs go into one request.
func (f *freezer) fits(pids []byte) int {
	t := f.tester
	if !t.batches() || f.plain {
		return 1
	}
	n := 0
	for n < min(len(pids), freezeInBatch, t.batch) && t.lengths[pids[n]] > 0 {
		n++
	}
	return max(n, 1)
}

// read asks one ECU for PIDs of a frame and returns those that it left out.
func (f *freezer) read(ctx context.Context, frame *obd.FreezeFrame, pids []byte) ([]byte, error) {
	request := f.request(frame.Index, pids...)
	r, missed, err := f.ask(ctx, frame.ECU, request, f.frames(pids))
	f.requests++
	open := slices.Clone(pids)
	for _, i := range f.split(r, pids, frame.Index) {
		open = slices.DeleteFunc(open, func(pid byte) bool { return pid == i.pid })
		c := f.tester.catalog.Command(obd.ServiceFreezeFrame, uint16(i.pid))
		values, derr := c.Decode(nil, i.data)
		if derr != nil {
			f.miss(frame.ECU, f.request(frame.Index, i.pid), derr)
		}
		frame.Readings = appendReadings(frame.Readings, values, r.At, frame.ECU)
	}
	if f.ignored++; len(open) < len(pids) {
		f.ignored = 0
	}
	if len(open) > 0 {
		f.tester.foreseen[obd.ServiceFreezeFrame] = 0
	}
	if len(open) > 0 && (len(pids) == 1 && !f.guessed || err != nil) {
		f.missed = append(f.missed, missed...)
		if len(missed) == 0 {
			f.missed = append(f.missed, unread(obd.StepFreeze, frame.ECU, request, link.ErrNoReply))
		}
	}
	return open, err
}

// ask sends a request that only one ECU should answer.
func (f *freezer) ask(ctx context.Context, ecu obd.Address, request []byte, frames int) (link.Reply, []obd.Unread, error) {
	q := question{step: obd.StepFreeze, data: request, target: f.target(ecu), frames: frames}
	replies, missed, err := f.tester.ask(ctx, q)
	if i := slices.IndexFunc(replies, func(r link.Reply) bool { return r.ECU == ecu }); i >= 0 {
		return replies[i], nil, err
	}
	missed = slices.DeleteFunc(missed, func(u obd.Unread) bool { return u.ECU != ecu && u.ECU != obd.Functional })
	return link.Reply{ECU: ecu}, missed, err
}

// frames is how many CAN frames the answer takes if the ECU has all the PIDs, 0 where that cannot be told.
func (f *freezer) frames(pids []byte) int {
	length := 1
	for _, pid := range pids {
		if f.tester.lengths[pid] == 0 {
			return 0
		}
		length += 2 + f.tester.lengths[pid]
	}
	if !f.tester.protocol().IsCAN() {
		return 0
	}
	return framesOf(length)
}

// split cuts a reply into PIDs: each one is followed by the frame number and its data.
func (f *freezer) split(r link.Reply, pids []byte, index byte) []item {
	if len(pids) == 1 {
		data, ok := f.data(r, pids[0], index)
		if !ok {
			return nil
		}
		return []item{{ecu: r.ECU, pid: pids[0], data: data, at: r.At}}
	}
	var items []item
	for rest := r.Data[min(1, len(r.Data)):]; len(rest) > 2; {
		pid := rest[0]
		end := 2 + f.tester.lengths[pid]
		if !slices.Contains(pids, pid) || rest[1] != index || len(rest) < end {
			break
		}
		items = append(items, item{ecu: r.ECU, pid: pid, data: rest[2:end], at: r.At})
		rest = rest[end:]
	}
	return items
}
