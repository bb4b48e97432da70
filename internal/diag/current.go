package diag

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// item is the raw data of one PID of one ECU.
type item struct {
	ecu  obd.Address
	pid  byte
	data []byte
	at   time.Time
}

// current reads PIDs of service 01 from every ECU, as few requests as the ECUs stand. Without known
// support the PIDs are simply asked for.
func (t *Tester) current(ctx context.Context, step obd.Step, pids []byte) ([]item, []obd.Unread, error) {
	s := sweep{tester: t, step: step, support: t.support[obd.ServiceCurrentData],
		got: map[gotKey]bool{}, quiet: map[obd.Address]int{}, short: map[obd.Address]int{},
		batched: map[obd.Address]bool{}}
	err := s.run(ctx, pids)
	slices.SortStableFunc(s.items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.ecu, b.ecu), cmp.Compare(a.pid, b.pid))
	})
	slices.SortStableFunc(s.missed, func(a, b obd.Unread) int {
		return cmp.Or(cmp.Compare(a.ECU, b.ECU), cmp.Compare(a.Request, b.Request))
	})
	return s.items, s.missed, err
}

// gotKey is a PID of an ECU; nth tells ECUs without an address apart within one exchange.
type gotKey struct {
	ecu obd.Address
	pid byte
	nth int
}

// sweep is one reading of a list of PIDs.
type sweep struct {
	tester  *Tester
	step    obd.Step
	support Support
	items   []item
	missed  []obd.Unread
	got     map[gotKey]bool
	quiet   map[obd.Address]int  // requests in a row in which an ECU sent nothing of what it claims
	short   map[obd.Address]int  // how many PIDs an ECU sent of the last batch that it did not answer in full
	batched map[obd.Address]bool // ECUs that sent several PIDs at once
}

// run asks batch by batch; what a batch left open is asked again in smaller ones, down to single PIDs.
func (s *sweep) run(ctx context.Context, pids []byte) error {
	queue := s.order(pids)
	for len(queue) > 0 {
		batch := queue[:s.fits(queue)]
		queue = queue[len(batch):]
		clear(s.short)
		again, err := s.ask(ctx, batch)
		if err != nil {
			return err
		}
		for _, smaller := range again {
			if err := s.retry(ctx, smaller); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *sweep) retry(ctx context.Context, batch []byte) error {
	again, err := s.ask(ctx, batch)
	for _, smaller := range again {
		if err == nil {
			err = s.retry(ctx, smaller)
		}
	}
	return err
}

// order drops bitmaps and doubles and brings the PIDs of the same ECUs together, so that a batch has
// few answers.
func (s *sweep) order(pids []byte) []byte {
	var queue []byte
	for _, pid := range pids {
		if !isBitmap(pid) && !slices.Contains(queue, pid) {
			queue = append(queue, pid)
		}
	}
	slices.SortStableFunc(queue, func(a, b byte) int {
		return slices.Compare(s.support.Who(a), s.support.Who(b))
	})
	return queue
}

// fits tells how many PIDs from the head of the queue go into one request.
func (s *sweep) fits(queue []byte) int {
	if !s.tester.batches() {
		return 1
	}
	limit := s.tester.batch
	if most := s.tester.most(); most > 0 {
		limit = min(limit, most)
	}
	for n, pid := range queue {
		if n > 0 && (n >= limit || s.tester.lengths[pid] == 0) {
			return n
		}
		if s.tester.lengths[pid] == 0 {
			return 1 // no way to tell where its data ends
		}
		for _, ecu := range s.support.Who(pid) {
			if l, ok := s.tester.limits[ecu]; ok {
				limit = min(limit, l)
			}
		}
		if n > 0 && n >= limit {
			return n
		}
	}
	return min(len(queue), limit)
}
