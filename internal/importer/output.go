package importer

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// output gathers readings into batches by vehicle and keeps the summary.
type output struct {
	ctx     context.Context
	src     Source
	o       Options
	sink    Sink
	in      *input
	sum     Summary
	signals []signal
	byName  map[signalKey]int32
	batches []*batch
	held    int // readings in all batches
	told    int64
	rejects *rejects
	undated int64 // where a recording without a date is put, in microseconds
}

// signal is what all readings of one column share.
type signal struct {
	id, name, unit string
	ecu            obd.Address
}

type signalKey struct {
	id  string
	ecu obd.Address
}

// entry is one reading in few bytes.
type entry struct {
	at     int64 // microseconds since the epoch
	value  float64
	text   string
	signal int32
}

// batch holds the readings of one vehicle.
type batch struct {
	vehicle Vehicle
	entries []entry
	tick    tick
	ready   []obd.Reading
}

// maxVehicles bounds how many vehicles are gathered at once; more are handed on in smaller batches.
const maxVehicles = 64

func newOutput(ctx context.Context, src Source, o Options, sink Sink, in *input) *output {
	out := &output{ctx: ctx, src: src, o: o, sink: sink, in: in, byName: map[signalKey]int32{}}
	out.sum = Summary{Schema: Schema, Name: src.Name, Vehicles: []VehicleCount{}, Columns: []ColumnSummary{}, Rejects: []Reject{}, Notes: []string{}}
	out.rejects = &rejects{limit: o.Limits.Rejects, sum: &out.sum}
	return out
}

// signal returns the number of a signal, which is new the first time.
func (out *output) signal(s signal) int32 {
	key := signalKey{s.id, s.ecu}
	if n, ok := out.byName[key]; ok {
		return n
	}
	n := int32(len(out.signals))
	out.signals = append(out.signals, s)
	out.byName[key] = n
	return n
}

// batch returns the batch of a vehicle.
func (out *output) batch(v Vehicle) (*batch, error) {
	for _, b := range out.batches {
		if b.vehicle == v {
			return b, nil
		}
	}
	if len(out.batches) >= maxVehicles {
		if err := out.flush(true); err != nil {
			return nil, err
		}
		out.batches = out.batches[:0]
	}
	b := &batch{vehicle: v}
	out.batches = append(out.batches, b)
	out.sum.vehicle(v)
	return b, nil
}

// add keeps one reading.
func (out *output) add(b *batch, e entry) {
	b.entries = append(b.entries, e)
	out.held++
}

// room hands batches on when enough was gathered. Between rows only.
func (out *output) room() error {
	if out.held < out.o.Limits.Batch {
		return nil
	}
	return out.flush(false)
}

// flush hands everything on; with all also the rows whose time may still be spread.
func (out *output) flush(all bool) error {
	for _, b := range out.batches {
		if all || len(b.entries)-b.tick.from > 4*out.o.Limits.Batch {
			b.endTick(0)
		}
		if err := out.hand(b); err != nil {
			return err
		}
	}
	out.progress()
	return nil
}

// hand sorts a batch and gives it to the sink.
func (out *output) hand(b *batch) error {
	n := len(b.entries)
	if b.tick.rows() > 0 {
		n = b.tick.from
	}
	if n == 0 {
		return nil
	}
	out.arrange(b, n)
	fresh, err := out.sink.Readings(out.ctx, b.vehicle, b.ready)
	if err != nil {
		return err
	}
	out.sum.count(b.vehicle, b.ready, fresh)
	b.entries = b.entries[:copy(b.entries, b.entries[n:])]
	b.tick.shift(n)
	out.held -= n
	return out.ctx.Err()
}

// arrange orders the first n entries by signal and time: counted into place by signal, which keeps the order of
// the file, and sorted only where that is not the order of time.
func (out *output) arrange(b *batch, n int) {
	starts := make([]int, len(out.signals)+1)
	for _, e := range b.entries[:n] {
		starts[e.signal+1]++
	}
	order := out.order()
	place, at := make([]int, len(out.signals)), 0
	for _, s := range order {
		place[s] = at
		at += starts[s+1]
	}
	b.ready = slices.Grow(b.ready[:0], n)[:n]
	for i := range b.entries[:n] {
		e := &b.entries[i]
		s := &out.signals[e.signal]
		b.ready[place[e.signal]] = obd.Reading{
			At: time.UnixMicro(e.at).UTC(), ECU: s.ecu, Signal: s.id, Name: s.name, Value: e.value, Text: e.text, Unit: s.unit,
		}
		place[e.signal]++
	}
	for _, s := range order {
		run := b.ready[place[s]-starts[s+1] : place[s]]
		if !slices.IsSortedFunc(run, byTime) {
			slices.SortStableFunc(run, byTime)
		}
	}
}

func byTime(a, b obd.Reading) int { return a.At.Compare(b.At) }

// order returns the signals by id and ECU.
func (out *output) order() []int32 {
	order := make([]int32, len(out.signals))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &out.signals[a], &out.signals[b]
		return cmp.Or(cmp.Compare(x.id, y.id), cmp.Compare(x.ecu, y.ecu))
	})
	return order
}

// scan hands a scan on.
func (out *output) scan(v Vehicle, s *obd.Scan, recording []byte) error {
	if v.VIN == "" {
		v.VIN = s.Vehicle.VIN
	}
	out.sum.vehicle(v)
	switch err := out.sink.Scan(out.ctx, v, s, recording); {
	case errors.Is(err, ErrKnown):
		out.sum.KnownScans++
		return nil
	case errors.Is(err, ErrTaken):
		out.rejects.line(int(out.sum.Lines), "scan %s: %v", s.ID, err)
		return nil
	case err != nil:
		return err
	}
	out.sum.Scans++
	out.sum.span(s.Started)
	out.sum.span(s.Ended)
	return nil
}

func (out *output) noteUndated() {
	out.sum.note("nothing tells when this was recorded: it is put on a made-up day, %s; --start gives the real one", time.UnixMicro(out.undated).UTC().Format(time.DateOnly))
}

func (out *output) finish() error {
	if out.in.plain.cut {
		out.rejects.line(int(out.sum.Lines), "the compressed stream is cut off or damaged here; what came before it was read")
	}
	return out.flush(true)
}

// tellEvery is how many rows pass between two words about progress.
const tellEvery = 16 << 10

func (out *output) progress() {
	if out.o.Progress == nil || out.sum.Lines-out.told < tellEvery {
		return
	}
	out.told = out.sum.Lines
	out.o.Progress(Progress{Bytes: out.in.raw.n, Size: out.src.Size, Rows: out.sum.Rows, Readings: out.sum.Readings})
}
