package diag

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

const (
	// recheckFrames is after how many requests the count digit is left out once: an ECU may have joined.
	recheckFrames = 128
	giveUpBatch   = 2 // requests without any answer after which a batch that never worked is split
	dropItem      = 3 // replies without the PID after which it leaves its batch
)

// poll asks for one batch, hands out what came and plans its next turn.
func (p *Poller) poll(ctx context.Context, b *pollBatch) error {
	start := p.tester.now()
	b.request.Frames = 0
	if b.polls++; b.frames.seen >= trustFrames && b.frames.frames <= maxFrameDigit && b.polls%recheckFrames != 0 {
		b.request.Frames = b.frames.frames
	}
	replies, err := p.tester.exchange(ctx, b.request)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b.learnFrames(replies, err)
	end := p.tester.now()
	sample := Sample{At: end, Latency: end.Sub(start), Readings: p.take(b, replies)}
	if len(sample.Readings) > 0 && p.options.Emit != nil {
		p.options.Emit(sample)
	}
	p.settle(b, sample, err)
	b.due = b.due.Add(b.period)
	if b.period == 0 || b.due.Before(end) {
		b.due = end
	}
	p.adapt(b, end)
	return err
}

// learnFrames counts the frames of all replies; the count is trusted while it stays the same.
func (b *pollBatch) learnFrames(replies []link.Reply, err error) {
	now := frameCount{seen: 1, ecus: len(replies)}
	for _, r := range replies {
		if r.Err != nil || r.Frames < 1 {
			b.frames = frameCount{}
			return
		}
		now.frames += r.Frames
	}
	switch {
	case err != nil || len(replies) == 0:
		b.frames = frameCount{}
		return
	case b.frames.frames == now.frames && b.frames.ecus == now.ecus:
		now.seen = b.frames.seen + 1
	}
	b.frames = now
}

// take decodes the replies into the poller's own buffer and marks the items that came.
func (p *Poller) take(b *pollBatch, replies []link.Reply) []obd.Reading {
	for _, it := range b.items {
		it.got = false
	}
	p.readings = p.readings[:0]
	for i := range replies {
		if r := &replies[i]; r.Err == nil && len(r.Data) > 0 && r.Data[0] == b.request.Data[0]+0x40 {
			p.takeReply(b, r)
		}
	}
	return p.readings
}

func (p *Poller) takeReply(b *pollBatch, r *link.Reply) {
	head := b.request.Data[1:]
	if len(b.pids) == 1 {
		if len(r.Data) > len(head) && bytes.Equal(r.Data[1:1+len(head)], head) {
			p.share(b, b.pids[0], r.Data[1+len(head):], r)
		}
		return
	}
	for rest := r.Data[1:]; len(rest) > 0; {
		length := p.tester.lengths[rest[0]]
		if !slices.Contains(b.pids, rest[0]) || length == 0 || len(rest) < 1+length {
			return
		}
		p.share(b, rest[0], rest[1:1+length], r)
		rest = rest[1+length:]
	}
}

// share gives the data of a PID to the items that want it from this ECU.
func (p *Poller) share(b *pollBatch, pid byte, data []byte, r *link.Reply) {
	for _, it := range b.items {
		if byte(it.want.Command.ID) == pid && (it.ecu == obd.Functional || it.ecu == r.ECU) {
			p.decode(it, data, r)
		}
	}
}

func (p *Poller) decode(it *pollItem, data []byte, r *link.Reply) {
	// A short reply still holds the signals that fitted; the rest counts as missing only when nothing did.
	p.values, _ = it.want.Command.Decode(p.values[:0], data)
	for i := range p.values {
		v := &p.values[i]
		if slices.Contains(it.keep, v.Signal) {
			p.readings = append(p.readings, reading(*v, r.At, r.ECU))
			it.got = true
		}
	}
}

// settle counts what came and what did not.
func (p *Poller) settle(b *pollBatch, s Sample, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	came := false
	for _, it := range b.items {
		if it.got {
			it.missed, came = 0, true
			it.rate.add(s.At, s.Latency)
			continue
		}
		it.missed++
		it.rate.misses++
	}
	if !came {
		b.failed++
		p.silent++
		return
	}
	b.failed, p.silent = 0, 0
}

// worked tells that at least one item of the batch was answered before.
func (b *pollBatch) worked() bool {
	return slices.ContainsFunc(b.items, func(it *pollItem) bool { return it.rate.samples > 0 })
}

// adapt reacts to what does not answer: a batch that never worked is split, a PID that is missing from
// its batch goes on alone, a dead one is asked ever more seldom.
func (p *Poller) adapt(b *pollBatch, now time.Time) {
	if b.failed >= giveUpBatch && !b.worked() {
		switch {
		case b.request.Target != obd.Functional && isPID(b.items[0].want.Command):
			p.functional = true
			p.plan(now)
			return
		case len(b.pids) > 1:
			p.split(b, now)
			return
		}
	}
	if len(b.items) == 1 {
		p.adaptSingle(b, now)
		return
	}
	for _, it := range b.items {
		if came := b.came(it.ecu); it.missed >= dropItem && came > 0 {
			it.alone, it.beside = true, came
			p.plan(now)
			return
		}
	}
}

// came counts the items that an ECU sent.
func (b *pollBatch) came(ecu obd.Address) int {
	n := 0
	for _, it := range b.items {
		if it.got && it.ecu == ecu {
			n++
		}
	}
	return n
}

// adaptSingle asks a dead PID ever more seldom. One that answers alone and was missing from its batch
// shows that the batch was too long for the ECU; the second time it is taken for one that wants to be alone.
func (p *Poller) adaptSingle(b *pollBatch, now time.Time) {
	it := b.items[0]
	switch {
	case it.missed >= dropItem:
		b.due = now.Add(min(firstBackOff<<min(it.missed-dropItem, 10), 8*lastBackOff))
	case it.got && it.alone && !it.tried:
		it.alone, it.tried = false, true
		p.tester.limits[it.ecu] = it.beside
		p.plan(now)
	}
}

// split halves a batch and remembers the size for its ECUs.
func (p *Poller) split(b *pollBatch, now time.Time) {
	for _, it := range b.items {
		p.tester.limits[it.ecu] = (len(b.pids) + 1) / 2
	}
	p.plan(now)
}
