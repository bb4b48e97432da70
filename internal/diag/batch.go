package diag

import (
	"context"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// givenUp is how many requests in a row an ECU may ignore before its batches are no longer split: the
// path from six PIDs down to one takes four.
const givenUp = 8

// ask sends one batch, keeps what came and returns what is to be asked again, in smaller batches.
func (s *sweep) ask(ctx context.Context, batch []byte) ([][]byte, error) {
	request := j1979.Current(batch...)
	replies, missed, err := s.tester.ask(ctx, question{step: s.step, data: request, frames: s.frames(batch)})
	answered := map[obd.Address]int{}
	for i, r := range replies {
		n, perr := s.take(r, i, batch)
		answered[r.ECU] += n
		if perr != nil && len(batch) == 1 {
			missed = append(missed, unread(s.step, r.ECU, request, malformed(perr)))
		}
	}
	if err != nil {
		s.missed = append(s.missed, missed...)
		return nil, err
	}
	s.learn(batch, answered)
	if len(batch) == 1 {
		s.note(batch[0], request, missed)
		return nil, nil
	}
	return s.again(batch, answered), nil
}

// frames is how many frames the answers to a batch take if each ECU sends what it claims, 0 where that
// cannot be told.
func (s *sweep) frames(batch []byte) int {
	if !s.tester.protocol().IsCAN() || len(s.support.Suspect) > 0 {
		return 0
	}
	total := 0
	for _, ecu := range s.support.ECUs {
		length := 1
		for _, pid := range batch {
			if !s.support.Has(ecu, pid) {
				continue
			}
			if s.tester.lengths[pid] == 0 {
				return 0
			}
			length += 1 + s.tester.lengths[pid]
		}
		if length > 1 {
			total += framesOf(length)
		}
	}
	return total
}

// take keeps the data of every PID that was asked for and tells how many there were.
func (s *sweep) take(r link.Reply, nth int, batch []byte) (int, error) {
	if len(batch) == 1 {
		if len(r.Data) < 3 || r.Data[1] != batch[0] {
			return 0, errMalformed
		}
		s.keep(r, nth, batch[0], r.Data[2:])
		return 1, nil
	}
	items, err := j1979.SplitBatch(r.Data, batch, func(pid byte) int { return s.tester.lengths[pid] })
	for _, i := range items {
		s.keep(r, nth, i.PID, i.Data)
	}
	return len(items), err
}

func (s *sweep) keep(r link.Reply, nth int, pid byte, data []byte) {
	key := gotKey{ecu: r.ECU, pid: pid}
	if isUnknown(r.ECU) && s.got[key] {
		key.nth = nth // another ECU that has no address either
	}
	if !s.got[key] {
		s.got[key] = true
		s.items = append(s.items, item{ecu: r.ECU, pid: pid, data: data, at: r.At})
	}
}

// open tells whether an ECU that claims the PID did not send it yet.
func (s *sweep) open(ecu obd.Address, pid byte) bool {
	return s.support.Has(ecu, pid) && !s.got[gotKey{ecu: ecu, pid: pid}]
}

// learn remembers the batch size that an ECU stands: it sent less than it claims of a larger batch, and
// now sends what it had left out.
func (s *sweep) learn(batch []byte, answered map[obd.Address]int) {
	for _, ecu := range s.support.ECUs {
		if answered[ecu] > 1 {
			s.batched[ecu] = true
		}
		claims := slices.ContainsFunc(batch, func(pid byte) bool { return s.support.Has(ecu, pid) })
		open := slices.ContainsFunc(batch, func(pid byte) bool { return s.open(ecu, pid) })
		switch {
		case !claims:
		case open:
			s.tester.foreseen[obd.ServiceCurrentData] = 0
			s.quiet[ecu]++
			if answered[ecu] > 0 {
				s.quiet[ecu] = 0
			}
			if len(batch) > 1 {
				s.short[ecu] = answered[ecu]
			}
		default:
			s.quiet[ecu] = 0
			if short, fell := s.short[ecu]; fell {
				s.tester.limits[ecu] = max(short, len(batch))
				delete(s.short, ecu)
			}
		}
	}
}

// again splits what a batch left open. An ECU that sent a part is asked for each missing PID alone; for
// one that sent nothing the batch is halved, until it is clear that the ECU is gone.
func (s *sweep) again(batch []byte, answered map[obd.Address]int) [][]byte {
	var single []byte
	silent := len(s.support.ECUs) == 0 && len(answered) == 0
	for _, ecu := range s.support.ECUs {
		for _, pid := range batch {
			switch {
			case !s.open(ecu, pid), s.support.IsSuspect(ecu) && s.batched[ecu]:
			case answered[ecu] == 0 && s.quiet[ecu] >= givenUp:
				s.lost(ecu, pid)
			case answered[ecu] == 0:
				silent = true
			case !slices.Contains(single, pid):
				single = append(single, pid)
			}
		}
	}
	if silent {
		half := (len(batch) + 1) / 2
		return [][]byte{batch[:half], batch[half:]}
	}
	if len(s.support.ECUs) == 0 {
		single = slices.DeleteFunc(slices.Clone(batch), s.anyone)
	}
	return slices.Collect(slices.Chunk(single, 1))
}

// anyone tells whether some ECU sent the PID.
func (s *sweep) anyone(pid byte) bool {
	return slices.ContainsFunc(s.items, func(i item) bool { return i.pid == pid })
}

func (s *sweep) lost(ecu obd.Address, pid byte) {
	if s.support.IsSuspect(ecu) {
		return
	}
	s.missed = append(s.missed, unread(s.step, ecu, j1979.Current(pid), link.ErrNoReply))
}

// note writes down who did not answer a PID asked alone, and why. Where an ECU sent it, the refusals of
// ECUs that never claimed it say nothing; nor do the claims of a suspect one.
func (s *sweep) note(pid byte, request []byte, missed []obd.Unread) {
	if len(s.support.Who(pid)) == 0 {
		if !s.anyone(pid) {
			s.missed = append(s.missed, missed...)
		}
		return
	}
	for _, ecu := range s.support.ECUs {
		if !s.open(ecu, pid) || s.support.IsSuspect(ecu) {
			continue
		}
		why := unread(s.step, ecu, request, link.ErrNoReply)
		for _, m := range missed {
			if m.ECU == ecu || m.ECU == obd.Functional {
				why.Reason, why.NRC, why.Detail = m.Reason, m.NRC, m.Detail
			}
		}
		s.missed = append(s.missed, why)
	}
}
