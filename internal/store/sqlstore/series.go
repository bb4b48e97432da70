package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// line names a series within a vehicle.
type line struct {
	signal string
	ecu    obd.Address
}

// series is one line of readings as it is kept.
type series struct {
	id         int64
	line       line
	name, unit string
}

func scanSeries(r scanner) (s series, err error) {
	var ecu int64
	err = r.Scan(&s.id, &s.line.signal, &ecu, &s.name, &s.unit)
	s.line.ecu = address(ecu)
	return s, err
}

// seriesOf finds the series of a span, by signal and ECU.
func (t *tx) seriesOf(ctx context.Context, s store.Span) ([]series, error) {
	id, err := t.resolve(ctx, s.VehicleID)
	if err != nil {
		return nil, err
	}
	query, args := `SELECT id, signal, ecu, name, unit FROM series WHERE tenant_id = ? AND vehicle_id = ?`, []any{t.tenant[:], id[:]}
	if len(s.Signals) > 0 {
		query += ` AND signal IN (?` + strings.Repeat(", ?", len(s.Signals)-1) + `)`
		for _, name := range s.Signals {
			args = append(args, name)
		}
	}
	if s.ECU != nil {
		query, args = query+` AND ecu = ?`, append(args, number(*s.ECU))
	}
	return collect(ctx, t, query+` ORDER BY signal, ecu`, args, scanSeries)
}

// enrol returns the series of a reading and makes it where it is new. Numbers of another unit than the series has do
// not belong into it: they get one of their own, with the unit behind the signal's name.
func (t *tx) enrol(ctx context.Context, vehicle uuid.UUID, r obd.Reading) (id int64, err error) {
	var unit string
	err = t.row(ctx, "series", `INSERT INTO series (tenant_id, vehicle_id, signal, ecu, name, unit) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, vehicle_id, signal, ecu) DO UPDATE SET
		name = CASE name WHEN '' THEN excluded.name ELSE name END, unit = CASE unit WHEN '' THEN excluded.unit ELSE unit END RETURNING id, unit`,
		[]any{t.tenant[:], vehicle[:], r.Signal, number(r.ECU), r.Name, r.Unit}, &id, &unit)
	if err != nil {
		return 0, fmt.Errorf("keep readings of %s: %w", r.Signal, err)
	}
	if r.Unit != "" && unit != r.Unit {
		r.Signal += "_" + unitName(r.Unit)
		return t.enrol(ctx, vehicle, r)
	}
	return id, nil
}

// unitName writes a unit with the letters of signal names: BAR, N_M, UNIT for signs alone.
func unitName(unit string) string {
	words := strings.FieldsFunc(strings.ToUpper(unit), func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') })
	return cmp.Or(strings.Join(words, "_"), "UNIT")
}

func (t readings) Series(ctx context.Context, vehicle uuid.UUID) ([]fleet.Series, error) {
	id, err := t.resolve(ctx, vehicle)
	if err != nil {
		return nil, err
	}
	// First and last come from the ends of the series, the count from its coarsest roll-ups.
	return collect(ctx, t.tx, `SELECT signal, ecu, name, unit,
		(SELECT coalesce(sum(n), 0) FROM rollups WHERE series = s.id AND step = ?),
		(SELECT min(at) FROM readings WHERE series = s.id), (SELECT max(at) FROM readings WHERE series = s.id)
		FROM series s WHERE tenant_id = ? AND vehicle_id = ? AND EXISTS (SELECT 1 FROM readings WHERE series = s.id) ORDER BY signal, ecu`,
		[]any{coarse, t.tenant[:], id[:]}, func(r scanner) (f fleet.Series, err error) {
			var ecu int64
			err = r.Scan(&f.Signal, &ecu, &f.Name, &f.Unit, &f.Count, instant{&f.First}, instant{&f.Last})
			f.ECU, f.VehicleID = address(ecu), id
			return f, err
		})
}

// moveSeries hands readings over to another vehicle; where both have a line, the lines become one.
func (t *tx) moveSeries(ctx context.Context, from, into uuid.UUID) error {
	all, err := t.seriesOf(ctx, store.Span{VehicleID: from})
	if err != nil {
		return err
	}
	for _, old := range all {
		id, err := t.enrol(ctx, into, obd.Reading{Signal: old.line.signal, ECU: old.line.ecu, Name: old.name, Unit: old.unit})
		if err != nil {
			return err
		}
		err = t.exec(ctx, `DELETE FROM reading_texts WHERE series = ? AND EXISTS (SELECT 1 FROM readings WHERE series = ? AND at = reading_texts.at)`, old.id, id)
		if err != nil {
			return err
		}
		for _, table := range []string{"readings", "reading_texts"} {
			if err := t.exec(ctx, `UPDATE OR IGNORE `+table+` SET series = ? WHERE series = ?`, id, old.id); err != nil {
				return err
			}
		}
		if err := t.dropLine(ctx, old.id); err != nil {
			return err
		}
		if err := t.rollAll(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// dropSeries removes the readings of a vehicle.
func (t *tx) dropSeries(ctx context.Context, vehicle uuid.UUID) error {
	all, err := t.seriesOf(ctx, store.Span{VehicleID: vehicle})
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := t.dropLine(ctx, s.id); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) dropLine(ctx context.Context, id int64) error {
	for _, table := range []string{"readings", "reading_texts", "rollups"} {
		if err := t.exec(ctx, `DELETE FROM `+table+` WHERE series = ?`, id); err != nil {
			return err
		}
	}
	return t.exec(ctx, `DELETE FROM series WHERE id = ?`, id)
}
