package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/card"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/config"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// session is an open link to a car with what is needed to understand it.
type session struct {
	link   link.Link
	clock  adapters.Clock
	tester *diag.Tester
	done   func() error
}

// scanPatience bounds how long a lost adapter or a silent car is waited for while something is read once.
const scanPatience = 30 * time.Second

// dial opens the adapter; only services on the list can be sent.
func (a *app) dial(ctx context.Context, allow link.Allow) (*session, error) {
	return a.dialFor(ctx, allow, scanPatience)
}

// dialFor is dial with another bound on one recovery of a lost link; 0 means as long as ctx lasts.
func (a *app) dialFor(ctx context.Context, allow link.Allow, patience time.Duration) (*session, error) {
	protocol, err := a.protocol()
	if err != nil {
		return nil, err
	}
	options, closeRecord, err := a.wayIn(allow, protocol)
	if err != nil {
		return nil, err
	}
	options.RecoverFor = patience
	s, err := a.open(ctx, a.flags.adapter, options)
	if err != nil {
		return nil, firstError(err, closeRecord())
	}
	s.done = func() error { return firstError(s.link.Close(), closeRecord()) }
	return s, nil
}

// open opens an address with what the person knows of signals and codes.
func (a *app) open(ctx context.Context, address string, o adapters.Options) (*session, error) {
	cat, err := a.catalog(ctx)
	if err != nil {
		return nil, err
	}
	book, err := a.book(ctx)
	if err != nil {
		return nil, err
	}
	l, err := adapters.Open(ctx, address, o)
	if err != nil {
		return nil, err
	}
	clock := adapters.ClockOf(l)
	return &session{
		link: l, clock: clock, done: l.Close,
		tester: diag.New(l, cat, book, diag.Options{Now: clock.Now, SPNMethod: uint8(a.flags.spnMethod)}),
	}, nil
}

// wayIn says how adapters are opened in this run; the function ends the recording, if there is one.
func (a *app) wayIn(allow link.Allow, protocol obd.Protocol) (adapters.Options, func() error, error) {
	o := adapters.Options{
		Allow: allow, Protocol: protocol, Baud: a.flags.baud, SkipReset: a.flags.skipReset,
		Cards:  cardBox(),
		Notify: func(e adapters.Event) { a.notice(isWarning(e.Kind), e.Text) },
	}
	if a.flags.record == "" {
		return o, func() error { return nil }, nil
	}
	recorder, err := replay.Create(a.flags.record, "obdctl "+buildVersion())
	if err != nil {
		return o, nil, err
	}
	o.Record = recorder
	return o, func() error {
		if err := recorder.Close(); err != nil {
			return fmt.Errorf("close recording: %w", err)
		}
		return nil
	}, nil
}

// cardBox is where adapters are remembered.
func cardBox() card.Box { return card.Box{Folder: filepath.Join(config.StateDir(), "adapters")} }

// isWarning tells the events that a person wants to know without asking for them.
func isWarning(kind string) bool {
	switch kind {
	case "lost", "back", "reset", "found", "missing", "fallback":
		return true
	}
	return false
}

func firstError(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *app) protocol() (obd.Protocol, error) {
	if a.flags.protocol == "" || a.flags.protocol == "auto" {
		return obd.ProtocolUnknown, nil
	}
	p, err := obd.ParseProtocol(a.flags.protocol)
	if err != nil {
		return p, errs.New(errs.Usage, "--protocol: %w", err).WithHint("one of: %v", protocolNames())
	}
	return p, nil
}

func protocolNames() []string {
	var names []string
	for p := obd.J1850PWM; p <= obd.J1939; p++ {
		names = append(names, p.String())
	}
	return names
}

// catalog is the built-in one with the person's own signal sets laid over it.
func (a *app) catalog(ctx context.Context) (*catalog.Catalog, error) {
	cat := catalog.Builtin()
	for _, path := range a.flags.signals {
		commands, err := await(ctx, func() ([]catalog.Command, error) { return catalog.LoadFile(path) })
		if err != nil {
			return nil, err
		}
		for _, c := range commands {
			for _, conflict := range c.Conflicts {
				a.notice(false, c.Source+": "+conflict)
			}
		}
		cat = cat.With(commands...)
	}
	return cat, nil
}

// book is the built-in one with the person's own codes laid over it. Lines that cannot be read are told
// one by one and cost only themselves.
func (a *app) book(ctx context.Context) (*dtc.Book, error) {
	book := dtc.Builtin()
	for _, path := range a.flags.codes {
		below := book
		own, err := await(ctx, func() (*dtc.Book, error) { return importCodes(below, path) })
		if own == nil {
			return nil, err
		}
		if err != nil {
			a.notice(true, path+": "+err.Error())
		}
		book = own
	}
	return book, nil
}

// importCodes lays a file over a book. With an error there may be a book, which lacks the bad lines.
func importCodes(below *dtc.Book, path string) (*dtc.Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.New(errs.BadInput, "load codes: %w", err)
	}
	defer f.Close()
	own, err := below.Import(f)
	if own == nil {
		return nil, errs.New(errs.BadInput, "load codes from %s: %w", path, err).WithHint("%s", errs.HintOf(err))
	}
	return own, err
}

// notice tells on stderr what the way in does: always when it is a warning, with -v everything.
func (a *app) notice(warning bool, words string) {
	if a.flags.quiet || !warning && !a.flags.verbose {
		return
	}
	fmt.Fprintf(a.colored(a.err), "obdctl: %s\n", words)
}
