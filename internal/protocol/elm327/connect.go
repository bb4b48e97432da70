package elm327

import (
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// ErrResetDropped says that the port fell away on ATZ, as some Bluetooth clones do; opening it again
// with [Options.SkipReset] helps.
var ErrResetDropped = errors.New("adapter dropped the connection when it was reset")

// connect greets the adapter, makes it terse and learns what it is.
func (l *Link) connect(ctx context.Context) error {
	if err := l.greet(ctx); err != nil {
		return err
	}
	if err := l.identify(ctx); err != nil {
		return err
	}
	if err := l.raise(ctx); err != nil {
		return err
	}
	return l.terse(ctx)
}

// greeting is one way to get a first answer, the strongest first.
type greeting struct {
	command string
	wait    time.Duration
}

// greetings lists what is tried. A first ATZ may be refused because of what an earlier program left in
// the adapter's line buffer; some clones refuse it always.
func (l *Link) greetings() []greeting {
	if l.o.SkipReset {
		return []greeting{{"ATI", commandWait}, {"ATI", commandWait}, {"ATD", commandWait}}
	}
	return []greeting{{"ATZ", resetWait}, {"ATZ", resetWait}, {"ATWS", resetWait}, {"ATD", commandWait}, {"ATI", commandWait}}
}

// greet gets a first answer that only an adapter gives.
func (l *Link) greet(ctx context.Context) error {
	var heard []byte
	for i, g := range l.greetings() {
		switch {
		case i > 1 && len(heard) == 0 && g.command != "ATI":
			continue // nobody there, or at the wrong speed: one more question is enough
		case i > 1 && looksBinary(heard):
			return notAnAdapter(heard)
		}
		ok, raw, err := l.greetWith(ctx, g)
		if err != nil {
			if link.IsLost(err) && g.command == "ATZ" && len(heard) == 0 {
				return &link.Fault{Lost: true, Err: errs.New(errs.Adapter, "%w", errors.Join(ErrResetDropped, err)).
					WithHint("connect again without a reset")}
			}
			return err
		}
		if !ok {
			heard = append(heard, raw[:min(len(raw), 256)]...)
			continue
		}
		if i > 0 {
			l.notify(EventFallback, "the adapter answered only to "+g.command)
			return l.settleGreeting(ctx, g)
		}
		return l.afterReset(ctx, g)
	}
	return notAnAdapter(heard)
}

// greetWith sends one greeting and drops what does not answer it: the status lines of a Bluetooth
// module, late answers to another program.
func (l *Link) greetWith(ctx context.Context, g greeting) (ok bool, heard []byte, err error) {
	if err := l.w.send(ctx, g.command); err != nil {
		return false, nil, err
	}
	for range maxStray {
		raw, err := l.w.receive(ctx, patience{quiet: g.wait, total: 2 * g.wait})
		heard = append(heard, raw...)
		if errors.Is(err, errSilent) || errors.Is(err, errFlood) {
			return false, heard, l.calmDown(ctx)
		}
		if err != nil {
			return false, heard, err
		}
		a := text.Clean(raw, g.command)
		switch version, named := a.Version(); {
		case named:
			l.caps.Claimed = version
			return true, heard, nil
		case a.Condition() == text.Rejected:
			return false, heard, nil
		case a.OK() && g.command != "ATI":
			return true, heard, nil
		}
	}
	return false, heard, nil
}

// afterReset goes on from a banner, or sets the defaults where there was none.
func (l *Link) afterReset(ctx context.Context, g greeting) error {
	l.unsettled = false
	if g.command == "ATI" {
		_, err := l.try(ctx, "ATD", "ATD")
		return err
	}
	return nil
}

// settleGreeting brings both sides into step after several greetings, to each of which an answer may
// still come.
func (l *Link) settleGreeting(ctx context.Context, g greeting) error {
	if err := l.resync(ctx); err != nil {
		return err
	}
	return l.afterReset(ctx, g)
}

// terse sets how the adapter prints: no echo, no line feeds, no blanks, headers. A clone that refuses one
// of them is understood all the same. AT M0 keeps the protocol that we set out of its lasting memory.
func (l *Link) terse(ctx context.Context) error {
	for _, command := range [...]string{"ATE0", "ATL0", "ATS0", "ATH1", "ATM0", "ATCAF1"} {
		if _, err := l.try(ctx, command, command); err != nil {
			return err
		}
	}
	l.restarted = false
	return nil
}

// restore sets everything anew after a restart or a console command. Settings survive a crash and a
// change of program, so that none is believed to stand.
func (l *Link) restore(ctx context.Context) error {
	if _, err := l.try(ctx, "ATD", "ATD"); err != nil {
		return err
	}
	if err := l.terse(ctx); err != nil {
		return err
	}
	l.is = settings{}
	if err := l.setProtocol(ctx); err != nil {
		return err
	}
	l.dirty, l.restarted = false, false
	return nil
}

// notAnAdapter says what the bytes that came instead of an adapter's answer look like.
func notAnAdapter(heard []byte) error {
	switch {
	case len(heard) == 0:
		return errs.New(errs.NoAdapter, "greet adapter: no answer").
			WithHint("check that the adapter is plugged into the vehicle, has its light on and is not used by another program")
	case looksBinary(heard):
		return errs.New(errs.NoAdapter, "greet adapter: the answer is not text; this looks like a wrong baud rate").
			WithHint("give the speed in the address, such as ?baud=38400 or ?baud=115200")
	}
	s := sentence(heard, "")
	return errs.New(errs.NoAdapter, "greet adapter: the device answers %q, which no ELM327 does", s[:min(len(s), 40)]).
		WithHint("another device seems to be on this port; choose the adapter's")
}
