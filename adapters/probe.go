package adapters

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// Probe opens the address, examines the adapter and remembers its report card. Errors are those of
// [Open]; an adapter without a vehicle is no error, its report then says nothing of one.
func Probe(ctx context.Context, address string, o Options) (elm327.Report, error) {
	op, err := newOpener(ctx, address, o)
	if err != nil {
		return elm327.Report{}, err
	}
	if !op.way.isText() {
		return elm327.Report{}, op.notText()
	}
	port, err := op.openPort(ctx)
	if err != nil {
		return elm327.Report{}, err
	}
	defer port.Close()
	report, err := elm327.Probe(ctx, port, elm327.Options{
		Protocol: op.o.Protocol, Now: op.clock.Now, SkipReset: op.o.SkipReset,
		Notify: func(e elm327.Event) { op.o.notify(string(e.Kind), e.Text) },
	})
	if err != nil {
		return report, err
	}
	op.saveReport(report)
	return report, nil
}

// saveReport keeps the report with what the next connect can use of it.
func (op *opener) saveReport(r elm327.Report) {
	if !op.remember {
		return
	}
	data, err := json.Marshal(r)
	if err != nil {
		op.o.notify(EventCard, fmt.Sprintf("the adapter's card cannot be written: %s", err))
		return
	}
	now := time.Now().UTC().Truncate(time.Second)
	op.card.Report, op.card.Probed = data, &now
	op.save(r.Capabilities)
}
