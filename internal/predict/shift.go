package predict

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/drift"
	"github.com/fleetms/obdctl/internal/store"
)

// Drifted is how a vehicle's newer drives differ from its older ones, and how often predictions erred.
type Drifted struct {
	VehicleID uuid.UUID     `json:"vehicle_id"`
	Before    fleet.Looked  `json:"before"`
	After     fleet.Looked  `json:"after"`
	Signals   []SignalShift `json:"signals"`
	Errors    *ErrorShift   `json:"errors,omitempty"` // of predictions, where mechanics proved or refuted some
}

// SignalShift is what changed in one signal. Limits are those that chance alone hardly exceeds with these trips.
type SignalShift struct {
	Signal   string  `json:"signal"`
	Before   int     `json:"trips_before"`
	After    int     `json:"trips_after"`
	PSI      float64 `json:"psi"`
	PSILimit float64 `json:"psi_limit"`
	KS       float64 `json:"ks"`
	KSLimit  float64 `json:"ks_limit"`
	From     float64 `json:"median_before"`
	To       float64 `json:"median_after"`
	Alarm    bool    `json:"alarm"`
	Missing  string  `json:"missing,omitempty"`
}

// ErrorShift is how often predictions of the fleet were refuted, by ADWIN over the labels in order of time.
type ErrorShift struct {
	Labels  int       `json:"labels"`
	Share   float64   `json:"share"` // refuted, of the labels since the last change
	Changed time.Time `json:"changed,omitzero"`
}

// Alarmed tells that something drifted.
func (d Drifted) Alarmed() bool {
	for _, s := range d.Signals {
		if s.Alarm {
			return true
		}
	}
	return d.Errors != nil && !d.Errors.Changed.IsZero()
}

// Drift compares the drives before a moment with those since; a zero moment takes the newest quarter as since.
func Drift(ctx context.Context, tx store.Tx, v fleet.Vehicle, since time.Time) (Drifted, error) {
	s := &Subject{Tx: tx, Vehicle: v}
	out := Drifted{VehicleID: v.ID, Signals: []SignalShift{}}
	drives, err := s.Drives(ctx)
	if err != nil {
		return out, err
	}
	cut := len(drives) - len(drives)/4
	if !since.IsZero() {
		for cut = 0; cut < len(drives) && drives[cut].From.Before(since); cut++ {
			continue
		}
	}
	if cut < drift.MinTrips || len(drives)-cut < drift.MinTrips {
		return out, errs.New(errs.BadInput, "drift of %s: %d drives before and %d since, %d are needed on either side", v.Title(), cut, len(drives)-cut, drift.MinTrips).
			WithHint("record more, or choose another moment by --since")
	}
	out.Before, out.After = looked(drives[:cut]), looked(drives[cut:])
	var sides [2][]drift.Trip
	for i, d := range drives {
		t, err := s.values(ctx, d)
		if err != nil {
			return out, err
		}
		side := 0
		if i >= cut {
			side = 1
		}
		sides[side] = append(sides[side], t)
	}
	for _, c := range drift.Compare(sides[0], sides[1], drift.Options{Seed: 1}) {
		out.Signals = append(out.Signals, SignalShift{Signal: c.Signal, Before: c.Before, After: c.After, PSI: plain(c.PSI), PSILimit: plain(c.PSILimit), KS: plain(c.KS), KSLimit: plain(c.KSLimit),
			From: plain(c.From), To: plain(c.To), Alarm: c.Alarm, Missing: c.Missing})
	}
	out.Errors, err = erring(ctx, tx)
	return out, err
}

// plain makes what is no number 0; Missing says so then.
func plain(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// values are a drive's signals while the engine runs, one value a second at most.
func (s *Subject) values(ctx context.Context, d Drive) (drift.Trip, error) {
	t := drift.Trip{ID: driveName(d), Values: map[string][]float64{}}
	limits := map[string][2]float64{}
	for _, x := range summed() {
		limits[x.id] = [2]float64{x.low, x.high}
	}
	limits["AAT"] = [2]float64{-39, 70}
	signals := append(summedSignals(), "AAT")
	last := map[string]time.Time{}
	running := false
	var failed error
	for r := range s.readings(ctx, d, signals, &failed) {
		l := limits[r.Signal]
		if r.Absent || !(r.Value >= l[0] && r.Value <= l[1]) {
			continue
		}
		if r.Signal == "RPM" {
			running = r.Value >= 400
		}
		if !running || r.At.Sub(last[r.Signal]) < time.Second {
			continue
		}
		last[r.Signal] = r.At
		t.Values[r.Signal] = append(t.Values[r.Signal], r.Value)
	}
	return t, failed
}

// erring follows what mechanics found of what was predicted.
func erring(ctx context.Context, tx store.Tx) (*ErrorShift, error) {
	all, err := outcomesOf(ctx, tx, uuid.Nil)
	if err != nil {
		return nil, err
	}
	w := drift.NewWindow(0.01)
	var out ErrorShift
	for _, o := range all {
		if o.PredictionID == nil {
			continue
		}
		wrong := 0.0
		if o.Finding == fleet.FoundHealthy {
			wrong = 1
		}
		if out.Labels++; w.Add(wrong) {
			out.Changed = o.At
		}
	}
	if out.Labels == 0 {
		return nil, nil
	}
	out.Share = w.Mean()
	return &out, nil
}
