package main

import (
	"iter"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/export"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// exportKind is one kind of table: its columns and what writes its rows.
type exportKind struct {
	columns []export.Column
	rows    func() error
}

func exportNames() []string {
	return []string{"readings", "scans", "codes", "tests", "trips", "vehicles", "predictions", "outcomes"}
}

func (j *exportJob) find() (exportKind, error) {
	switch j.flags.what {
	case "scans":
		return exportKind{columns("id vehicle_id vin started:time ended:time protocol adapter mil:bool codes:integer verdict"), j.scans}, nil
	case "codes":
		return exportKind{columns("vehicle_id vin code ecu kind first_seen:time last_seen:time scans:integer gone:time"), j.codes}, nil
	case "tests":
		return exportKind{columns("vehicle_id vin scan_id at:time ecu mid:integer tid:integer name test_name value:number min:number max:number unit passed:bool margin:number not_run:bool"), j.tests}, nil
	case "trips":
		return exportKind{columns(`id vehicle_id vin start:time end:time distance_km:number moving_s:number idle_s:number max_kmh:number mean_kmh:number
			fuel_l:number fuel_source cold_start:bool hard_brakes:integer hard_starts:integer max_coolant_c:number min_voltage_v:number gaps:integer readings:integer distance_from`), j.trips}, nil
	case "vehicles":
		return exportKind{columns("id vin label plate maker model model_year:integer engine odometer_km:number last_scan:time scans:integer"), j.garage}, nil
	case "predictions":
		return exportKind{columns("id vehicle_id vin at:time topic part urgency claim quantity value:number low:number high:number level:number unit model marks missing"), j.predictions}, nil
	case "outcomes":
		return exportKind{columns("id vehicle_id vin at:time topic part finding replaced:bool measured:number unit odometer_km:number note"), j.outcomes}, nil
	}
	return j.findReadings()
}

// columns reads a list of names with their kinds; text needs none.
func columns(lists ...string) []export.Column {
	kinds := map[string]export.Kind{"": export.Text, "number": export.Number, "integer": export.Integer, "time": export.Time, "bool": export.Bool}
	var all []export.Column
	for word := range strings.FieldsSeq(strings.Join(lists, " ")) {
		name, kind, _ := strings.Cut(word, ":")
		all = append(all, export.Column{Name: name, Kind: kinds[kind]})
	}
	return all
}

// known turns a zero value into an empty cell.
func known[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// given turns what is absent into an empty cell.
func given[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

func (j *exportJob) scans() error {
	f := store.ScanFilter{VehicleID: j.vehicle.ID, Code: j.flags.code, Since: j.flags.from, Until: j.flags.to}
	return each(paged(func(p store.Page) (store.List[fleet.ScanInfo], error) { return j.tx.Scans().List(j.ctx, f, p) }), func(s fleet.ScanInfo) error {
		return j.put(s.ID.String(), s.VehicleID.String(), known(s.VIN), s.Started, s.Ended, string(s.Protocol), known(s.Adapter), s.MIL, int64(s.Codes), string(s.Verdict))
	})
}

func (j *exportJob) codes() error {
	vins := map[uuid.UUID]string{}
	return each(paged(func(p store.Page) (store.List[fleet.CodeHistory], error) {
		return j.tx.Codes().History(j.ctx, j.vehicle.ID, strings.ToUpper(j.flags.code), p)
	}), func(c fleet.CodeHistory) error {
		if c.LastSeen.Before(j.flags.from) || !j.flags.to.IsZero() && !c.FirstSeen.Before(j.flags.to) {
			return nil
		}
		vin, err := j.vin(vins, c.VehicleID)
		if err != nil {
			return err
		}
		return j.put(c.VehicleID.String(), known(vin), c.Code, known(c.ECU.String()), string(c.Kind), c.FirstSeen, c.LastSeen, int64(c.Scans), given(c.Gone))
	})
}

func (j *exportJob) tests() error {
	return each(j.vehicles(), func(v fleet.Vehicle) (err error) {
		trend := j.tx.Tests().Trend(j.ctx, v.ID, func(p fleet.TestPoint) bool {
			if !j.within(p.At) {
				return true
			}
			t := p.Test
			var mid any
			if t.MID != nil {
				mid = int64(*t.MID)
			}
			err = j.put(v.ID.String(), known(v.VIN), p.ScanID.String(), p.At, known(t.ECU.String()), mid, int64(t.TID), known(t.Name), known(t.TestName),
				t.Value, given(t.Min), given(t.Max), known(t.Unit), t.Passed, given(t.Margin), t.NotRun)
			return err == nil
		})
		return firstError(err, trend)
	})
}

func (j *exportJob) trips() error {
	vins := map[uuid.UUID]string{}
	return each(paged(func(p store.Page) (store.List[fleet.Trip], error) {
		return j.tx.Trips().List(j.ctx, j.vehicle.ID, j.flags.from, j.flags.to, p)
	}), func(t fleet.Trip) error {
		vin, err := j.vin(vins, t.VehicleID)
		if err != nil {
			return err
		}
		return j.put(t.ID.String(), t.VehicleID.String(), known(vin), t.Start, t.End, t.DistanceKm, t.MovingS, t.IdleS, t.MaxKmh, t.MeanKmh,
			given(t.FuelL), known(t.FuelSource), given(t.ColdStart), int64(t.HardBrakes), int64(t.HardStarts), given(t.MaxCoolantC), given(t.MinVoltage),
			int64(t.Gaps), int64(t.Readings), known(t.DistanceFrom))
	})
}

func (j *exportJob) garage() error {
	return each(j.vehicles(), func(v fleet.Vehicle) error {
		if v.LastScan != nil && !j.within(*v.LastScan) || v.LastScan == nil && !j.flags.from.IsZero() {
			return nil
		}
		return j.put(v.ID.String(), known(v.VIN), known(v.Label), known(v.Plate), known(v.Maker), known(v.Model), known(int64(v.ModelYear)), known(v.Engine),
			given(v.OdometerKm), given(v.LastScan), int64(v.Scans))
	})
}

// within tells whether a time is in the stretch that was asked for.
func (j *exportJob) within(at time.Time) bool {
	return !at.Before(j.flags.from) && (j.flags.to.IsZero() || at.Before(j.flags.to))
}

// vin looks up whose row it is, once for each vehicle.
func (j *exportJob) vin(seen map[uuid.UUID]string, id uuid.UUID) (string, error) {
	if vin, ok := seen[id]; ok {
		return vin, nil
	}
	v, err := j.tx.Vehicles().Get(j.ctx, id)
	seen[id] = v.VIN
	return v.VIN, err
}

// each calls f with every item until an error.
func each[T any](items iter.Seq2[T, error], f func(T) error) error {
	for item, err := range items {
		if err == nil {
			err = f(item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
