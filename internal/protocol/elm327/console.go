package elm327

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// Command implements [link.Console]. Every setting is sent anew before the next Exchange.
func (l *Link) Command(ctx context.Context, line string) (string, error) {
	line = strings.TrimSpace(line)
	if strings.ContainsAny(line, "\r\n") || line == "" {
		return "", errs.New(errs.Usage, "command: want one line that is not empty")
	}
	l.dirty = true
	raw, err := l.hear(ctx, line, patience{quiet: 15 * time.Second, total: 60 * time.Second})
	if len(raw) > 0 && (errors.Is(err, errSilent) || errors.Is(err, errFlood)) {
		err = nil // a monitoring command has no end of its own; the next command ends it
	}
	if err != nil {
		return "", l.explain(ctx, err)
	}
	return sentence(raw, line), nil
}

// SupplyVoltage implements [link.Voltmeter] with AT RV, in volts. Adapters are off by up to a volt.
func (l *Link) SupplyVoltage(ctx context.Context) (float64, error) {
	answer, err := l.ask(ctx, "ATRV", "ATRV")
	if err != nil {
		return 0, l.explain(ctx, err)
	}
	if volts, ok := answer.Voltage(); ok {
		return volts, nil
	}
	return 0, errs.New(errs.Unsupported, "measure supply voltage: the adapter answers %q", answer.Text())
}

// worthRepeating tells complaints that a second try may cure.
func worthRepeating(c text.Condition) bool {
	switch c {
	case text.None, text.NoData, text.UnableToConnect, text.Rejected, text.BusInitError:
		return false
	}
	return true
}
