package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/internal/store"
)

// chartedSignals are drawn over a trip, in this order, where they were read.
var chartedSignals = []string{"VSS", "RPM", "LOAD_PCT", "TP", "ECT", "MAF", "FLI", "VPWR"}

// tripPoints is how many buckets a chart of a trip has: about one for each point on paper.
const tripPoints = 300

// trip takes the trip that was named, or the last one of a vehicle, with its signals in buckets and its readings.
func (g gatherer) trip(f *reportFlags) (report.Input, error) {
	t, err := g.oneTrip(f)
	if err != nil {
		return report.Input{}, err
	}
	v, err := g.tx.Vehicles().Get(g.ctx, t.VehicleID)
	if err != nil {
		return report.Input{}, err
	}
	in := report.Input{Vehicle: &v, Trip: &t}
	span := store.Span{VehicleID: v.ID, From: t.Start, Until: t.End.Add(time.Microsecond)}
	in.Readings = g.readingsOf(span)
	if in.Signals, err = g.signals(span); err != nil {
		return in, err
	}
	return in, g.about(&in, v.ID)
}

// oneTrip is the one that was named, of the vehicle that was named or else of all; without a name the last one of the
// vehicle that was scanned last.
func (g gatherer) oneTrip(f *reportFlags) (fleet.Trip, error) {
	if f.trip != "" && f.vehicle == "" {
		return oneTrip(g.ctx, g.tx, f.trip, uuid.Nil)
	}
	v, err := g.vehicle(f)
	if err != nil {
		return fleet.Trip{}, err
	}
	if f.trip != "" {
		return oneTrip(g.ctx, g.tx, f.trip, v.ID)
	}
	trips, err := g.tx.Trips().List(g.ctx, v.ID, time.Time{}, time.Time{}, store.Page{Limit: 1})
	if err == nil && len(trips.Items) == 0 {
		err = errs.New(errs.BadInput, "no trip of %s is kept", v.Title()).WithHint("'obdctl import' finds trips in logs; 'obdctl live --save' keeps readings")
	}
	if err != nil {
		return fleet.Trip{}, err
	}
	return trips.Items[0], nil
}

// signals are those of chartedSignals that were read in a span of time.
func (g gatherer) signals(span store.Span) ([]report.Signal, error) {
	var out []report.Signal
	for _, id := range chartedSignals {
		buckets, series, err := g.signal(span, id, tripPoints)
		if err != nil {
			return nil, err
		}
		if len(buckets) > 0 {
			out = append(out, report.Signal{Series: series, Buckets: buckets})
		}
	}
	return out, nil
}

// signal is one signal in a span of time, of the control unit that told most; no buckets when it was not read.
func (g gatherer) signal(span store.Span, id string, n int) ([]fleet.Bucket, fleet.Series, error) {
	series, err := g.tx.Readings().Series(g.ctx, span.VehicleID)
	if err != nil {
		return nil, fleet.Series{}, err
	}
	slices.SortStableFunc(series, func(a, b fleet.Series) int { return cmp.Compare(b.Count, a.Count) })
	i := slices.IndexFunc(series, func(s fleet.Series) bool {
		return s.Signal == id && s.First.Before(span.Until) && !s.Last.Before(span.From)
	})
	if i < 0 {
		return nil, fleet.Series{}, nil
	}
	span.Signals, span.ECU = []string{id}, &series[i].ECU
	buckets, err := g.tx.Readings().Plot(g.ctx, span, n)
	if err != nil || !slices.ContainsFunc(buckets, func(b fleet.Bucket) bool { return b.Count > 0 }) {
		return nil, fleet.Series{}, err
	}
	return buckets, series[i], nil
}

// day takes every vehicle that drove, was scanned or has open codes on a day.
func (g gatherer) day(f *reportFlags) (report.Input, error) {
	from := g.o.Now.In(g.o.Zone)
	if f.day != "" {
		t, err := time.ParseInLocation(time.DateOnly, f.day, g.o.Zone)
		if err != nil {
			return report.Input{}, errs.New(errs.Usage, "--day %q is no day", f.day).WithHint("write it as 2026-11-20")
		}
		from = t
	}
	from = time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, g.o.Zone)
	in := report.Input{Day: from}
	page := store.Page{Limit: 1000}
	for {
		list, err := g.tx.Vehicles().List(g.ctx, page)
		if err != nil {
			return in, err
		}
		for _, v := range list.Items {
			row, err := g.dayRow(v, from, from.AddDate(0, 0, 1))
			if err != nil {
				return in, err
			}
			in.Rows = append(in.Rows, row)
		}
		if list.Next == "" {
			return in, nil
		}
		page.After = list.Next
	}
}

func (g gatherer) dayRow(v fleet.Vehicle, from, until time.Time) (report.DayRow, error) {
	row := report.DayRow{Vehicle: v}
	trips, err := g.tx.Trips().List(g.ctx, v.ID, from, until, store.Page{Limit: 1000})
	if err != nil {
		return row, err
	}
	row.Trips = trips.Items
	slices.Reverse(row.Trips) // in the order of the day
	scans, err := g.tx.Scans().List(g.ctx, store.ScanFilter{VehicleID: v.ID, Since: from, Until: until}, store.Page{Limit: 1})
	if err != nil {
		return row, err
	}
	if len(scans.Items) > 0 {
		row.Scan = &scans.Items[0]
	}
	codes, err := g.tx.Codes().History(g.ctx, v.ID, "", store.Page{Limit: 1000})
	if err != nil {
		return row, err
	}
	for _, c := range codes.Items {
		if !c.FirstSeen.Before(until) || c.Gone != nil && c.Gone.Before(until) || slices.Contains(row.Codes, c.Code) {
			continue
		}
		row.Codes = append(row.Codes, c.Code)
		if !c.FirstSeen.Before(from) {
			row.New = append(row.New, c.Code)
		}
	}
	return row, nil
}
