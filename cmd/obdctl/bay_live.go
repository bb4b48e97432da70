package main

import (
	"context"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/live"
	"github.com/fleetms/obdctl/tui/screen/live/trace"
)

// watching is what is read between jobs. It lasts as long as someone looks or a recording runs.
type watching struct {
	poller  *diag.Poller
	looking bool
	over    chan error // why it ended by itself
	told    time.Time  // when the rate was told
}

// Watch reads signals between the jobs until ctx ends.
func (b *bay) Watch(ctx context.Context, signals []string, board *trace.Board) error {
	w := &watching{looking: true, over: make(chan error, 1)}
	err := b.ask(ctx, func(ctx context.Context, s *session) error {
		wants, err := wantsOf(s.tester, 0, signals...)
		if err != nil {
			return err
		}
		if _, _, err := s.tester.Supported(ctx, obd.ServiceCurrentData); err != nil {
			return err
		}
		w.poller, err = s.tester.Poller(diag.PollerOptions{
			Wants: wants, GiveUp: patienceWith(s, len(wants)), Patience: -1, Notify: func(error) {}, // the link tells what happens to it
			Emit: func(sample diag.Sample) { b.sampled(w, board, sample) },
		})
		if err == nil {
			b.watched(errs.New(errs.Cancelled, "something else is watched"))
			b.watching, b.attend = w, w.poller.Run
		}
		return err
	})
	if err != nil {
		return err
	}
	select {
	case err := <-w.over:
		return err
	case <-ctx.Done():
	}
	_ = b.do(b.ctx, func(context.Context) error { // a bay that is closed watches nothing
		if w.looking = false; b.watching == w && b.recording == nil {
			b.watched(nil)
		}
		return nil
	})
	return ctx.Err()
}

// sampled takes what was read, in the goroutine of the bay.
func (b *bay) sampled(w *watching, board *trace.Board, sample diag.Sample) {
	board.Take(sample.At, sample.Readings)
	if b.recording != nil {
		b.recording.add(sample.Readings)
	}
	if now := time.Now(); now.Sub(w.told) >= time.Second {
		w.told = now
		b.change(func(l *screen.Link) { l.Rate, l.Latency = speed(w.poller.Rates()) })
	}
}

// speed sums the rates of what is polled, and means its latency.
func speed(rates []diag.Rate) (perSecond float64, latency time.Duration) {
	answered := 0
	for _, r := range rates {
		if r.Samples > 0 {
			perSecond += r.Achieved
			latency += r.Latency
			answered++
		}
	}
	return perSecond, latency / time.Duration(max(answered, 1))
}

// watched ends what is watched; why is nil when nobody looks any more.
func (b *bay) watched(why error) {
	if b.watching == nil {
		return
	}
	b.watching.over <- why // has room: a watching ends once
	b.watching, b.attend = nil, nil
	b.change(func(l *screen.Link) { l.Rate = 0 })
}

// attended takes the end of what was watched when it could not be read any more.
func (b *bay) attended(err error) {
	if kept := b.finishRecording(b.ctx); kept.err != nil {
		b.tell(failToast(kept.err))
	}
	b.watched(err)
}

// Record keeps what is watched from now on.
func (b *bay) Record(ctx context.Context, words string) error {
	return b.ask(ctx, func(ctx context.Context, s *session) error {
		switch {
		case b.watching == nil:
			return errs.New(errs.BadInput, "nothing is being read").WithHint("choose signals first")
		case b.recording != nil:
			return nil
		}
		k, err := b.app.keepLive(ctx, s, words)
		if err != nil {
			return err
		}
		b.recording = k
		b.change(func(l *screen.Link) { l.Keeping = true })
		return nil
	})
}

// finished is how a recording ended.
type finished struct {
	kept live.Kept
	err  error
}

// StopRecording finishes the recording, if there is one.
func (b *bay) StopRecording(ctx context.Context) (live.Kept, error) {
	var f finished
	err := b.do(ctx, func(ctx context.Context) error {
		f = b.finishRecording(ctx)
		if b.watching != nil && !b.watching.looking {
			b.watched(nil)
		}
		return f.err
	})
	return f.kept, err
}

// finishRecording writes what waits. It ends also when ctx has ended: nothing is lost.
func (b *bay) finishRecording(ctx context.Context) finished {
	k := b.recording
	if k == nil {
		return finished{}
	}
	b.recording = nil
	err := k.end(context.WithoutCancel(ctx))
	b.change(func(l *screen.Link) { l.Keeping = false })
	return finished{live.Kept{Values: k.count, First: k.first, Last: k.last}, err}
}

func failToast(err error) screen.ToastMsg {
	return screen.ToastMsg{Text: err.Error(), Hint: errs.HintOf(err)}
}

// Offer says what the car at the adapter can be asked for.
func (b *bay) Offer(ctx context.Context) (live.Menu, error) {
	var m live.Menu
	err := b.ask(ctx, func(ctx context.Context, s *session) error {
		support, _, err := s.tester.Supported(ctx, obd.ServiceCurrentData)
		if err != nil {
			return err
		}
		if s.tester.Dialect() == obd.DialectJ1979 {
			m.Signals, err = b.offered(ctx, support)
		} else {
			m.Signals, err = sent(ctx, s.tester)
		}
		m.Presets = presetsOf(m.Signals)
		return err
	})
	return m, err
}

// offered are the signals of the PIDs that the car has, and those of the person's own signal sets that may be read.
func (b *bay) offered(ctx context.Context, support diag.Support) ([]live.Signal, error) {
	cat, err := b.app.catalog(ctx)
	if err != nil {
		return nil, err
	}
	var out []live.Signal
	for c := range cat.All() {
		isBitmap := c.ID%0x20 == 0 // says which PIDs there are, and no more
		has := c.Service == obd.ServiceCurrentData && support.Any(byte(c.ID)) && !isBitmap
		own := c.Service != obd.ServiceCurrentData && c.Source != "" && c.Service != 0 && link.ReadOnly().Check([]byte{byte(c.Service)}) == nil
		if !has && !own {
			continue
		}
		for i := range c.Signals {
			out = append(out, live.Signal{ID: c.Signals[i].ID, Name: c.Signals[i].Name, Unit: c.Signals[i].Unit})
		}
	}
	return out, nil
}

// sent are the signals that a vehicle without PIDs sends, as far as they can be watched.
func sent(ctx context.Context, t *diag.Tester) ([]live.Signal, error) {
	readings, _, err := t.ReadAll(ctx)
	if err != nil {
		return nil, err
	}
	var out []live.Signal
	for _, r := range readings {
		known := slices.ContainsFunc(out, func(x live.Signal) bool { return x.ID == r.Signal })
		if _, err := wantsOf(t, 0, r.Signal); err != nil || known || r.Absent {
			continue
		}
		out = append(out, live.Signal{ID: r.Signal, Name: r.Name, Unit: r.Unit})
	}
	return out, nil
}

// presetsOf are the groups without what the car has not.
func presetsOf(signals []live.Signal) []live.Preset {
	var out []live.Preset
	for _, p := range catalog.Builtin().Presets() {
		has := slices.DeleteFunc(slices.Clone(p.Signals), func(id string) bool {
			return !slices.ContainsFunc(signals, func(x live.Signal) bool { return x.ID == id })
		})
		if len(has) > 0 {
			out = append(out, live.Preset{Name: p.Name, Signals: has})
		}
	}
	return out
}
