package main

import (
	"strconv"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// source is what is exported of one vehicle.
type source struct {
	vehicle fleet.Vehicle
	series  []fleet.Series
}

// findReadings looks which vehicles have what was asked for.
func (j *exportJob) findReadings() (exportKind, error) {
	pick := picker{words: j.flags.signals}
	var sources []source
	err := each(j.vehicles(), func(v fleet.Vehicle) error {
		all, err := j.tx.Readings().Series(j.ctx, v.ID)
		if err != nil {
			return err
		}
		if chosen := pick.from(all); len(chosen) > 0 {
			sources = append(sources, source{v, chosen})
			j.total += total(chosen)
		}
		return nil
	})
	if err == nil {
		err = pick.missing()
	}
	if err != nil {
		return exportKind{}, err
	}
	if !j.flags.from.IsZero() || !j.flags.to.IsZero() || j.flags.wide {
		j.total = 0 // not known without counting
	}
	if j.flags.wide {
		return j.wide(sources)
	}
	return exportKind{
		columns: columns("at:time vehicle_id vin ecu signal name value:number text unit"),
		rows:    func() error { return j.narrow(sources) },
	}, nil
}

func total(all []fleet.Series) (n int64) {
	for _, s := range all {
		n += s.Count
	}
	return n
}

// readings yields what is exported of one vehicle, in order of time.
func (j *exportJob) readings(s source, put func(obd.Reading) error) (err error) {
	span := store.Span{VehicleID: s.vehicle.ID, From: j.flags.from, Until: j.flags.to}
	if len(j.flags.signals) > 0 {
		span.Signals = signalsOf(s.series)
	}
	read := j.tx.Readings().ByTime(j.ctx, span, func(r obd.Reading) bool {
		err = put(r)
		return err == nil
	})
	return firstError(err, read)
}

// narrow writes one row for each reading.
func (j *exportJob) narrow(sources []source) error {
	ecus := map[obd.Address]any{}
	for _, s := range sources {
		var id, vin any = s.vehicle.ID.String(), known(s.vehicle.VIN)
		err := j.readings(s, func(r obd.Reading) error {
			ecu, seen := ecus[r.ECU]
			if !seen {
				ecu = known(r.ECU.String())
				ecus[r.ECU] = ecu
			}
			value, code := j.converted(r.Value, r.Unit)
			return j.put(r.At, id, vin, ecu, r.Signal, known(r.Name), value, known(r.Text), known(code))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// converted gives a value in the units that were asked for, with their UCUM code.
func (j *exportJob) converted(value float64, code string) (float64, string) {
	if !j.app.imperial() {
		return value, code
	}
	shown, twin := unit.Imperial(value, code)
	if twin == code {
		return value, code
	}
	if r, err := strconv.ParseFloat(strconv.FormatFloat(shown, 'g', 10, 64), 64); err == nil {
		shown = r // 69.8 and not 69.80000000000001
	}
	return shown, twin
}
