package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// udsChange is a request that can change the car.
type udsChange struct {
	word         string // for --i-know
	consequences string
	service      obd.Service
	anyECU       bool // it may go to all control units at once
}

func (x *expert) changeFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&x.iKnow, "i-know", "", "say that you know what the command does: its own `NAME`, such as "+cmd.Name())
	f.BoolVar(&x.yes, "yes", false, "confirm without being asked, for scripts")
	f.BoolVar(&x.force, "engine-state-unknown", false, "go on although the car does not tell whether it stands")
	if cmd.Name() == "key" {
		return
	}
	if f.Lookup("session") == nil && cmd.Name() != "session" {
		f.StringVar(&x.session, "session", "", "open this session first (hexadecimal, such as 03), and leave it at the end")
	}
	f.StringVar(&x.level, "level", "", "open this security level first (hexadecimal), with a key of yours")
	f.StringVar(&x.keyCommand, "key-command", "", "a `PROGRAM` that is given ECU, level and seed and prints the key")
	f.StringVar(&x.keyHex, "key-hex", "", "the `KEY`, where the seed is always the same")
}

// change asks for everything that a change needs, opens the way for its service and calls do.
func (x *expert) change(ctx context.Context, c udsChange, do func(*session, *diag.Dialogue) error) error {
	if err := x.address(); err != nil {
		return err
	}
	if err := x.permitted(ctx, c); err != nil {
		return err
	}
	keys, err := x.keys()
	if err != nil {
		return err
	}
	var latch link.Latch // closed until the vehicle is known to stand
	s, err := x.app.dial(ctx, link.ReadOnly().Behind(&latch, c.service, uds.SessionControl, uds.SecurityAccess))
	if err != nil {
		return err
	}
	err = x.changeOver(ctx, s, &latch, keys, do)
	return firstError(err, s.done())
}

// permitted checks what the person must say before anything is opened.
func (x *expert) permitted(ctx context.Context, c udsChange) error {
	switch {
	case x.iKnow != c.word:
		return errs.New(errs.Denied, "%s\nThis can change the car", c.consequences).
			WithHint("if you know what it does, repeat with --i-know %s", c.word)
	case x.ecu == obd.Functional && x.header == obd.Functional && !c.anyECU:
		return errs.New(errs.Usage, "name the control unit with --ecu").WithHint("'obdctl scan' lists them")
	}
	return x.app.confirm(ctx, x.yes, c.consequences, "GO")
}

func (x *expert) changeOver(ctx context.Context, s *session, latch *link.Latch, keys uds.KeySource, do func(*session, *diag.Dialogue) error) error {
	if _, _, err := s.tester.Supported(ctx, obd.ServiceCurrentData); err != nil {
		return err
	}
	if err := s.tester.Stationary(ctx, x.force); err != nil {
		return err
	}
	latch.Open()
	d := s.tester.Dialogue(x.ecu, x.header)
	err := x.prepare(ctx, d, keys)
	if err == nil {
		err = do(s, d)
	}
	// The session is left even where ctx ended: the control unit shall not stay in it.
	return firstError(err, d.End(context.WithoutCancel(ctx)))
}

// prepare opens the session and the security level that were asked for.
func (x *expert) prepare(ctx context.Context, d *diag.Dialogue, keys uds.KeySource) error {
	if x.session != "" {
		n, err := hexNumber("--session", x.session, 8)
		if err != nil {
			return err
		}
		if _, err := d.Start(ctx, byte(n)); err != nil {
			return noAnswer(err)
		}
	}
	if keys == nil || x.level == "" {
		return nil
	}
	level, err := hexNumber("--level", x.level, 8)
	if err != nil {
		return err
	}
	if _, err := d.Unlock(ctx, byte(level), keys); err != nil {
		return err
	}
	x.app.notice(false, fmt.Sprintf("security level %02X is open", level))
	return nil
}
