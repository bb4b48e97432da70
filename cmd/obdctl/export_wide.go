package main

import (
	"fmt"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/export"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
)

// maxColumns is Excel's limit of columns on a sheet, less those that every row has.
const maxColumns = 16_384 - 3

// lane is one signal of one control unit.
type lane struct {
	signal string
	ecu    obd.Address
}

// wideTable places lanes in columns.
type wideTable struct {
	columns []export.Column
	place   map[lane]int    // of a lane among the columns
	shared  map[string]bool // signals that more than one control unit of a vehicle tells
}

// wide lays out one column for each signal; where several control units of one car tell the same one, one for each.
func (j *exportJob) wide(sources []source) (exportKind, error) {
	t := wideTable{columns: columns("at:time vehicle_id vin"), place: map[lane]int{}, shared: map[string]bool{}}
	for _, s := range sources {
		for i, one := range s.series[1:] {
			if one.Signal == s.series[i].Signal { // in order of signals
				t.shared[one.Signal] = true
			}
		}
	}
	for _, s := range sources {
		for _, one := range s.series {
			t.add(j, one)
		}
	}
	if len(t.place) > maxColumns {
		return exportKind{}, errs.New(errs.Usage, "--wide: %d signals are more columns than a table takes", len(t.place)).WithHint("--signal or --vehicle picks fewer")
	}
	return exportKind{columns: t.columns, rows: func() error { return j.wideRows(&t, sources) }}, nil
}

func (t *wideTable) lane(signal string, ecu obd.Address) lane {
	if !t.shared[signal] {
		return lane{signal: signal}
	}
	return lane{signal, ecu}
}

// add gives a series its column. People's formats say the unit in the heading; programs get the bare name.
func (t *wideTable) add(j *exportJob, s fleet.Series) {
	l := t.lane(s.Signal, s.ECU)
	if _, ok := t.place[l]; ok {
		return
	}
	name := s.Signal
	if t.shared[s.Signal] {
		name += "@" + s.ECU.String()
	}
	_, code := j.converted(0, s.Unit)
	if symbol := unit.Symbol(code); symbol != "" && j.format != "parquet" {
		name += " (" + symbol + ")"
	}
	t.place[l] = len(t.columns)
	t.columns = append(t.columns, export.Column{Name: t.free(name), Kind: export.Number})
}

// free makes a column's name its own: a log may call a signal "at".
func (t *wideTable) free(name string) string {
	for n, try := 2, name; ; n++ {
		taken := false
		for _, c := range t.columns {
			taken = taken || c.Name == try
		}
		if !taken {
			return try
		}
		try = fmt.Sprintf("%s_%d", name, n)
	}
}

// wideRows gathers the readings of one moment, or of one step, in a row.
func (j *exportJob) wideRows(t *wideTable, sources []source) error {
	row := make([]any, len(t.columns))
	for _, s := range sources {
		var now time.Time
		flush := func() error {
			if now.IsZero() {
				return nil
			}
			err := j.put(row...)
			clear(row)
			return err
		}
		err := j.readings(s, func(r obd.Reading) error {
			if at := r.At.Truncate(j.flags.step); !at.Equal(now) {
				if err := flush(); err != nil {
					return err
				}
				now = at
				row[0], row[1], row[2] = at, s.vehicle.ID.String(), known(s.vehicle.VIN)
			}
			if i, ok := t.place[t.lane(r.Signal, r.ECU)]; ok {
				row[i], _ = j.converted(r.Value, r.Unit)
			}
			return nil
		})
		if err := firstError(err, flush()); err != nil {
			return err
		}
	}
	return nil
}
