// Package predict is the list of models: what is kept of a vehicle goes in, predictions in plain words come out.
//
// Each file named after a topic ties one model to the store: it reads what the model needs, hands it to the maths in a
// folder below, and says what came of it. A model that has too little to go by says what lacks, never a number.
package predict

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
)

// Model foretells one topic.
type Model interface {
	Topic() fleet.Topic
	// Predict says what can be said of a vehicle: at least one prediction, which may be that nothing can. An error
	// means that the store could not be read.
	Predict(ctx context.Context, s *Subject) ([]fleet.Prediction, error)
}

// All lists the models in the order in which people read them.
func All() []Model {
	return []Model{failure{}, parts{}, supply{}, pads{}, anomaly{}}
}

// Kinds lists those of the models that can be trained.
func Kinds() []registry.Kind {
	var all []registry.Kind
	for _, m := range All() {
		if k, ok := m.(registry.Kind); ok {
			all = append(all, k)
		}
	}
	return append(all, failureSequence{}) // which speaks through the topic of failure
}

// Find returns the kind of model of a name.
func Find(name string) (registry.Kind, error) {
	var names []string
	for _, k := range Kinds() {
		if k.Card().Name == name {
			return k, nil
		}
		names = append(names, k.Card().Name)
	}
	return nil, errs.New(errs.Usage, "no kind of model is called %q", name).WithHint("one of: %s", strings.Join(names, ", "))
}

// Options say what is foretold.
type Options struct {
	Now    time.Time
	Topics []fleet.Topic // all when empty
}

// Vehicle asks the models about one vehicle. All predictions have the time of this run.
func Vehicle(ctx context.Context, tx store.Tx, v fleet.Vehicle, o Options) ([]fleet.Prediction, error) {
	s := &Subject{Tx: tx, Vehicle: v, Now: obd.Stamp(o.Now)}
	var all []fleet.Prediction
	for _, m := range All() {
		if len(o.Topics) > 0 && !slices.Contains(o.Topics, m.Topic()) {
			continue
		}
		said, err := m.Predict(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("predict %s of %s: %w", m.Topic(), v.Title(), err)
		}
		for _, p := range said {
			all = append(all, s.complete(p))
		}
	}
	slices.SortStableFunc(all, func(a, b fleet.Prediction) int { return b.Urgency.Rank() - a.Urgency.Rank() })
	return all, nil
}

// complete fills in what every prediction has. A value that is no number is none.
func (s *Subject) complete(p fleet.Prediction) fleet.Prediction {
	p.At, p.VehicleID = s.Now, s.Vehicle.ID
	if p.Value != nil && !finite(*p.Value) {
		p.Value, p.Interval, p.Urgency = nil, nil, fleet.UrgencyUnknown
		p.Missing = append(p.Missing, "a result that is a number")
	}
	if p.Interval != nil && !(finite(p.Interval.Low) && finite(p.Interval.High)) {
		p.Interval = nil
	}
	p.Reasons = slices.DeleteFunc(p.Reasons, func(r fleet.Reason) bool { return !finite(r.Contribution) })
	if old := s.Now.Sub(p.Looked.Until); !p.Looked.Until.IsZero() && old > stale {
		p.Missing = append(p.Missing, fmt.Sprintf("newer data: the newest are of %s", p.Looked.Until.UTC().Format(time.DateOnly)))
	}
	if p.Reasons == nil {
		p.Reasons = []fleet.Reason{}
	}
	for _, list := range []*[]string{&p.WouldChange, &p.Missing, &p.Marks} {
		if *list == nil {
			*list = []string{}
		}
	}
	if p.Proposal == nil {
		p.Proposal = propose(p)
	}
	return p
}

// stale is how old data may be before a claim about today says so.
const stale = 60 * 24 * time.Hour

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// champion returns the weights of the model that speaks for the vehicle; ok is false where none does.
func (s *Subject) champion(ctx context.Context, name string) (m fleet.Model, weights []byte, ok bool, err error) {
	m, err = s.Tx.Models().Champion(ctx, name, s.Vehicle.ID)
	if errors.Is(err, store.ErrNotFound) {
		return m, nil, false, nil
	}
	if err != nil {
		return m, nil, false, err
	}
	weights, err = s.Tx.Models().Weights(ctx, m)
	return m, weights, err == nil, err
}
