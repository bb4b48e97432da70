package importer

import (
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

var errNoInterpreter = errors.New("raw traffic needs an interpreter")

// traffic turns what an interpreter says into readings of one vehicle.
type traffic struct {
	out         *output
	interpreter Interpreter
	base        int64 // when a log without dates began
	vin         string
	batch       *batch
	single      map[signalKey]held // values that were read once only, so far
	hold        bool               // a diagnosis may already have them
}

type held struct {
	entry entry
	count int
}

// maxSingles bounds what is held back for a diagnosis.
const maxSingles = 4096

// take keeps what was decoded; at is when it was said.
func (t *traffic) take(d Decoded, at time.Time) error {
	if d.VIN != "" && t.vin == "" {
		t.vin = d.VIN
		if err := t.turn(); err != nil {
			return err
		}
	}
	for _, p := range d.Problems {
		t.out.rejects.line(p.Line, "%s", p.Reason)
	}
	if len(d.Readings) == 0 {
		return nil
	}
	if t.batch == nil {
		if err := t.turn(); err != nil {
			return err
		}
	}
	t.out.sum.Rows++
	for i := range d.Readings {
		if !saidAgain(d.Readings, i) {
			t.reading(&d.Readings[i], at)
		}
	}
	return nil
}

// saidAgain tells that the same signal of the same ECU comes again further on at the same time: where an adapter does
// not tell who answered, several answers look like one ECU's, and the last of them counts.
func saidAgain(all []obd.Reading, i int) bool {
	for k := i + 1; k < len(all) && k < i+1024; k++ {
		if all[k].Signal == all[i].Signal && all[k].ECU == all[i].ECU && all[k].At.Equal(all[i].At) {
			return true
		}
	}
	return false
}

// turn begins the batch of the vehicle; what was read before its VIN was known is its own too.
func (t *traffic) turn() error {
	v := Vehicle{VIN: t.vin}
	if t.batch != nil {
		for i := range t.out.sum.Vehicles {
			if t.out.sum.Vehicles[i] == (VehicleCount{}) {
				t.out.sum.Vehicles[i].VIN = t.vin
			}
		}
		t.batch.vehicle = v
		return nil
	}
	b, err := t.out.batch(v)
	t.batch = b
	return err
}

func (t *traffic) reading(r *obd.Reading, at time.Time) {
	if r.Absent || r.Signal == "" {
		return
	}
	if r.At.IsZero() {
		r.At = at
	}
	s := t.out.signal(signal{id: r.Signal, name: r.Name, unit: r.Unit, ecu: r.ECU})
	e := entry{at: r.At.UnixMicro(), value: r.Value, text: r.Text, signal: s}
	if !t.hold {
		t.out.add(t.batch, e)
		return
	}
	key := signalKey{r.Signal, r.ECU}
	h := t.single[key]
	switch h.count++; {
	case h.count == 1 && len(t.single) < maxSingles:
		h.entry = e
	case h.count == 2 && h.entry != (entry{}):
		t.out.add(t.batch, h.entry)
		t.out.add(t.batch, e)
		h.entry = entry{}
	default:
		t.out.add(t.batch, e)
	}
	if len(t.single) < maxSingles || h.count > 1 {
		t.single[key] = h
	}
}

// end takes what was still open. Values that were asked for once are left to the diagnosis that asked, where there
// was one.
func (t *traffic) end() error {
	if err := t.take(t.interpreter.End(), time.UnixMicro(t.base).UTC()); err != nil {
		return err
	}
	if t.out.sum.Scans > 0 {
		return nil
	}
	for _, h := range t.single {
		if h.entry != (entry{}) {
			t.out.add(t.batch, h.entry)
		}
	}
	return nil
}

func (t *traffic) sayClock(relative, counted bool) {
	switch {
	case !relative:
		t.out.sum.Clock = "absolute"
	case counted:
		t.out.sum.Clock = "started"
	default:
		t.out.sum.Clock = "undated"
		t.out.noteUndated()
	}
}
