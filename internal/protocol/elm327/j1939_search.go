package elm327

import (
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// Trucks are heard before they are spoken to: within a second every node says something.
const (
	firstSign = 1200 * time.Millisecond
	moreSigns = 300 * time.Millisecond // once one was heard, the others get so long to be heard of too
)

// searchTruck finds a network of SAE J1939 on the adapter's protocol A by listening and, where nothing is said,
// by a request for everyone's claim.
func (l *Link) searchTruck(ctx context.Context) (bool, error) {
	before := l.protocol
	if err := l.chooseProtocol(ctx, obd.J1939); err != nil {
		return false, err
	}
	l.is, l.dirty, l.protocol, l.truck = settings{}, false, obd.J1939, newTruck()
	found, err := l.hearTruck(ctx)
	if err == nil && !found {
		found, err = l.callTruck(ctx)
	}
	if !found || err != nil {
		l.protocol, l.truck, l.dirty = before, nil, true
		return false, err
	}
	l.truck.crowded = l.baud > 0 && l.baud < fastLine
	l.headers, l.ecus = true, l.ecus[:0]
	l.caps.Commands["ATH1"] = true
	for _, node := range l.truck.machine.Nodes() {
		l.meet(obd.NodeAddress(node.Address))
	}
	return true, nil
}

// hearTruck listens for frames of SAE J1939.
func (l *Link) hearTruck(ctx context.Context) (bool, error) {
	n := &Network{l}
	heard := false
	limit, cancel := context.WithTimeout(ctx, firstSign)
	defer cancel()
	var until time.Time
	if err := l.begin(ctx, monitor); err != nil {
		return false, err
	}
	var trouble text.Condition
	ended, err := l.follow(limit, patience{quiet: firstSign, total: firstSign}, func(line string) bool {
		if f, ok := printedFrame(line); ok && isTruckFrame(f.ID.Raw()) {
			if !heard {
				heard, until = true, time.Now().Add(moreSigns)
			}
			n.take(line, &trouble)
		}
		return !heard || time.Now().Before(until)
	})
	if ended {
		return heard, nil
	}
	if err != nil && ctx.Err() == nil && limit.Err() == nil && !errors.Is(err, errSilent) && !errors.Is(err, errFlood) {
		return false, err
	}
	return heard, errors.Join(ctx.Err(), l.breakOff(ctx))
}

// isTruckFrame tells identifiers that are not those of ISO 15765 (PDU formats DA to DB, CD, CE, or both page bits).
func isTruckFrame(id uint32) bool {
	parsed, ok := j1939.ParseID(can.Extended | can.ID(id))
	format := parsed.PGN >> 8 & 0xFF
	return ok && format != 0xDA && format != 0xDB && format != 0xCD && format != 0xCE
}

// callTruck asks everyone for their claim.
func (l *Link) callTruck(ctx context.Context) (bool, error) {
	n := &Network{l}
	_, err := n.inquire(ctx, link.Query{PGN: j1939.PGNAddressClaim, Destination: j1939.Global})
	if link.IsLost(err) || ctx.Err() != nil || errs.KindOf(err) == errs.Denied {
		return false, err
	}
	return len(l.truck.machine.Nodes()) > 0, nil
}
