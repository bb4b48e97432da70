package predict

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/engine"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
)

const (
	mostLearned  = 150 * time.Hour     // of driving: bounds memory to some hundred megabytes
	suspicious   = 30 * 24 * time.Hour // before a part was found failed: those drives are not healthy
	leastRunning = 2 * time.Minute     // of the engine in a drive that is learned from
	mostBiased   = 20                  // frozen trips that biases are laid over
)

// bias is a constant error that is laid over a healthy trip, to see whether a model notices. It stands for no real
// fault and no model is fitted to it.
type bias struct {
	signal string
	add    float64
	name   string
}

// biases are those that a driver would want to hear of.
func biases() []bias {
	return []bias{
		{"ECT", -25, "coolant 25 K too low"}, {"MAP", 8, "manifold pressure 8 kPa too high"}, {"VPWR", -1.2, "voltage 1.2 V too low"},
		{"SHRTFT1", 12, "trim 12 points too lean"}, {"IAT", 30, "intake air 30 K too warm"},
	}
}

// over lays the error over readings; nil lays none.
func (b *bias) over(readings iter.Seq[obd.Reading]) iter.Seq[obd.Reading] {
	if b == nil {
		return readings
	}
	return func(yield func(obd.Reading) bool) {
		for r := range readings {
			if r.Signal == b.signal {
				r.Value += b.add
			}
			if !yield(r) {
				return
			}
		}
	}
}

// partStudy is one vehicle's drives that are believed healthy, and those from before a part was found failed.
type partStudy struct {
	vehicle string
	units   []registry.Unit
	trips   []engine.Trip
	biased  map[int][]engine.Trip // frozen trips with one signal in error, by unit
	before  []engine.Trip         // from the month before a mechanic found a failed or worn part
}

func (parts) Gather(ctx context.Context, tx store.Tx, vehicle uuid.UUID) (registry.Study, error) {
	v, err := tx.Vehicles().Get(ctx, vehicle)
	if err != nil {
		return nil, err
	}
	s := &Subject{Tx: tx, Vehicle: v}
	drives, err := s.Drives(ctx)
	if err != nil {
		return nil, err
	}
	sick, err := s.sickness(ctx)
	if err != nil {
		return nil, err
	}
	study := &partStudy{vehicle: v.Title(), biased: map[int][]engine.Trip{}}
	for _, d := range newest(drives, mostLearned) {
		if err := study.add(ctx, s, d, sick); err != nil {
			return nil, err
		}
	}
	return study, nil
}

func (p *partStudy) add(ctx context.Context, s *Subject, d Drive, sick sickness) error {
	content := newContent()
	var failed error
	t := engine.NewTrip(driveName(d), content.pass(s.readings(ctx, d, engine.Signals(), &failed)))
	switch {
	case failed != nil:
		return failed
	case sick.found(d):
		p.before = append(p.before, t)
		return nil
	case sick.coded(d) || content.running < leastRunning:
		return nil
	}
	unit := registry.Unit{ID: driveName(d), At: d.From, Hash: content.sum()}
	p.units, p.trips = append(p.units, unit), append(p.trips, t)
	if !registry.Frozen(unit.ID) || len(p.biased) >= mostBiased {
		return nil
	}
	for _, b := range biases() {
		wrong, err := s.trip(ctx, d, &b)
		if err != nil {
			return err
		}
		if content.heard[b.signal] > 0 {
			p.biased[len(p.units)-1] = append(p.biased[len(p.units)-1], wrong)
		}
	}
	return nil
}

func (p *partStudy) Units() []registry.Unit { return p.units }

func (p *partStudy) Train(_ context.Context, units []int, _ uint64) ([]byte, error) {
	var trips []engine.Trip
	for _, u := range units {
		trips = append(trips, p.trips[u])
	}
	m, err := engine.Learn(trips, engine.Options{Vehicle: p.vehicle})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = m.Save(&out)
	return out.Bytes(), err
}

func flagged(v engine.Verdict) bool { return v.Claim == engine.Faulty || v.Claim == engine.Anomaly }

// Measure counts what is flagged of frozen healthy trips, of the same trips with an error laid over one signal, and of
// trips from before a part was found failed.
func (p *partStudy) Measure(_ context.Context, weights []byte, units []int) ([]fleet.Metric, error) {
	m := engine.Untrained()
	if weights != nil {
		var err error
		if m, err = engine.Load(bytes.NewReader(weights)); err != nil {
			return nil, err
		}
	}
	var healthy, noticed, found share
	for _, u := range units {
		clean := flagged(m.Judge(&p.trips[u]))
		healthy.count(clean)
		for i := range p.biased[u] {
			noticed.count(!clean && flagged(m.Judge(&p.biased[u][i])))
		}
	}
	for i := range p.before {
		found.count(flagged(m.Judge(&p.before[i])))
	}
	var out []fleet.Metric
	for _, f := range []struct {
		s                share
		name, of, better string
	}{
		{noticed, "biased signals noticed", "made-up errors on %d frozen trips", "higher"},
		{healthy, "healthy trips flagged", "%d frozen trips", "lower"},
		{found, "trips before a found fault flagged", "%d trips", "higher"},
	} {
		if f.s.of == 0 {
			continue
		}
		low, high := wilson(f.s.hits, f.s.of)
		out = append(out, fleet.Metric{Name: f.name, Value: float64(f.s.hits) / float64(f.s.of), Unit: "1", Low: &low, High: &high, On: fmt.Sprintf(f.of, f.s.of), Better: f.better})
	}
	return out, nil
}

// share counts.
type share struct{ hits, of int }

func (s *share) count(hit bool) {
	if s.of++; hit {
		s.hits++
	}
}
