package elm327

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// begin sends a line whose answer is read piece by piece.
func (l *Link) begin(ctx context.Context, line string) error {
	if l.unsettled {
		if err := l.resync(ctx); err != nil {
			return err
		}
	}
	l.unsettled = true
	if err := l.w.send(ctx, line); err != nil {
		l.unsettled = errs.KindOf(err) != errs.Denied
		return err
	}
	return nil
}

// follow reads on until the prompt (ended is true), take returns false, or nothing comes for p.quiet (errSilent).
func (l *Link) follow(ctx context.Context, p patience, take func(line string) bool) (ended bool, err error) {
	ended, err = l.w.lines(ctx, p, take)
	if ended {
		l.unsettled = false
	}
	return ended, err
}

// breakOff ends what the adapter is doing with a blank, and drops what it still prints. It works behind an
// ended ctx too: an adapter that is left monitoring would lose the next command.
func (l *Link) breakOff(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	if err := l.w.write(ctx, " "); err != nil {
		return err
	}
	_, err := l.w.receive(ctx, patience{quiet: strayWait, total: commandWait})
	if err == nil {
		l.unsettled = false
	}
	if errors.Is(err, errSilent) || errors.Is(err, errFlood) {
		return nil // the next line brings both sides into step
	}
	return err
}

// lines hands out what comes, line by line. A prompt behind nothing belongs to an earlier command.
func (w *wire) lines(ctx context.Context, p patience, take func(line string) bool) (ended bool, err error) {
	if w.lost != nil {
		return false, w.lost
	}
	defer w.wakeOn(ctx)()
	end := time.Now().Add(p.total)
	words, stray := 0, 0
	for {
		for i := bytes.IndexAny(w.rest, "\r\n>"); i >= 0; i = bytes.IndexAny(w.rest, "\r\n>") {
			line, mark := string(bytes.TrimSpace(w.rest[:i])), w.rest[i]
			w.rest = append(w.rest[:0], w.rest[i+1:]...)
			if line != "" {
				if words++; !take(line) && mark != prompt {
					return false, nil
				}
			}
			if mark != prompt {
				continue
			}
			if stray++; words > 0 || stray > maxStray {
				w.prompted = true
				return true, nil
			}
		}
		if len(w.rest) > maxAwaited {
			return false, errFlood
		}
		if err := w.more(ctx, p.quiet, end); err != nil {
			return false, err
		}
	}
}
