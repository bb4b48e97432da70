package main

import (
	"context"
	"strings"
	"time"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/connect"
)

type connectSaid = connect.Said

// Connect leaves what is open and opens an address.
func (b *bay) Connect(ctx context.Context, address string, emit func(connect.Said)) error {
	return b.do(ctx, func(ctx context.Context) error { return b.connect(ctx, address, emit) })
}

func (b *bay) connect(ctx context.Context, address string, emit func(connect.Said)) error {
	b.leave()
	b.said = emit
	defer func() { b.said = nil }()
	b.change(func(l *screen.Link) { *l = screen.Link{State: screen.Connecting, Address: address} })
	options, err := b.wayIn()
	if err != nil {
		return b.failed(err)
	}
	s, err := b.app.open(ctx, address, options)
	if err != nil {
		return b.failed(err)
	}
	b.tape.stand()
	b.session = s
	d := s.link.Describe()
	b.tell(screen.Vehicle{})
	b.tell(screen.Scan{})
	b.change(func(l *screen.Link) {
		l.State, l.Adapter, l.Protocol = screen.Connected, d.Adapter.Claimed, d.Protocol
		l.Replay = strings.HasPrefix(address, "replay:")
	})
	return nil
}

// failed tells that the first attempt came to nothing; what a person stopped is no failure.
func (b *bay) failed(err error) error {
	b.change(func(l *screen.Link) {
		l.State, l.Err = screen.Failed, err
		if errs.KindOf(err) == errs.Cancelled {
			*l = screen.Link{}
		}
	})
	return err
}

// wayIn says how the workstation opens adapters: read-only but for what a person confirms, recorded, for as long as it
// takes.
func (b *bay) wayIn() (adapters.Options, error) {
	protocol, err := b.app.protocol()
	if err != nil {
		return adapters.Options{}, err
	}
	b.tape = &tape{}
	return adapters.Options{
		Allow: link.ReadOnly().Behind(&b.confirmed, obd.ServiceClear, uds.ClearInformation), Protocol: protocol, Baud: b.app.flags.baud, SkipReset: b.app.flags.skipReset,
		Cards: cardBox(), Record: replay.NewRecorder(b.tape, "obdctl "+buildVersion(), time.Now), Notify: b.heard,
	}, nil
}

// heard takes an event of the connection, from the goroutine that uses it.
func (b *bay) heard(e adapters.Event) {
	if b.said != nil {
		b.said(connect.Said{At: time.Now(), Text: e.Text, Warning: isWarning(e.Kind)})
		return
	}
	switch e.Kind {
	case "lost", "silent":
		state := screen.Lost
		if e.Kind == "silent" {
			state = screen.Silent
		}
		b.change(func(l *screen.Link) { l.State, l.Try, l.Err = state, 0, errs.New(errs.Adapter, "%s", e.Text) })
	case "retry":
		b.change(func(l *screen.Link) { l.Try++ })
	case "back":
		b.change(func(l *screen.Link) { l.State, l.Try, l.Err = screen.Connected, 0, nil })
	}
}

// Disconnect leaves what is open.
func (b *bay) Disconnect(ctx context.Context) error {
	return b.do(ctx, func(context.Context) error {
		b.leave()
		b.change(func(l *screen.Link) { *l = screen.Link{} })
		return nil
	})
}

// leave finishes what is recorded and closes the connection. That it was lost already is no news.
func (b *bay) leave() {
	if f := b.finishRecording(b.ctx); f.err != nil {
		b.tell(failToast(f.err))
	}
	b.watched(errs.New(errs.Cancelled, "the car was left"))
	if b.session == nil {
		return
	}
	_ = b.session.done()
	b.session, b.attend = nil, nil
}
