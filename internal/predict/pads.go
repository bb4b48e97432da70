package predict

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/brake"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
)

// pads foretells the wear of brake pads by the work that they did, learned from pads that mechanics measured.
type pads struct{}

// assumedMass is what a passenger car weighs as it is driven, in kg. The scale that a measured pad corrects takes up what
// is wrong with it.
const assumedMass = 1500

func (pads) Topic() fleet.Topic { return fleet.TopicBrake }

func (pads) Card() registry.Card {
	return registry.Card{
		Name: "brake-wear", Topic: fleet.TopicBrake, Algorithm: "wear by braking work or distance, one scale per vehicle (Archard, Bayes)", Unit: "vehicle", Enough: 5,
		Primary: "error of wear",
		Limits: []string{
			"was evaluated on semi-synthetic data only: real driving, modelled wear",
			"one scale for both axles: tells the pads that were measured",
			"does not see a stuck caliper or a warped disc",
		},
	}
}

func (pads) Check(weights []byte) error {
	_, err := brake.Load(bytes.NewReader(weights))
	return err
}

func (k pads) Predict(ctx context.Context, s *Subject) ([]fleet.Prediction, error) {
	m, weights, ok, err := s.champion(ctx, k.Card().Name)
	if err != nil {
		return nil, err
	}
	var priors []brake.Prior
	if ok {
		if priors, err = brake.Load(bytes.NewReader(weights)); err != nil {
			return nil, fmt.Errorf("read model %s: %w", m.Title(), err)
		}
	}
	known, err := s.pads(ctx)
	if err != nil {
		return nil, err
	}
	p := brake.Predict(known.Pads, priors...)
	if p.Model = (fleet.ModelRef{Name: k.Card().Name}); ok {
		p.Model = m.Ref()
	}
	if !ok && p.Urgency != fleet.UrgencyUnknown {
		p.Marks = append(p.Marks, fleet.MarkPhysics)
	}
	p.Missing = append(p.Missing, known.missing...)
	p.Looked = fleet.Looked{From: known.from, Until: known.until}
	return []fleet.Prediction{p}, nil
}

// kept is what the store tells of the pads that are on a vehicle now.
type kept struct {
	brake.Pads
	from, until time.Time
	missing     []string
	odometer    *float64 // when the pads were new
	inspections []fleet.Outcome
}

// pads reads what the pads did since they were new, or since the record began.
func (s *Subject) pads(ctx context.Context) (k kept, err error) {
	labels, err := s.labels(ctx)
	if err != nil {
		return k, err
	}
	start := time.Time{}
	for _, o := range labels {
		if o.Topic != fleet.TopicBrake || !strings.Contains(strings.ToLower(o.Part), "pad") {
			continue
		}
		if o.Replaced {
			start, k.odometer, k.FromNew, k.inspections = o.At, o.OdometerKm, true, nil
			continue
		}
		if o.Measured != nil && o.Unit == "%" {
			k.inspections = append(k.inspections, o)
		}
	}
	return k, s.work(ctx, &k, start)
}

// work adds up the braking between the inspections.
func (s *Subject) work(ctx context.Context, k *kept, start time.Time) error {
	mass := float64(assumedMass)
	if s.Vehicle.MassKg != nil {
		mass = *s.Vehicle.MassKg
	} else {
		k.missing = append(k.missing, fmt.Sprintf("the mass of the vehicle, %d kg are assumed ('obdctl vehicle set --mass')", assumedMass))
	}
	from, km, mj := start, 0.0, 0.0
	until := func(end time.Time) error {
		var failed error
		w := brake.Measured(s.speeds(ctx, k, from, end, &failed))
		km, mj, from = km+w.Km, mj+w.MJ(mass), end
		return failed
	}
	for _, o := range k.inspections {
		if err := until(o.At); err != nil {
			return err
		}
		k.Inspections = append(k.Inspections, brake.Inspection{At: o.At, Km: km, WorkMJ: mj, WearPct: *o.Measured})
	}
	if err := until(s.Now.Add(time.Hour)); err != nil {
		return err
	}
	k.Km, k.WorkMJ = km, mj
	k.unrecorded(s.Vehicle.OdometerKm)
	if km < 1 {
		k.Km, k.WorkMJ = math.NaN(), math.NaN()
		k.missing = append(k.missing, "recorded driving with vehicle speed since the pads were new")
	}
	return nil
}

// unrecorded adds the distance that the odometer tells and no log does, as if it had been driven like the rest.
func (k *kept) unrecorded(now *float64) {
	stretch := func(odometer *float64, km, mj *float64) float64 {
		if k.odometer == nil || odometer == nil || *km < 1 || *odometer-*k.odometer <= 1.05**km {
			return 1
		}
		part := *km / (*odometer - *k.odometer)
		*km, *mj = *km/part, *mj/part
		return part
	}
	for i, o := range k.inspections {
		stretch(o.OdometerKm, &k.Inspections[i].Km, &k.Inspections[i].WorkMJ)
	}
	if part := stretch(now, &k.Km, &k.WorkMJ); part < 1 {
		k.missing = append(k.missing, fmt.Sprintf("recordings of the whole distance: %.0f %% of it was recorded, the rest is taken to be alike", 100*part))
	}
}

// speeds yields the vehicle's speed in a stretch of time, and notes when the first and the last were.
func (s *Subject) speeds(ctx context.Context, k *kept, from, until time.Time, failed *error) iter.Seq[obd.Reading] {
	return func(yield func(obd.Reading) bool) {
		span := store.Span{VehicleID: s.Vehicle.ID, Signals: []string{"VSS"}, From: from, Until: until}
		*failed = s.Tx.Readings().ByTime(ctx, span, func(r obd.Reading) bool {
			if k.from.IsZero() {
				k.from = r.At
			}
			k.until = r.At
			return yield(r)
		})
	}
}

// Gather reads the measured pads of all vehicles.
func (pads) Gather(ctx context.Context, tx store.Tx, _ uuid.UUID) (registry.Study, error) {
	study := &padStudy{}
	p := store.Page{Limit: 1000}
	for {
		l, err := tx.Vehicles().List(ctx, p)
		if err != nil {
			return nil, err
		}
		for _, v := range l.Items {
			s := &Subject{Tx: tx, Vehicle: v, Now: time.Now()}
			k, err := s.pads(ctx)
			if err != nil {
				return nil, err
			}
			if len(k.Inspections) == 0 {
				continue
			}
			last := k.Inspections[len(k.Inspections)-1]
			study.units = append(study.units, registry.Unit{ID: v.ID.String(), At: last.At, Hash: hashText(fmt.Sprint(k.Pads))})
			study.pads = append(study.pads, k.Pads)
		}
		if p.After = l.Next; p.After == "" {
			return study, nil
		}
	}
}

type padStudy struct {
	units []registry.Unit
	pads  []brake.Pads
}

func (p *padStudy) Units() []registry.Unit { return p.units }

// Train learns the fleet's scale by work and by distance.
func (p *padStudy) Train(_ context.Context, units []int, _ uint64) ([]byte, error) {
	var all []brake.Pads
	for _, u := range units {
		all = append(all, p.pads[u])
	}
	var priors []brake.Prior
	var first error
	for _, m := range []brake.Measure{brake.ByWork, brake.ByDistance} {
		prior, err := brake.Learn(all, m)
		if err != nil {
			first = err
			continue
		}
		priors = append(priors, prior)
	}
	if len(priors) == 0 {
		return nil, first
	}
	var out bytes.Buffer
	err := brake.Save(&out, priors)
	return out.Bytes(), err
}

// Measure tells each vehicle's last measured pad from all before it.
func (p *padStudy) Measure(_ context.Context, weights []byte, units []int) ([]fleet.Metric, error) {
	prior := brake.Assumed(brake.ByWork)
	if weights != nil {
		priors, err := brake.Load(bytes.NewReader(weights))
		if err != nil || len(priors) == 0 {
			return nil, errors.Join(errs.New(errs.BadInput, "read pad wear: it holds no scale"), err)
		}
		prior = priors[0]
	}
	squares, n := 0.0, 0
	for _, u := range units {
		pad := p.pads[u]
		last := pad.Inspections[len(pad.Inspections)-1]
		pad.Inspections = pad.Inspections[:len(pad.Inspections)-1]
		pad.Km, pad.WorkMJ = last.Km, last.WorkMJ
		w, ok := brake.Estimate(prior, pad)
		if !ok {
			continue
		}
		squares, n = squares+(w.Pct-last.WearPct)*(w.Pct-last.WearPct), n+1
	}
	if n == 0 {
		return nil, nil
	}
	return []fleet.Metric{{Name: "error of wear", Value: math.Sqrt(squares / float64(n)), Unit: "%", On: fmt.Sprintf("the last measured pad of %d frozen vehicles", n), Better: "lower"}}, nil
}
