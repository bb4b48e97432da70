package diag

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// The bitmaps of SAE J1979: the last one covers E1 to FF, and service 01 ends with the one at C0.
const (
	bitmapStep = 0x20
	lastBitmap = 0xE0
)

// Supported asks every ECU which ids of a service it knows (SAE J1979 services 01, 02, 06, 09): the
// bitmap at 00 and each further one that any ECU announces. The answer is remembered. Where nobody knows
// service 01 the other dialects are tried.
func (t *Tester) Supported(ctx context.Context, service obd.Service) (Support, []obd.Unread, error) {
	if d := t.spoken(); d != nil {
		return d.supported(ctx, service)
	}
	support, missed, err := t.supported(ctx, &walk{tester: t, service: service})
	if service != obd.ServiceCurrentData || err != nil || len(support.ECUs) > 0 {
		return support, missed, err
	}
	if t.dialect, err = t.findDialect(ctx); t.dialect == nil {
		return support, missed, err
	}
	return t.dialect.supported(ctx, service)
}

func (t *Tester) supported(ctx context.Context, w *walk) (Support, []obd.Unread, error) {
	if s, ok := t.support[w.service]; ok {
		return s, nil, nil
	}
	err := w.run(ctx)
	if err == nil && len(w.found.ECUs) > 1 && isUnknown(w.found.ECUs[0]) {
		// The addresses came out on the way; now every answer can be told whose it is.
		w.found, w.missed = Support{}, nil
		err = w.run(ctx)
	}
	for _, ecu := range w.found.Suspect {
		w.missed = append(w.missed, obd.Unread{
			Step: obd.StepSupported, ECU: ecu, Request: fmt.Sprintf("%X", w.request(0)), Reason: obd.Malformed,
			Detail: "claims every id, as emulators do: only what it answers is believed",
		})
	}
	if err == nil && len(w.found.ECUs) > 0 {
		t.support[w.service] = w.found
	}
	return w.found, w.missed, err
}

// walk goes from bitmap to bitmap.
type walk struct {
	tester  *Tester
	service obd.Service
	target  obd.Address // who is asked, zero for all
	frame   byte        // of service 02
	plain   bool        // without the frame number of service 02
	found   Support
	missed  []obd.Unread
}

func (w *walk) run(ctx context.Context) error {
	if err := w.ask(ctx, 0); err != nil {
		return err
	}
	if rest := w.together(); len(rest) > 0 && w.found.announced(bitmapStep) {
		// The rest in one request: an ECU leaves out the ranges that it does not have. Who leaves out
		// one that it announced is asked for it alone below.
		missed := w.missed
		if err := w.ask(ctx, rest...); err != nil {
			return err
		}
		w.missed = missed
		w.tester.together = !w.found.announced(bitmapStep)
	}
	for base := bitmapStep; base <= lastBitmap; base += bitmapStep {
		if !w.found.announced(byte(base)) {
			continue
		}
		if err := w.ask(ctx, byte(base)); err != nil {
			return err
		}
	}
	return nil
}

// together returns the bitmaps that are worth asking in one request. Service 01 is tried, the others
// follow where it worked.
func (w *walk) together() []byte {
	t := w.tester
	if most := t.most(); most > 0 && most < 6 {
		return nil
	}
	if !t.batches() || w.plain || w.service != obd.ServiceCurrentData && !t.together {
		return nil
	}
	switch w.service {
	case obd.ServiceCurrentData, obd.ServiceMonitorTests:
		return []byte{0x20, 0x40, 0x60, 0x80, 0xA0, 0xC0}
	case obd.ServiceFreezeFrame:
		return []byte{0x20, 0x40, 0x60}
	}
	return nil
}

func (w *walk) ask(ctx context.Context, bases ...byte) error {
	request := w.request(bases...)
	ask := w.tester.ask
	if bases[0] == 0 {
		ask = w.tester.askAny
	}
	replies, missed, err := ask(ctx, question{step: obd.StepSupported, target: w.target, data: request})
	w.missed = append(w.missed, missed...)
	for _, r := range replies {
		if perr := w.take(r, bases); perr != nil {
			w.missed = append(w.missed, unread(obd.StepSupported, r.ECU, request, malformed(perr)))
		}
	}
	return err
}

// request builds the question for one or several bitmaps.
func (w *walk) request(bases ...byte) []byte {
	if w.service != obd.ServiceFreezeFrame {
		return append(j1979.Supported(w.service, bases[0]), bases[1:]...)
	}
	request := []byte{byte(w.service)}
	for _, base := range bases {
		if request = append(request, base); !w.plain {
			request = append(request, w.frame)
		}
	}
	return request
}

// take reads the bitmaps of one reply.
func (w *walk) take(r link.Reply, bases []byte) error {
	if len(bases) == 1 {
		_, base, bits, err := j1979.ParseSupported(r.Data)
		if err == nil && base == bases[0] {
			w.found.add(r.ECU, base, bits)
		}
		return err
	}
	items, err := j1979.SplitBatch(r.Data, bases, bitmapLength)
	for _, i := range items {
		w.found.add(r.ECU, i.PID, binary.BigEndian.Uint32(i.Data))
	}
	return err
}

// bitmapLength is the length in bytes of the data of every bitmap id.
func bitmapLength(byte) int { return 4 }

// batches tells whether several PIDs may go into one request.
func (t *Tester) batches() bool { return t.isCAN() && t.batch > 1 }
