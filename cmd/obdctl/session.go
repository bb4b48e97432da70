package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fleetms/obdctl/adapters"
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
	tester *diag.Tester
	done   func() error
}

// dial opens the adapter; only services on the list can be sent.
func (a *app) dial(ctx context.Context, allow link.Allow) (*session, error) {
	protocol, err := a.protocol()
	if err != nil {
		return nil, err
	}
	cat, err := a.catalog()
	if err != nil {
		return nil, err
	}
	book, err := a.book()
	if err != nil {
		return nil, err
	}
	options := adapters.Options{
		Allow: allow, Protocol: protocol, Notify: a.notice, Tool: "obdctl " + buildVersion(),
		CardDir: filepath.Join(config.StateDir(), "adapters"),
	}
	closeRecord, err := a.record(&options)
	if err != nil {
		return nil, err
	}
	l, err := adapters.Open(ctx, a.flags.adapter, options)
	if err != nil {
		return nil, firstError(err, closeRecord())
	}
	return &session{
		link:   l,
		tester: diag.New(l, cat, book, diag.Options{}),
		done:   func() error { return firstError(l.Close(), closeRecord()) },
	}, nil
}

func firstError(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// record opens the file of --record; it never writes over an existing recording.
func (a *app) record(o *adapters.Options) (closeFile func() error, err error) {
	if a.flags.record == "" {
		return func() error { return nil }, nil
	}
	f, err := os.OpenFile(a.flags.record, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if os.IsExist(err) {
		return nil, errs.New(errs.Usage, "recording %s exists already", a.flags.record).
			WithHint("choose another name; recordings are never written over")
	}
	if err != nil {
		return nil, errs.New(errs.Usage, "open recording: %w", err)
	}
	o.Record = f
	return func() error {
		if err := firstError(f.Sync(), f.Close()); err != nil {
			return fmt.Errorf("close recording: %w", err)
		}
		return nil
	}, nil
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
	for p := obd.J1850PWM; p <= obd.CAN29x250; p++ {
		names = append(names, p.String())
	}
	return names
}

// catalog is the built-in one with the person's own signal sets laid over it.
func (a *app) catalog() (*catalog.Catalog, error) {
	cat := catalog.Builtin()
	for _, path := range a.flags.signals {
		commands, err := catalog.LoadFile(path)
		if err != nil {
			return nil, errs.New(errs.BadInput, "load signals: %w", err)
		}
		cat = cat.With(commands...)
	}
	return cat, nil
}

// book is the built-in one with the person's own codes laid over it.
func (a *app) book() (*dtc.Book, error) {
	book := dtc.Builtin()
	for _, path := range a.flags.codes {
		f, err := os.Open(path)
		if err != nil {
			return nil, errs.New(errs.BadInput, "load codes: %w", err)
		}
		own, err := book.Import(f)
		f.Close()
		if err != nil {
			return nil, errs.New(errs.BadInput, "load codes from %s: %w", path, err)
		}
		book = own
	}
	return book, nil
}

// notice tells on stderr what the way in does: always when it is a warning, with -v everything.
func (a *app) notice(warning bool, words string) {
	if a.flags.quiet || !warning && !a.flags.verbose {
		return
	}
	fmt.Fprintf(a.colored(a.err), "obdctl: %s\n", words)
}

func stamp() string { return time.Now().UTC().Format("20060102T150405Z") }
