package registry

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// Comparison is a model beside what speaks today, on the same frozen data.
type Comparison struct {
	Model    fleet.Model    `json:"model"`
	Champion *fleet.Model   `json:"champion,omitempty"` // nil where rules speak
	Frozen   int            `json:"frozen"`             // units measured on
	Metrics  []fleet.Metric `json:"metrics"`            // of the model
	Against  []fleet.Metric `json:"against"`            // of the champion, or of what speaks without one
	Better   bool           `json:"better"`
	Verdict  string         `json:"verdict"`
}

// Compare measures a model and today's champion on the frozen data of today.
func Compare(ctx context.Context, t store.Tenant, k Kind, id uuid.UUID) (Comparison, error) {
	c := k.Card()
	var r Comparison
	var weights, theirs []byte
	err := t.View(ctx, func(tx store.Tx) (err error) {
		if r.Model, err = tx.Models().Get(ctx, id); err != nil {
			return err
		}
		if weights, err = tx.Models().Weights(ctx, r.Model); err != nil {
			return err
		}
		if r.Champion, err = championOf(ctx, tx, c, scope(r.Model)); err != nil || r.Champion == nil {
			return err
		}
		theirs, err = tx.Models().Weights(ctx, *r.Champion)
		return err
	})
	if err != nil {
		return r, err
	}
	study, _, err := gather(ctx, t, k, scope(r.Model))
	if err != nil {
		return r, fmt.Errorf("measure %s: %w", r.Model.Title(), err)
	}
	d := divide(study.Units())
	if r.Frozen = len(d.frozen); r.Frozen < MinFrozen {
		return r, errs.New(errs.BadInput, "measure %s: %d frozen %ss, %d are needed", r.Model.Title(), r.Frozen, c.Unit, MinFrozen)
	}
	if r.Metrics, err = study.Measure(ctx, weights, d.frozen); err != nil {
		return r, fmt.Errorf("measure %s: %w", r.Model.Title(), err)
	}
	if r.Against, err = study.Measure(ctx, theirs, d.frozen); err != nil {
		return r, fmt.Errorf("measure what speaks today: %w", err)
	}
	if r.Champion == nil { // rules flag next to nothing because they see next to nothing; the ceiling counts alone
		r.Against = slices.DeleteFunc(r.Against, func(m fleet.Metric) bool { return m.Name == c.Healthy })
	}
	for _, list := range []*[]fleet.Metric{&r.Metrics, &r.Against} {
		if *list == nil {
			*list = []fleet.Metric{}
		}
	}
	r.Better, r.Verdict = Judge(c, r.Metrics, r.Against)
	return r, nil
}

func scope(m fleet.Model) uuid.UUID {
	if m.VehicleID == nil {
		return uuid.Nil
	}
	return *m.VehicleID
}

// Judge decides by the figures on frozen data: better by the primary metric, and no worse on healthy data. A tie
// changes nothing.
func Judge(c Card, challenger, champion []fleet.Metric) (bool, string) {
	mine, ok := find(challenger, c.Primary)
	if !ok {
		return false, "not promoted: it could not be measured by " + c.Primary
	}
	if c.Healthy != "" {
		flagged, ok := find(challenger, c.Healthy)
		theirs, known := find(champion, c.Healthy)
		switch {
		case !ok:
			return false, "not promoted: it could not be measured by " + c.Healthy
		case surely(flagged) > c.MostFlag:
			return false, fmt.Sprintf("not promoted: %s %s, surely more than the %.3g that may be", c.Healthy, Figure(flagged), c.MostFlag)
		case known && flagged.Value > theirs.Value:
			return false, fmt.Sprintf("not promoted: worse on healthy data, %s %s against %s", c.Healthy, Figure(flagged), Figure(theirs))
		}
	}
	theirs, known := find(champion, c.Primary)
	if !known {
		return true, fmt.Sprintf("promoted: the first that is measured by %s, %s", c.Primary, Figure(mine))
	}
	better := mine.Value > theirs.Value
	if mine.Better == "lower" {
		better = mine.Value < theirs.Value
	}
	if !better {
		return false, fmt.Sprintf("not promoted: no better on frozen data, %s %s against %s", c.Primary, Figure(mine), Figure(theirs))
	}
	return true, fmt.Sprintf("promoted: better on frozen data, %s %s against %s", c.Primary, Figure(mine), Figure(theirs))
}

// surely is the least that a figure is: the lower end of its interval, where it has one. With ten frozen trips a single
// flagged one is 10 %, and proves nothing.
func surely(m fleet.Metric) float64 {
	if m.Low != nil {
		return *m.Low
	}
	return m.Value
}

func find(all []fleet.Metric, name string) (fleet.Metric, bool) {
	i := slices.IndexFunc(all, func(m fleet.Metric) bool { return m.Name == name })
	if i < 0 || math.IsNaN(all[i].Value) {
		return fleet.Metric{}, false
	}
	return all[i], true
}

// Figure writes a metric's value for people.
func Figure(m fleet.Metric) string {
	if m.Unit == "" || m.Unit == "1" {
		return fmt.Sprintf("%.3g", m.Value)
	}
	return fmt.Sprintf("%.3g %s", m.Value, m.Unit)
}

// Promote makes a model champion if it is better than what speaks today; else it refuses and writes the reason down.
func Promote(ctx context.Context, t store.Tenant, k Kind, id uuid.UUID, now time.Time) (Comparison, error) {
	r, err := Compare(ctx, t, k, id)
	if err != nil {
		return r, err
	}
	if r.Champion != nil && r.Champion.ID == r.Model.ID {
		return r, errs.New(errs.Usage, "promote %s: it is the champion already", r.Model.Title())
	}
	err = t.Update(ctx, func(tx store.Tx) error {
		m, err := tx.Models().Get(ctx, id)
		if err != nil {
			return err
		}
		m.Verdict = r.Verdict
		if r.Better {
			at := obd.Stamp(now)
			m.State, m.Promoted = fleet.Champion, &at
		}
		r.Model = m
		return tx.Models().Put(ctx, &r.Model)
	})
	if err == nil && !r.Better {
		err = errs.New(errs.Denied, "%s: %s", r.Model.Title(), r.Verdict).WithHint("it stays a challenger; train again when there is more data")
	}
	return r, err
}

// Rollback takes the champion of a name and vehicle out, and brings back the one that spoke before it, nil where none did.
func Rollback(ctx context.Context, t store.Tenant, c Card, vehicle uuid.UUID, now time.Time) (gone fleet.Model, back *fleet.Model, err error) {
	if c.PerVehicle == (vehicle == uuid.Nil) {
		return gone, nil, wrongScope(c)
	}
	err = t.Update(ctx, func(tx store.Tx) error {
		champion, err := championOf(ctx, tx, c, vehicle)
		if err != nil {
			return err
		}
		if champion == nil {
			return errs.New(errs.BadInput, "roll back %s: no model is champion", c.Name).WithHint("'obdctl model list' shows all")
		}
		gone = *champion
		if back, err = before(ctx, tx, gone); err != nil {
			return err
		}
		gone.State, gone.Verdict = fleet.Retired, "rolled back on "+now.UTC().Format(time.DateOnly)
		gone.Promoted = nil // it does not come back by itself
		if err := tx.Models().Put(ctx, &gone); err != nil || back == nil {
			return err
		}
		at := obd.Stamp(now)
		back.State, back.Promoted, back.Verdict = fleet.Champion, &at, fmt.Sprintf("brought back in place of version %d", gone.Version)
		return tx.Models().Put(ctx, back)
	})
	return gone, back, err
}

// before is the champion that was replaced last by another one.
func before(ctx context.Context, tx store.Tx, m fleet.Model) (*fleet.Model, error) {
	all, err := tx.Models().List(ctx, m.Name, store.Page{Limit: 10_000})
	if err != nil {
		return nil, err
	}
	var old []fleet.Model
	for _, o := range all.Items {
		if o.State == fleet.Retired && o.Promoted != nil && scope(o) == scope(m) && o.ID != m.ID {
			old = append(old, o)
		}
	}
	if len(old) == 0 {
		return nil, nil
	}
	last := slices.MaxFunc(old, func(a, b fleet.Model) int {
		return cmp.Or(a.Promoted.Compare(*b.Promoted), cmp.Compare(a.Version, b.Version))
	})
	return &last, nil
}
