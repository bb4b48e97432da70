package main

import (
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// predictions writes what models said, one row each.
func (j *exportJob) predictions() error {
	vins := map[uuid.UUID]string{}
	f := store.PredictionFilter{VehicleID: j.vehicle.ID, Since: j.flags.from, Until: j.flags.to}
	return each(paged(func(p store.Page) (store.List[fleet.Prediction], error) { return j.tx.Predictions().List(j.ctx, f, p) }), func(s fleet.Prediction) error {
		vin, err := j.vin(vins, s.VehicleID)
		if err != nil {
			return err
		}
		var low, high, level any
		if i := s.Interval; i != nil {
			low, high, level = i.Low, i.High, i.Level
		}
		return j.put(s.ID.String(), s.VehicleID.String(), known(vin), s.At, string(s.Topic), known(s.Part), string(s.Urgency), s.Claim, known(s.Quantity), given(s.Value),
			low, high, level, known(s.Unit), known(s.Model.Name), known(strings.Join(s.Marks, "; ")), known(strings.Join(s.Missing, "; ")))
	})
}

// outcomes writes what mechanics found, one row each.
func (j *exportJob) outcomes() error {
	vins := map[uuid.UUID]string{}
	return each(paged(func(p store.Page) (store.List[fleet.Outcome], error) {
		return j.tx.Outcomes().List(j.ctx, j.vehicle.ID, p)
	}), func(o fleet.Outcome) error {
		if !j.within(o.At) {
			return nil
		}
		vin, err := j.vin(vins, o.VehicleID)
		if err != nil {
			return err
		}
		return j.put(o.ID.String(), o.VehicleID.String(), known(vin), o.At, string(o.Topic), o.Part, string(o.Finding), o.Replaced, given(o.Measured), known(o.Unit), given(o.OdometerKm), known(o.Note))
	})
}
