package replay

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/can/framelog"
	"github.com/fleetms/obdctl/internal/link"
)

// WrapBus is [Recorder.Wrap] for frames. What it gives out carries the recording's times.
func (r *Recorder) WrapBus(b link.Bus, address string, dial any) link.Bus {
	r.mu.Lock()
	if !r.begun {
		r.begun = true
		r.header.Address = address
		r.header.Dial, r.failure = json.Marshal(dial)
		r.header.frames = true
		r.write(r.header.append(nil))
	}
	r.mu.Unlock()
	r.note(wordOpen, nil)
	return &recordedBus{bus: b, recorder: r}
}

// recordedBus is a bus under a recorder.
type recordedBus struct {
	bus      link.Bus
	recorder *Recorder
	once     sync.Once
}

// Send notes first: the answer must not stand in front of its request.
func (b *recordedBus) Send(ctx context.Context, f can.Frame) error {
	b.recorder.note(wordFrameSent, framelog.AppendFrame(nil, &f))
	err := b.bus.Send(ctx, f)
	if link.IsLost(err) {
		b.lost(err)
	}
	return err
}

func (b *recordedBus) Receive(ctx context.Context) (can.Frame, error) {
	f, err := b.bus.Receive(ctx)
	switch {
	case err == nil:
		f.At = b.recorder.noteFrame(&f)
	case errors.Is(err, context.DeadlineExceeded):
		b.recorder.note(wordTimeout, nil)
	case link.IsLost(err):
		b.lost(err)
	}
	return f, err
}

func (b *recordedBus) lost(err error) {
	b.once.Do(func() { b.recorder.note(wordLost, []byte(err.Error())) })
}

func (b *recordedBus) Close() error {
	b.once.Do(func() { b.recorder.note(wordClose, nil) })
	return b.bus.Close()
}

func (b *recordedBus) Name() string { return b.bus.Name() }

// Health is that of the bus.
func (b *recordedBus) Health() link.BusHealth {
	if m, ok := b.bus.(link.BusMonitor); ok {
		return m.Health()
	}
	return link.BusHealth{}
}

// Filter leaves frames out of the recording too.
func (b *recordedBus) Filter(masks ...link.Mask) error {
	if f, ok := b.bus.(link.BusFilter); ok {
		return f.Filter(masks...)
	}
	return nil
}
