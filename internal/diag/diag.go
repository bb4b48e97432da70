// Package diag is the external test equipment of SAE J1979: [Tester] asks one car, [Poller] keeps asking.
//
// Every method of Tester returns what it could read, what it could not and why ([obd.Unread]), and an
// error only when the conversation itself ended: the context is done or the link is lost. Values and
// unread items are good in that case too. One dead ECU or PID never costs the rest.
package diag

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// MaxBatch is how many PIDs one request of service 01 carries on CAN (SAE J1979 6.1.3).
const MaxBatch = j1979.MaxBatch

// Options of a [Tester]; the zero value is ready for use.
type Options struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Batch is the most PIDs to ask in one request on CAN; 0 means [MaxBatch], 1 asks one by one.
	Batch int
	// SPNMethod is the SPN conversion method (1 to 3) of trucks' codes with the conversion bit set; 0 means 3.
	SPNMethod uint8
}

// Tester asks one car. It is used by one goroutine at a time, as its link is.
type Tester struct {
	link      link.Link
	catalog   *catalog.Catalog
	book      *dtc.Book
	now       func() time.Time
	batch     int
	spnMethod uint8
	dialect   dialect // nil for SAE J1979

	ecus     []obd.Address // every ECU that was heard from, in order of address; the zero address while none is known
	support  map[obd.Service]Support
	limits   map[obd.Address]int // PIDs per request that an ECU was seen to answer, where less than batch
	together bool                // bitmaps were answered several at once
	frames   frameBook
	foreseen map[obd.Service]int // requests in a row whose frames were foreseen rightly
	lengths  [256]int            // data bytes of each PID of service 01 and 02, 0 where not known
	status   []obd.MonitorStatus
}

// New returns a tester that speaks through l, decodes by c and explains codes by book.
func New(l link.Link, c *catalog.Catalog, book *dtc.Book, o Options) *Tester {
	t := &Tester{link: l, catalog: c, book: book, now: o.Now, batch: o.Batch, spnMethod: o.SPNMethod}
	if t.now == nil {
		t.now = time.Now
	}
	if t.batch < 1 || t.batch > MaxBatch {
		t.batch = MaxBatch
	}
	for pid := range t.lengths {
		if command := c.Command(obd.ServiceCurrentData, uint16(pid)); command != nil {
			t.lengths[pid] = command.Length
		}
	}
	for base := 0; base < 256; base += 32 {
		t.lengths[base] = 4
	}
	t.forget()
	return t
}

// forget drops what was learned of the car.
func (t *Tester) forget() {
	t.dialect = nil
	t.ecus = nil
	t.support = map[obd.Service]Support{}
	t.limits = map[obd.Address]int{}
	t.together = false
	t.frames = frameBook{}
	t.foreseen = map[obd.Service]int{}
	t.status = nil
}

// Link returns the link that the tester speaks through.
func (t *Tester) Link() link.Link { return t.link }

// Describe says what is at the other end of the link.
func (t *Tester) Describe() link.Description { return t.link.Describe() }

// ECUs returns every ECU that was heard from so far, in order of address. The zero address stands for
// answers of an adapter that shows none.
func (t *Tester) ECUs() []obd.Address { return slices.Clone(t.ecus) }

// Answered tells whether anything answered so far, also where the adapter hides who it was.
func (t *Tester) Answered() bool { return len(t.ecus) > 0 }

func (t *Tester) protocol() obd.Protocol { return t.link.Describe().Protocol }

// isCAN tells whether requests may carry several PIDs and go to one ECU alone. DoIP carries ISO 14229
// messages without the older lines' limits too.
func (t *Tester) isCAN() bool {
	p := t.protocol()
	return p.IsCAN() || p == obd.DoIP
}

// byECU sorts items by their ECU, keeping the order within one ECU: the order of arrival changes with
// every request and must not show.
func byECU[T any](items []T, ecu func(T) obd.Address) {
	slices.SortStableFunc(items, func(a, b T) int { return cmp.Compare(ecu(a), ecu(b)) })
}

// ended tells that err ends the conversation: nothing more can be asked.
func ended(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case link.IsLost(err):
		return err
	}
	return nil
}
