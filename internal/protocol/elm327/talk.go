package elm327

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// Waits for the adapter itself. It answers in milliseconds; the rest is for slow Bluetooth.
const (
	commandWait = 1500 * time.Millisecond
	resetWait   = 3 * time.Second
	// strayWait is how long the true answer may come behind a stray prompt.
	strayWait = 300 * time.Millisecond
	// calm is the silence after which no late answer is expected any more.
	calm = 120 * time.Millisecond
	// maxStray bounds answers that belong to no command, dropped in a row.
	maxStray = 16
)

// talk sends a line and returns the raw answer up to the prompt. Unless it returns nil an answer may
// still be under way, and the next call brings both sides into step first.
func (l *Link) talk(ctx context.Context, line string, p patience) ([]byte, error) {
	if l.unsettled {
		if err := l.resync(ctx); err != nil {
			return nil, err
		}
	}
	l.unsettled = true
	if err := l.w.send(ctx, line); err != nil {
		l.unsettled = errs.KindOf(err) != errs.Denied // a refused line was never sent
		return nil, err
	}
	raw, err := l.listen(ctx, line, p)
	if err == nil {
		l.unsettled = false
	}
	return raw, err
}

// listen reads the answer to a line that was sent. An empty one is the second prompt that follows a
// STOPPED: every command is answered with something, so the true answer is still to come.
func (l *Link) listen(ctx context.Context, line string, p patience) ([]byte, error) {
	for range maxStray {
		raw, err := l.w.receive(ctx, p)
		if err != nil || !isEmpty(text.Clean(raw, line)) {
			return raw, err
		}
		if isCommand(line) {
			p.quiet = min(p.quiet, strayWait)
		}
	}
	return nil, errFlood
}

// isEmpty tells an answer without a word in it.
func isEmpty(a text.Answer) bool { return len(a.Lines)+len(a.Conditions)+len(a.Banners) == 0 }

// isCommand tells a line for the adapter from one for the vehicle.
func isCommand(line string) bool {
	p := plain(line)
	return !strings.HasPrefix(p, "STPX") && len(p) > 1 && (p[:2] == "AT" || p[:2] == "ST" || p[:2] == "VT")
}

// at sends a command to the adapter itself and returns its answer, an empty one when it does not come
// in time though the adapter is there.
func (l *Link) at(ctx context.Context, command string) (text.Answer, error) {
	p := patience{quiet: commandWait, total: 2 * commandWait}
	for try := 0; ; try++ {
		raw, err := l.talk(ctx, command, p)
		a := text.Clean(raw, command)
		switch {
		case errors.Is(err, errSilent), errors.Is(err, errFlood):
			if err := l.resync(ctx); err != nil {
				return text.Answer{}, err
			}
		case err != nil:
			return text.Answer{}, err
		case a.Condition() == text.Stopped:
			// The command broke off something else and was itself lost.
		default:
			l.watch(a, command)
			l.nearest = min(l.nearest, l.w.gap)
			return a, nil
		}
		if try == 1 {
			return text.Answer{}, nil
		}
	}
}

// watch notices a banner that no command asked for: the adapter restarted and forgot its settings.
func (l *Link) watch(a text.Answer, command string) {
	switch plain(command) {
	case "ATZ", "ATWS", "ATI", "AT@1", "STI", "STDI":
		return
	}
	if isRestart(a) {
		l.restarted = true
	}
}

// try sends a setting of a family (such as "ATCRA") and tells whether the adapter took it. A family once
// refused is not asked for again; a first refusal is asked twice, as it may be noise on the line.
func (l *Link) try(ctx context.Context, family, command string) (bool, error) {
	honoured, known := l.caps.Commands[family]
	if known && !honoured {
		return false, nil
	}
	for range 2 {
		a, err := l.at(ctx, command)
		if err != nil {
			return false, err
		}
		if a.OK() {
			l.caps.Commands[family] = true
			return true, nil
		}
	}
	if !known {
		l.caps.Commands[family] = false
	}
	return false, nil
}

// ask sends a question of a family and returns the answer, an empty one when the adapter does not know it.
func (l *Link) ask(ctx context.Context, family, command string) (text.Answer, error) {
	if l.caps.refuses(family) {
		return text.Answer{}, nil
	}
	a, err := l.at(ctx, command)
	if err != nil {
		return text.Answer{}, err
	}
	if a.Condition() != text.None {
		a = text.Answer{}
	}
	l.caps.Commands[family] = len(a.Lines) > 0
	return a, nil
}

// resync brings commands and answers into step after an answer that was not waited for, or answers that
// lag. A blank breaks off whatever is under way and is ignored otherwise; a carriage return would
// repeat the last command. Then a question with a known answer is asked and everything before it dropped.
func (l *Link) resync(ctx context.Context) error {
	l.notify(EventResync, "the adapter's answers are out of step; waiting for a known one")
	l.unsettled = true
	for try := range 3 {
		// An adapter that has given its prompt is idle: a blank would only begin its next line, which not
		// every firmware forgives.
		calm := l.calmDown
		if try == 0 && l.w.prompted {
			calm = l.drain
		}
		if err := calm(ctx); err != nil {
			return err
		}
		if err := l.w.send(ctx, "ATI"); err != nil {
			return err
		}
		found, err := l.awaitIdentity(ctx)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		// What was found may be the late answer to an earlier ATI: wait until nothing more comes.
		if err := l.drain(ctx); err != nil {
			return err
		}
		l.unsettled = false
		return nil
	}
	return l.w.lose(errs.New(errs.Adapter, "adapter does not answer any more").
		WithHint("unplug the adapter for a moment and connect again"))
}

// calmDown breaks off what is under way and drops what comes until the line is calm.
func (l *Link) calmDown(ctx context.Context) error {
	if err := l.w.write(ctx, " "); err != nil {
		return err
	}
	return l.drain(ctx)
}

// drain drops what comes until the line is calm.
func (l *Link) drain(ctx context.Context) error {
	for range maxStray {
		_, err := l.w.receive(ctx, patience{quiet: calm, total: time.Second})
		switch {
		case errors.Is(err, errSilent):
			l.w.rest = l.w.rest[:0]
			return nil
		case err != nil && !errors.Is(err, errFlood):
			return err
		}
	}
	return nil
}

// awaitIdentity drops answers until the adapter names itself as it did at first.
func (l *Link) awaitIdentity(ctx context.Context) (bool, error) {
	for range maxStray {
		raw, err := l.w.receive(ctx, patience{quiet: commandWait, total: 2 * commandWait})
		switch {
		case errors.Is(err, errSilent), errors.Is(err, errFlood):
			return false, nil
		case err != nil:
			return false, err
		}
		a := text.Clean(raw, "ATI")
		_, named := a.Version()
		// A device that never named itself is in step when it says anything at all, also that it does
		// not know the question.
		if named || l.caps.Claimed == a.Text() || a.Condition() == text.Rejected || l.caps.Claimed == "" && !isEmpty(a) {
			return true, nil
		}
	}
	return false, nil
}
