package adapters

import (
	"context"
	"strconv"

	"github.com/fleetms/obdctl/adapters/serial"
	"github.com/fleetms/obdctl/adapters/tcp"
	"github.com/fleetms/obdctl/internal/link"
)

// openSerial opens the device, or the port that the same hardware has now.
func (op *opener) openSerial(ctx context.Context) (link.Port, error) {
	device := op.address.Target
	if op.identity != "" {
		device = whereIs(op.identity, device)
	}
	baud, _ := strconv.Atoi(op.address.Query.Get("baud")) // checked by Parse
	p, err := serial.Open(ctx, device, serial.Options{
		Baud: baud, Remembered: op.card.Baud, Name: op.address.String(),
		Notify: func(baud int) {
			op.o.notify(EventTrying, device+" at "+strconv.Itoa(baud)+" baud")
		},
	})
	if err != nil {
		return nil, err
	}
	op.card.Baud = p.Speed()
	return p, nil
}

// openTCP connects to the host.
func (op *opener) openTCP(ctx context.Context) (link.Port, error) {
	p, err := tcp.Open(ctx, op.address.Target, op.address.String())
	return orNil(p, err)
}

// orNil keeps a nil pointer from becoming a port that is not nil.
func orNil[P link.Port](p P, err error) (link.Port, error) {
	if err != nil {
		return nil, err
	}
	return p, nil
}
