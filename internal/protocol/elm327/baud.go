package elm327

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// elmClock is what AT BRD divides.
const elmClock = 4_000_000

// raise speeds up a serial line by the handshake of AT BRD or STBR: the adapter answers OK at the old speed,
// prints its banner at the new one, and keeps it only when a carriage return comes back in time. Where
// the banner does not come both sides go back to the old speed by themselves.
func (l *Link) raise(ctx context.Context) error {
	port, ok := l.w.port.(link.SpeedSetter)
	if !ok || l.o.Baud <= port.Speed() {
		return nil
	}
	old := port.Speed()
	for _, way := range l.waysToRaise() {
		done, err := l.raiseBy(ctx, port, way)
		if err != nil {
			return err
		}
		if done {
			l.baud, l.raised = l.o.Baud, true
			l.notify(EventSpeed, fmt.Sprintf("line speed raised from %d to %d baud", old, l.o.Baud))
			return nil
		}
	}
	l.notify(EventSpeed, fmt.Sprintf("line speed stays at %d baud", old))
	return nil
}

// raising is one command that changes the adapter's speed.
type raising struct{ family, timeout, command string }

func (l *Link) waysToRaise() []raising {
	var ways []raising
	if l.caps.Firmware != "" && !l.caps.refuses("STBR") {
		ways = append(ways, raising{"STBR", "STBRT1000", fmt.Sprintf("STBR%d", l.o.Baud)})
	}
	divisor := math.Round(elmClock / float64(l.o.Baud))
	exact := math.Abs(elmClock/divisor-float64(l.o.Baud))/float64(l.o.Baud) < 0.03
	if divisor >= 4 && divisor <= 255 && exact && !l.caps.refuses("ATBRD") {
		// AT BRT counts 5 ms: FF is 1.28 s for our side to follow.
		ways = append(ways, raising{"ATBRD", "ATBRTFF", fmt.Sprintf("ATBRD%02X", int(divisor))})
	}
	return ways
}

// raiseBy tries one way. On failure it returns with both sides at the old speed.
func (l *Link) raiseBy(ctx context.Context, port link.SpeedSetter, way raising) (bool, error) {
	if _, err := l.at(ctx, way.timeout); err != nil {
		return false, err
	}
	old := port.Speed()
	l.unsettled = true
	if err := l.w.send(ctx, way.command); err != nil {
		return false, err
	}
	taken, err := l.heardOK(ctx)
	if err != nil || !taken {
		l.unsettled = false
		l.caps.Commands[way.family] = false
		return false, err
	}
	if err := port.SetSpeed(l.o.Baud); err != nil {
		return false, l.backTo(ctx, port, old)
	}
	l.w.rest = l.w.rest[:0]
	confirmed, err := l.confirmSpeed(ctx)
	if err != nil {
		return false, err
	}
	l.caps.Commands[way.family] = confirmed
	if !confirmed {
		return false, l.backTo(ctx, port, old)
	}
	l.unsettled = false
	return true, nil
}

// heardOK reads the answer at the old speed: OK without a prompt, or a refusal with one.
func (l *Link) heardOK(ctx context.Context) (bool, error) {
	raw, err := l.w.receive(ctx, patience{quiet: commandWait, total: commandWait, until: func(raw []byte) bool {
		return text.Clean(raw, "").OK() && raw[len(raw)-1] == '\r'
	}})
	if err != nil && !errors.Is(err, errSilent) && !errors.Is(err, errFlood) {
		return false, err
	}
	return text.Clean(raw, "").OK(), nil
}

// confirmSpeed waits for the banner at the new speed and sends the carriage return that keeps it, the one
// place where a bare one is right.
func (l *Link) confirmSpeed(ctx context.Context) (bool, error) {
	raw, err := l.w.receive(ctx, patience{quiet: time.Second, total: time.Second, until: func(raw []byte) bool {
		_, named := text.Clean(raw, "").Version()
		return named && raw[len(raw)-1] == '\r'
	}})
	if err != nil && !errors.Is(err, errSilent) && !errors.Is(err, errFlood) {
		return false, err
	}
	if _, named := text.Clean(raw, "").Version(); !named {
		return false, nil
	}
	if err := l.w.write(ctx, "\r"); err != nil {
		return false, err
	}
	raw, err = l.w.receive(ctx, patience{quiet: commandWait, total: commandWait})
	if err != nil && !errors.Is(err, errSilent) && !errors.Is(err, errFlood) {
		return false, err
	}
	return text.Clean(raw, "").OK(), nil
}

// backTo returns to the old speed and waits until the adapter has done so too.
func (l *Link) backTo(ctx context.Context, port link.SpeedSetter, old int) error {
	if err := rest(ctx, 1500*time.Millisecond); err != nil { // longer than AT BRT FF
		return err
	}
	if err := port.SetSpeed(old); err != nil {
		return l.w.lose(errs.New(errs.Adapter, "set speed back to %d: %w", old, err))
	}
	l.w.rest = l.w.rest[:0]
	return l.resync(ctx)
}
