package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/decode"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen/console"
)

// Send sends one line of the raw console. It asks the read-only list itself, before the way to the car does: nothing
// that is open for another page, such as clearing, is open here.
func (b *bay) Send(ctx context.Context, line string) (console.Exchange, error) {
	request, asked, err := typed(line)
	if err != nil {
		return console.Exchange{}, err
	}
	x := console.Exchange{Request: request.Data, To: request.Target}
	err = b.ask(ctx, func(ctx context.Context, s *session) error {
		cat, err := b.app.catalog(ctx)
		if err != nil {
			return err
		}
		x.At = time.Now()
		replies, err := s.link.Exchange(ctx, request)
		x.Took = time.Since(x.At)
		d := &decode.Decoder{Catalog: cat, Book: b.book()}
		for _, r := range replies {
			x.Answers = append(x.Answers, understood(d, s.link.Describe().Protocol, asked, r))
		}
		return unanswered(err)
	})
	return x, err
}

// typed reads a line and refuses what may not be sent.
func typed(line string) (link.Request, catalog.Request, error) {
	if c := strings.ToUpper(strings.TrimSpace(line)); strings.HasPrefix(c, "AT") || strings.HasPrefix(c, "ST") {
		return link.Request{}, catalog.Request{}, &console.Refusal{Why: console.Adapter, Command: "obdctl raw " + strings.Join(strings.Fields(c), "")}
	}
	asked, err := catalog.ParseRequest(line)
	if err != nil {
		return link.Request{}, asked, errs.New(errs.Usage, "%w", err).WithHint("pairs of hexadecimal digits, such as 010C, 09 02 or 7E0.22F190")
	}
	if link.Programs(asked.Data) {
		return link.Request{}, asked, &console.Refusal{Why: console.Programs, Service: asked.Service()}
	}
	if !link.ReadOnly().Permits(asked.Data) {
		return link.Request{}, asked, &console.Refusal{Why: console.Changes, Service: asked.Service(), Command: asksFirst(asked)}
	}
	r := link.Request{Target: asked.Reply, Header: asked.Header, Data: asked.Data}
	if r.Header != obd.Functional && r.Target == obd.Functional {
		if r.Target, err = answersAt(r.Header); err != nil {
			return link.Request{}, asked, err
		}
	}
	return r, asked, nil
}

// asksFirst is the command that asks before it sends a service.
func asksFirst(r catalog.Request) string {
	words := map[obd.Service]string{
		0x04: "dtc clear", 0x10: "uds session", 0x11: "uds reset", 0x14: "dtc clear", 0x27: "uds key", 0x28: "uds comm",
		0x2A: "uds periodic", 0x2E: "uds write", 0x2F: "uds io", 0x31: "uds routine", 0x85: "uds setting",
	}
	if w := words[r.Service()]; w != "" {
		return "obdctl " + w
	}
	return fmt.Sprintf("obdctl raw --allow %02X", uint8(r.Service()))
}

// answersAt is where a control unit answers that is asked at an address, by the pairs of ISO 15765-4: 7E0 to 7E7 answer
// eight higher, 18DAxxF1 answers at 18DAF1xx. Of other addresses it has to be told: a wrong guess looks like silence.
func answersAt(request obd.Address) (obd.Address, error) {
	var reply obd.Address
	switch id := request.ID(); {
	case request.IsCAN11() && id >= 0x7E0 && id <= 0x7E7:
		reply = obd.CAN11(id + 8)
	case request.IsCAN29() && id>>16 == 0x18DA:
		reply = obd.CAN29(id&0xFFFF0000 | id&0xFF<<8 | id>>8&0xFF)
	}
	if reply == obd.Functional || reply.Request() != request {
		return reply, errs.New(errs.Usage, "nothing says where the control unit at %s answers", request).
			WithHint("name that address too: request.answer.bytes, such as 6B4.694.22D410")
	}
	return reply, nil
}

// unanswered tells silence in words that help.
func unanswered(err error) error {
	if errors.Is(err, link.ErrNoReply) {
		return errs.New(errs.NoVehicle, "%w", err).WithHint("no control unit knows the request, or the ignition is off")
	}
	return err
}

// understood is one reply with what it means.
func understood(d *decode.Decoder, p obd.Protocol, asked catalog.Request, reply link.Reply) console.Answer {
	a := console.Answer{ECU: reply.ECU, Data: reply.Data}
	if n, ok := reply.Negative(); ok {
		a.Negative = n.Error()
		return a
	}
	var r decode.Result
	d.Reply(&r, p, asked, reply)
	a.Readings, a.Codes, a.Tests, a.Monitors, a.Facts = r.Signals, r.Codes, r.Tests, r.Monitors, r.Text
	for _, s := range r.Supported {
		a.Bitmap, a.IDs = true, append(a.IDs, s.IDs...)
	}
	for _, i := range r.Info {
		a.InUse = i.InUse
		for _, fact := range append(append([]string{i.VIN, i.Name, i.ESN, i.Regulation}, i.CalIDs...), i.CVNs...) {
			if fact != "" {
				a.Facts = append(a.Facts, fact)
			}
		}
	}
	if r.Error != nil {
		a.Wrong = r.Error.Message
	}
	return a
}
