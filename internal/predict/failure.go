package predict

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
)

// failure foretells that the engine fails within a month, by boosted trees on drives, learned from engines of the fleet
// that failed. Until there are such labels it says so and nothing else: what was learned on turbines or laboratory
// cells is no knowledge of cars.
type failure struct{}

// failureHorizon is how far ahead a failure is foretold.
const failureHorizon = 30 * 24 * time.Hour

// What is needed before a model of failures is more than chance.
const (
	enoughFailures = 10 // labelled failures to learn from, of different vehicles
	enoughVehicles = 20 // vehicles to learn from, failed or not
)

func (failure) Topic() fleet.Topic { return fleet.TopicFailure }

func (failure) Card() registry.Card {
	return registry.Card{
		Name: "engine-failure", Topic: fleet.TopicFailure, Algorithm: "boosted trees on summaries of drives", Unit: "vehicle", Enough: enoughVehicles,
		Primary: byDrive, Healthy: "healthy drives flagged", MostFlag: 0.05,
		Limits: []string{
			"knows only kinds of failure that this fleet had and a mechanic entered",
			"vehicles unlike those it learned from are told nothing better than their average",
			"tells that an engine resembles those that failed, not why",
		},
	}
}

func (failure) Check(weights []byte) error {
	_, err := loadFailures(weights)
	return err
}

// Predict says how likely the engine fails within the horizon, going by the newest drive that can be summed up.
func (f failure) Predict(ctx context.Context, s *Subject) ([]fleet.Prediction, error) {
	m, weights, why, err := s.rival(ctx, f.Card(), failureSequence{}.Card())
	if err != nil {
		return nil, err
	}
	if m.Name == "" {
		return f.untrained(ctx, s)
	}
	p := fleet.Prediction{Topic: fleet.TopicFailure, Part: "engine", Urgency: fleet.UrgencyUnknown, Model: m.Ref(), LearnedFrom: m.Data + why,
		Quantity: "failure probability", Unit: "1", Horizon: &fleet.Horizon{Value: failureHorizon.Hours() / 24, Unit: "d"},
		WouldChange: []string{"more labelled failures of this fleet", "what the next drives show"}}
	if m.Imported {
		p.Marks = append(p.Marks, fleet.MarkForeign)
	}
	say := f.say
	if m.Name != f.Card().Name {
		say = failureSequence{}.say
	}
	if err := say(ctx, s, weights, &p); err != nil {
		return nil, fmt.Errorf("ask model %s: %w", m.Title(), err)
	}
	return []fleet.Prediction{p}, nil
}

// say fills a prediction by the newest drive.
func (f failure) say(ctx context.Context, s *Subject, weights []byte, p *fleet.Prediction) error {
	trees, err := loadFailures(weights)
	if err != nil {
		return err
	}
	last, ok, err := f.newest(ctx, s)
	if err != nil {
		return err
	}
	if !ok {
		noDrive(p)
		return nil
	}
	p.Looked = looked([]Drive{last.Drive})
	trees.say(p, trees.trees.Predict(last.Row))
	p.Reasons = trees.reasons(last.Row)
	return nil
}

func noDrive(p *fleet.Prediction) {
	p.Claim = "Nothing can be said about a failure of the engine: no drive is long enough."
	p.Missing = []string{"a drive of some minutes with engine speed, coolant temperature and load"}
}

// untrained says what lacks, in numbers.
func (f failure) untrained(ctx context.Context, s *Subject) ([]fleet.Prediction, error) {
	all, err := outcomesOf(ctx, s.Tx, uuid.Nil)
	if err != nil {
		return nil, err
	}
	labels := failuresOf(all)
	return []fleet.Prediction{{
		Topic: fleet.TopicFailure, Part: "engine", Urgency: fleet.UrgencyUnknown, Quantity: "failure probability", Unit: "1",
		Claim:       "When the engine will fail cannot be said: " + fleet.MarkUntrained + ".",
		Horizon:     &fleet.Horizon{Value: failureHorizon.Hours() / 24, Unit: "d"},
		LearnedFrom: "nothing: no open data set has real cars with labelled failures",
		Model:       fleet.ModelRef{Name: f.Card().Name},
		Marks:       []string{fleet.MarkUntrained},
		Missing:     []string{fmt.Sprintf("labelled engine failures of this fleet: there are %d of %d vehicles, about %d of %d vehicles are needed", len(labels), vehiclesOf(labels), enoughFailures*3/2, enoughVehicles*3/2)},
		WouldChange: []string{"outcomes that mechanics enter ('obdctl outcome add'), then 'obdctl model train engine-failure'"},
	}}, nil
}

// failuresOf are the labels of engines that failed.
func failuresOf(all []fleet.Outcome) []fleet.Outcome {
	var labels []fleet.Outcome
	for _, o := range all {
		if o.Finding == fleet.FoundFailed && (o.Topic == fleet.TopicFailure || o.Topic == fleet.TopicEngine) {
			labels = append(labels, o)
		}
	}
	return labels
}

func vehiclesOf(labels []fleet.Outcome) int {
	seen := map[uuid.UUID]bool{}
	for _, o := range labels {
		seen[o.VehicleID] = true
	}
	return len(seen)
}

// newest is the last drive that tells something.
func (failure) newest(ctx context.Context, s *Subject) (summary, bool, error) {
	drives, err := s.Drives(ctx)
	if err != nil {
		return summary{}, false, err
	}
	for i := len(drives) - 1; i >= 0 && i >= len(drives)-10; i-- {
		var failed error
		d := sum(drives[i], s.readings(ctx, drives[i], summedSignals(), &failed))
		if failed != nil {
			return summary{}, false, failed
		}
		if known(d.Row) >= 9 {
			return d, true, nil
		}
	}
	return summary{}, false, nil
}

// known counts the numbers of a row that are there.
func known(row []float64) (n int) {
	for _, v := range row {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

// Gather sums up the drives of all vehicles. What happened after a drive is known when a failure followed within the
// horizon, or when the horizon is over; other drives are left out.
func (f failure) Gather(ctx context.Context, tx store.Tx, vehicle uuid.UUID) (registry.Study, error) {
	return f.gather(ctx, tx, vehicle)
}

func (failure) gather(ctx context.Context, tx store.Tx, _ uuid.UUID) (*failureStudy, error) {
	study := &failureStudy{}
	outcomes, err := outcomesOf(ctx, tx, uuid.Nil)
	if err != nil {
		return nil, err
	}
	failures := failuresOf(outcomes)
	p := store.Page{Limit: 1000}
	for {
		l, err := tx.Vehicles().List(ctx, p)
		if err != nil {
			return nil, err
		}
		for _, v := range l.Items {
			if err := study.add(ctx, &Subject{Tx: tx, Vehicle: v, Now: time.Now()}, failures); err != nil {
				return nil, err
			}
		}
		if p.After = l.Next; p.After == "" {
			return study, nil
		}
	}
}

// failureStudy is the fleet's drives with what followed.
type failureStudy struct {
	units  []registry.Unit
	drives [][]labelled  // by unit, oldest first
	failed [][]time.Time // by unit: its failures, oldest first
}

type labelled struct {
	until time.Time // end of the drive
	row   []float64
	fails bool
}

func (f *failureStudy) Units() []registry.Unit { return f.units }

func (f *failureStudy) add(ctx context.Context, s *Subject, failures []fleet.Outcome) error {
	drives, err := s.Drives(ctx)
	if err != nil || len(drives) == 0 {
		return err
	}
	var rows []labelled
	var hash strings.Builder
	for _, d := range drives {
		fails, told := follows(s, d, failures)
		if !told {
			continue
		}
		var failed error
		said := sum(d, s.readings(ctx, d, summedSignals(), &failed))
		if failed != nil {
			return failed
		}
		if known(said.Row) < 9 {
			continue
		}
		rows = append(rows, labelled{d.Until, said.Row, fails})
		fmt.Fprintf(&hash, "%s %t\n", said.Hash, fails)
	}
	if len(rows) > 0 {
		f.units = append(f.units, registry.Unit{ID: s.Vehicle.ID.String(), At: drives[len(drives)-1].Until, Hash: hashText(hash.String())})
		f.drives = append(f.drives, rows)
		f.failed = append(f.failed, timesOf(s.Vehicle.ID, failures))
	}
	return nil
}

// timesOf are the failures of one vehicle, oldest first.
func timesOf(vehicle uuid.UUID, failures []fleet.Outcome) (at []time.Time) {
	for _, o := range failures {
		if o.VehicleID == vehicle {
			at = append(at, o.At)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// follows tells whether a failure followed a drive within the horizon; told is false where the horizon is not over. Drives
// after a failure belong to the repaired engine.
func follows(s *Subject, d Drive, failures []fleet.Outcome) (fails, told bool) {
	for _, o := range failures {
		if o.VehicleID == s.Vehicle.ID && o.At.After(d.Until) && o.At.Sub(d.Until) <= failureHorizon {
			return true, true
		}
	}
	return false, s.Now.Sub(d.Until) > failureHorizon
}

func (f *failureStudy) set(units []int) (set gbdt.Set, groups []int) {
	for _, u := range units {
		for _, d := range f.drives[u] {
			y := 0.0
			if d.fails {
				y = 1
			}
			set.X, set.Y, groups = append(set.X, d.row), append(set.Y, y), append(groups, u)
		}
	}
	return set, groups
}
