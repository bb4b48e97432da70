package diag

import (
	"cmp"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// pollItem is one wanted command and how it fares.
type pollItem struct {
	want   Want
	ecu    obd.Address // who is meant, zero for anyone
	length int         // data bytes; 0 when the command must be asked alone
	keep   []*catalog.Signal
	alone  bool // it was missing from batches whose other PIDs came
	tried  bool // the size of batches was made smaller for it once
	beside int  // how many other PIDs came when it was missing
	missed int  // requests in a row that it was missing from
	got    bool // in the reply under way
	rate   rate
}

func newItem(t *Tester, w Want) *pollItem {
	it := &pollItem{want: w, ecu: w.ECU}
	c := w.Command
	if isPID(c) {
		it.length = c.Length
		if it.ecu == obd.Functional {
			it.ecu = firstOf(t.support[c.Service].Who(byte(c.ID)))
		}
	}
	for i := range c.Signals {
		if w.keeps(c.Signals[i].ID) {
			it.keep = append(it.keep, &c.Signals[i])
		}
	}
	return it
}

// isPID tells a PID of service 01 that every ECU is asked for in the same way.
func isPID(c *catalog.Command) bool {
	return c.Service == obd.ServiceCurrentData && c.Header == obd.Functional
}

// firstOf prefers the engine's ECU: the lowest address on every line (7E8, 18DAF110, 10).
func firstOf(ecus []obd.Address) obd.Address {
	if len(ecus) == 0 {
		return obd.Functional
	}
	return ecus[0]
}

func (it *pollItem) period() time.Duration {
	if it.want.Rate <= 0 {
		return 0
	}
	return time.Duration(float64(time.Second) / it.want.Rate)
}

// pollBatch is one request and the items in it: PIDs, each wanted from one ECU or from several.
type pollBatch struct {
	items    []*pollItem
	pids     []byte // of the items, each once
	request  link.Request
	period   time.Duration
	priority int
	due      time.Time
	failed   int // requests in a row without an answer
	frames   frameCount
	polls    int
	told     bool // what keeps it from being read was told
}

// priorityStep is how much earlier one step of priority makes a batch due.
const priorityStep = 100 * time.Millisecond

// key orders batches: the one that is due first is next.
func (b *pollBatch) key() time.Time { return b.due.Add(-time.Duration(b.priority) * priorityStep) }

// next returns the batch whose turn it is. One that is due later waits while another one is late.
func (p *Poller) next() *pollBatch {
	return slices.MinFunc(p.batches, func(a, b *pollBatch) int { return a.key().Compare(b.key()) })
}

// plan groups items into requests: those of one ECU and one rate go together.
func (p *Poller) plan(now time.Time) {
	items := slices.Clone(p.items)
	slices.SortStableFunc(items, func(a, b *pollItem) int {
		return cmp.Or(
			cmp.Compare(a.ecu, b.ecu), cmp.Compare(a.want.Rate, b.want.Rate),
			cmp.Compare(b.want.Priority, a.want.Priority), aloneLast(a, b))
	})
	p.batches = p.batches[:0]
	for _, it := range items {
		b := p.home(it)
		if b == nil {
			b = &pollBatch{period: it.period(), priority: it.want.Priority, due: now}
			p.batches = append(p.batches, b)
		}
		b.items = append(b.items, it)
		if pid := byte(it.want.Command.ID); !slices.Contains(b.pids, pid) {
			b.pids = append(b.pids, pid)
		}
	}
	for _, b := range p.batches {
		b.request = p.request(b)
	}
}

// home finds the batch for an item: the one that asks for its PID already, for another ECU, or the last
// one while it has room.
func (p *Poller) home(it *pollItem) *pollBatch {
	for i, b := range p.batches {
		if p.matches(b, it) && (slices.Contains(b.pids, byte(it.want.Command.ID)) || i == len(p.batches)-1 && p.hasRoom(b, it)) {
			return b
		}
	}
	return nil
}

func aloneLast(a, b *pollItem) int {
	switch {
	case a.alone == b.alone:
		return 0
	case a.alone:
		return 1
	}
	return -1
}

// matches tells whether an item may be asked for together with the items of a batch.
func (p *Poller) matches(b *pollBatch, it *pollItem) bool {
	first := b.items[0]
	return p.tester.isCAN() && !it.alone && !first.alone && it.length > 0 && first.length > 0 &&
		b.period == it.period() && b.priority == it.want.Priority
}

// hasRoom tells whether one more PID goes into a batch, as far as each of its ECUs stands it.
func (p *Poller) hasRoom(b *pollBatch, it *pollItem) bool {
	t := p.tester
	limit := t.batch
	if most := t.most(); most > 0 {
		limit = min(limit, most)
	}
	stands := func(ecu obd.Address) {
		if l, ok := t.limits[ecu]; ok {
			limit = min(limit, l)
		}
	}
	stands(it.ecu)
	for _, other := range b.items {
		stands(other.ecu)
	}
	return len(b.pids) < limit
}

// request builds a batch's message. With several ECUs on CAN, the wanted one is asked alone: the others'
// answers would only cost time.
func (p *Poller) request(b *pollBatch) link.Request {
	c := b.items[0].want.Command
	r := link.Request{Target: c.Reply, Header: c.Header, Data: requestOf(c)}
	if !isPID(c) {
		return r
	}
	r.Data = append(r.Data, b.pids[1:]...)
	if ecu := b.items[0].ecu; p.asksAlone() {
		r.Target = ecu
	}
	return r
}

// asksAlone tells whether PIDs go to one ECU alone: where only one of several is wanted. For the PIDs of
// more than one ECU a change of address before every request would cost more than the others' answers.
func (p *Poller) asksAlone() bool {
	t := p.tester
	if p.functional || !t.isCAN() || len(t.ecus) < 2 {
		return false
	}
	return !slices.ContainsFunc(p.items, func(it *pollItem) bool { return it.ecu != p.items[0].ecu })
}
