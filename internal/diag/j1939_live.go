package diag

import (
	"context"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// find returns a want for a suspect parameter by its id, its short name or its number.
func (j *truck) find(signal string) (Want, bool) {
	p := j.book.Find(strings.TrimSpace(signal))
	if p == nil || p.Start < 0 {
		return Want{}, false
	}
	c := &catalog.Command{Name: p.Name, Signals: []catalog.Signal{{ID: p.ID, Name: p.Name, Unit: p.Unit, Mul: 1, Div: 1}}}
	return Want{Command: c, Signals: []string{p.ID}}, true
}

const (
	askAgain     = time.Second     // groups on request are asked for so often
	unheardAfter = 3 * time.Second // nothing of what is wanted was heard: the ignition may be off
)

// feed is one run of a poller over broadcasts.
type feed struct {
	truck  *truck
	poller *Poller
	wanted map[uint32][]*pollItem // by group
	last   map[*pollItem]time.Time
	heard  time.Time
	asked  map[uint32]bool // groups that are sent on request only
}

// stream reports values as they are broadcast, each no faster than it is wanted, and asks for the groups
// that nobody broadcasts.
func (j *truck) stream(ctx context.Context, p *Poller) error {
	f := feed{truck: j, poller: p, wanted: map[uint32][]*pollItem{}, last: map[*pollItem]time.Time{}, asked: map[uint32]bool{}, heard: j.tester.now()}
	for _, it := range p.items {
		for _, id := range it.want.Signals {
			if x := j.book.Find(id); x != nil {
				f.wanted[x.PGN] = append(f.wanted[x.PGN], it)
				if g := j.book.Group(x.PGN); g != nil && g.Rate == 0 {
					f.asked[x.PGN] = true
				}
			}
		}
	}
	if len(f.wanted) == 0 {
		return errs.New(errs.Usage, "none of the signals is broadcast by a truck").WithHint("'obdctl j1939 spn search' shows the parameters")
	}
	for {
		if err := f.request(ctx); err != nil {
			return err
		}
		err := j.listen(ctx, askAgain, func(g link.ParameterGroup) bool { f.take(g); return true })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		if silent := j.tester.now().Sub(f.heard); p.options.GiveUp > 0 && silent > unheardAfter {
			return errs.New(errs.NoVehicle, "nothing of what is wanted is broadcast any more")
		}
	}
}

// request asks everyone for the groups that are not broadcast.
func (f *feed) request(ctx context.Context) error {
	for pgn := range f.asked {
		groups, err := f.truck.network.Request(ctx, pgn, 255)
		for _, g := range groups {
			f.take(g)
		}
		if over := ended(ctx, err); over != nil {
			return over
		}
	}
	return ctx.Err()
}

// take emits what is wanted of a group.
func (f *feed) take(g link.ParameterGroup) {
	items := f.wanted[g.PGN]
	if len(items) == 0 || g.Err != nil {
		return
	}
	now := f.truck.tester.now()
	f.heard = now
	p := f.poller
	p.readings = p.readings[:0]
	for _, it := range items {
		if it.ecu != 0 && it.ecu != obd.NodeAddress(g.Source) {
			continue
		}
		if last, ok := f.last[it]; ok && now.Sub(last) < it.period()*9/10 {
			continue
		}
		for _, id := range it.want.Signals {
			x := f.truck.book.Find(id)
			if r, ok := x.Reading(g.Data, g.At, obd.NodeAddress(g.Source)); ok && x.PGN == g.PGN {
				p.readings = append(p.readings, r)
				f.last[it] = now
				p.mu.Lock()
				it.rate.add(g.At, 0)
				p.mu.Unlock()
			}
		}
	}
	if len(p.readings) > 0 {
		p.options.Emit(Sample{At: g.At, Readings: p.readings})
	}
}
