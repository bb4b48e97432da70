package predict

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	unlike "github.com/fleetms/obdctl/internal/predict/anomaly"
	"github.com/fleetms/obdctl/internal/predict/engine"
	"github.com/fleetms/obdctl/internal/store"
)

// anomaly tells how unlike the newest drives are to the vehicle's own past and its peers, whatever the cause. Its forest
// grows from the past that the vehicle's model of parts keeps.
type anomaly struct{}

func (anomaly) Topic() fleet.Topic { return fleet.TopicAnomaly }

func (k anomaly) Predict(ctx context.Context, s *Subject) ([]fleet.Prediction, error) {
	p := fleet.Prediction{Topic: fleet.TopicAnomaly, Part: "vehicle", Urgency: fleet.UrgencyUnknown, Model: fleet.ModelRef{Name: "anomaly-forest"},
		LearnedFrom: "nothing", WouldChange: []string{"a model of this vehicle's healthy past ('obdctl model train engine-residuals')"}}
	m, weights, ok, err := s.champion(ctx, parts{}.Card().Name)
	if err != nil {
		return nil, err
	}
	if !ok {
		p.Claim, p.Marks = "Whether the vehicle behaves unlike itself cannot be said: its healthy past was not learned.", []string{fleet.MarkNoPast}
		p.Missing = []string{fmt.Sprintf("%d healthy trips to learn from", unlike.MinTrips)}
		return []fleet.Prediction{p}, nil
	}
	own, err := engine.Load(bytes.NewReader(weights))
	if err != nil {
		return nil, fmt.Errorf("read model %s: %w", m.Title(), err)
	}
	p.Model.Version, p.Model.Hash = m.Version, m.Weights
	peers, err := s.peers(ctx)
	if err != nil {
		return nil, err
	}
	forest, err := unlike.Learn(ctx, own, peers, unlike.Options{Seed: 1})
	if errs.KindOf(err) == errs.BadInput {
		p.Claim, p.Missing = "Whether the vehicle behaves unlike itself cannot be said yet.", []string{err.Error()}
		return []fleet.Prediction{p}, nil
	}
	if err != nil {
		return nil, err
	}
	return k.judge(ctx, s, p, own, forest)
}

func (anomaly) judge(ctx context.Context, s *Subject, p fleet.Prediction, own *engine.Model, forest *unlike.Model) ([]fleet.Prediction, error) {
	drives, err := s.Drives(ctx)
	if err != nil {
		return nil, err
	}
	drives = drives[max(0, len(drives)-recentDrives):]
	p.Looked = looked(drives)
	var last unlike.Verdict
	hits, of := 0, 0
	for _, d := range drives {
		trip, err := s.trip(ctx, d, nil)
		if err != nil {
			return nil, err
		}
		v := forest.Judge(own.Stand(&trip))
		if v.Claim == unlike.NotKnown {
			continue
		}
		if of++; v.Claim == unlike.Unusual {
			hits++
		}
		if v.Claim == unlike.Unusual || last.Claim != unlike.Unusual {
			last = v
		}
	}
	if of == 0 {
		p.Claim, p.Missing = "Whether the vehicle behaves unlike itself cannot be said: no new drive holds enough.", []string{"drives with the signals that the model knows"}
		return []fleet.Prediction{p}, nil
	}
	value := float64(hits) / float64(of)
	low, high := wilson(hits, of)
	p.Quantity, p.Unit, p.Value, p.Interval = "share of unusual trips", "1", &value, &fleet.Interval{Low: low, High: high, Level: 0.9}
	p.LearnedFrom, p.WouldChange = last.LearnedFrom, last.WouldChange
	if len(p.WouldChange) == 0 {
		p.WouldChange = []string{"whether the next trips stand out"}
	}
	p.Urgency, p.Claim = fleet.UrgencyNone, fmt.Sprintf("None of the last %d trips is unlike the vehicle's own past.", of)
	if hits > 0 {
		p.Urgency, p.Claim = fleet.UrgencyWatch, fmt.Sprintf("%d of the last %d trips are unlike the vehicle's own past; %d of %d healthy trips scored as high.", hits, of, last.Reach, last.Of)
		for _, r := range last.Reasons {
			p.Reasons = append(p.Reasons, fleet.Reason{Signal: strings.Join(r.Signals, ", "), Contribution: r.Contribution,
				Text: fmt.Sprintf("%s at %.2g of what 98 %% of healthy trips stay below", strings.Replace(r.Measure, "/", ", ", 1), r.Value)})
		}
	}
	if hits >= 3 && 2*hits >= of {
		p.Urgency = fleet.UrgencySoon
	}
	if finite(last.PeerShare) {
		p.Reasons = append(p.Reasons, fleet.Reason{Signal: "peers", Contribution: 1 - last.PeerShare, Text: fmt.Sprintf("%.0f %% of the trips of vehicles alike score as high", 100*last.PeerShare)})
	}
	return []fleet.Prediction{p}, nil
}

// mostPeers bounds how many vehicles alike are looked at.
const mostPeers = 50

// peers are the models of vehicles of the same maker, model and engine.
func (s *Subject) peers(ctx context.Context) ([]*engine.Model, error) {
	v := s.Vehicle
	if v.Maker == "" || v.Model == "" {
		return nil, nil
	}
	var all []*engine.Model
	p := store.Page{Limit: 1000}
	for {
		l, err := s.Tx.Vehicles().List(ctx, p)
		if err != nil {
			return nil, err
		}
		for _, o := range l.Items {
			if o.ID == v.ID || !strings.EqualFold(o.Maker, v.Maker) || !strings.EqualFold(o.Model, v.Model) || !strings.EqualFold(o.Engine, v.Engine) || len(all) == mostPeers {
				continue
			}
			m, err := s.peer(ctx, o)
			if err != nil {
				return nil, err
			}
			if m != nil {
				all = append(all, m)
			}
		}
		if p.After = l.Next; p.After == "" {
			return all, nil
		}
	}
}

// peer is the model that speaks for another vehicle, nil where none does.
func (s *Subject) peer(ctx context.Context, o fleet.Vehicle) (*engine.Model, error) {
	m, err := s.Tx.Models().Champion(ctx, parts{}.Card().Name, o.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	weights, err := s.Tx.Models().Weights(ctx, m)
	if err != nil {
		return nil, err
	}
	return engine.Load(bytes.NewReader(weights))
}
