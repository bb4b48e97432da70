package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/internal/report/document"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/trend"
)

// gatherer takes what a report is made of out of the store.
type gatherer struct {
	ctx context.Context
	tx  store.Tx
	o   report.Options
}

func (g gatherer) input(r report.Report, f *reportFlags) (report.Input, error) {
	switch r.Needs {
	case report.OneScan:
		return g.scan(f)
	case report.OneTrip:
		return g.trip(f)
	case report.AFleetDay:
		return g.day(f)
	}
	return g.history(f)
}

// scan takes the scan that was named, the last one of a vehicle, or the last of all.
func (g gatherer) scan(f *reportFlags) (report.Input, error) {
	var vehicle uuid.UUID
	if f.vehicle != "" {
		v, err := oneVehicle(g.ctx, g.tx, f.vehicle)
		if err != nil {
			return report.Input{}, err
		}
		vehicle = v.ID
	}
	words := f.scan
	if words == "" {
		words = "last"
	}
	info, err := oneScan(g.ctx, g.tx, words, vehicle)
	if err != nil {
		return report.Input{}, err
	}
	in := report.Input{}
	if in.Scan, err = g.tx.Scans().Get(g.ctx, info.ID); err != nil {
		return in, err
	}
	return in, firstError(g.about(&in, info.VehicleID), g.papers(&in, fleet.Subject{ScanID: &info.ID}))
}

// about adds the vehicle and its owner.
func (g gatherer) about(in *report.Input, vehicle uuid.UUID) error {
	v, err := g.tx.Vehicles().Get(g.ctx, vehicle)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	in.Vehicle = &v
	if in.Predicted, err = g.tx.Predictions().Latest(g.ctx, v.ID); err != nil {
		return err
	}
	if v.CustomerID == nil {
		return nil
	}
	c, err := g.tx.Customers().Get(g.ctx, *v.CustomerID)
	if err == nil {
		in.Customer = &c
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// mostPhotos is how many pictures a report shows.
const mostPhotos = 8

// papers adds notes and photos.
func (g gatherer) papers(in *report.Input, about fleet.Subject) error {
	notes, err := g.tx.Notes().List(g.ctx, about, store.Page{})
	if err != nil {
		return err
	}
	in.Notes = notes.Items
	files, err := g.tx.Files().List(g.ctx, about, store.Page{})
	if err != nil {
		return err
	}
	for _, file := range files.Items {
		if file.Kind != "photo" || len(in.Pictures) == mostPhotos {
			continue
		}
		picture, err := g.photo(file)
		if err != nil {
			return err
		}
		if picture != nil {
			in.Pictures = append(in.Pictures, *picture)
		}
	}
	return nil
}

func (g gatherer) photo(file fleet.File) (*document.Picture, error) {
	r, err := g.tx.Files().Open(g.ctx, file.SHA256)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, 4*mostLogo))
	if err != nil {
		return nil, err
	}
	kind := pictureType(data)
	if kind == "" {
		return nil, nil
	}
	return &document.Picture{Type: kind, Data: data, Alt: file.Name, Caption: file.Name, Width: 0.7}, nil
}

// vehicle is the one that was named, or the one that was scanned last.
func (g gatherer) vehicle(f *reportFlags) (fleet.Vehicle, error) {
	if f.vehicle != "" {
		return oneVehicle(g.ctx, g.tx, f.vehicle)
	}
	list, err := g.tx.Vehicles().List(g.ctx, store.Page{Limit: 1})
	if err != nil {
		return fleet.Vehicle{}, err
	}
	if len(list.Items) == 0 {
		return fleet.Vehicle{}, errs.New(errs.BadInput, "no vehicle is kept yet").WithHint("'obdctl scan' keeps the vehicle that it reads")
	}
	return list.Items[0], nil
}

func (g gatherer) history(f *reportFlags) (report.Input, error) {
	v, err := g.vehicle(f)
	if err != nil {
		return report.Input{}, err
	}
	in := report.Input{Vehicle: &v}
	all := store.Page{Limit: 10_000}
	scans, err := g.tx.Scans().List(g.ctx, store.ScanFilter{VehicleID: v.ID}, all)
	if err != nil {
		return in, err
	}
	codes, err := g.tx.Codes().History(g.ctx, v.ID, "", all)
	if err != nil {
		return in, err
	}
	trips, err := g.tx.Trips().List(g.ctx, v.ID, time.Time{}, time.Time{}, all)
	if err != nil {
		return in, err
	}
	err = g.tx.Tests().Trend(g.ctx, v.ID, func(p fleet.TestPoint) bool {
		in.Tests = append(in.Tests, p)
		return true
	})
	if err != nil {
		return in, err
	}
	in.Scans, in.Codes, in.Trips = scans.Items, codes.Items, trips.Items
	for _, c := range trend.Margins(in.Tests, g.o.Now) {
		in.Forecasts = append(in.Forecasts, forecast(c))
	}
	return in, firstError(g.about(&in, v.ID), g.papers(&in, fleet.Subject{VehicleID: &v.ID}))
}

func forecast(f trend.Forecast) report.Forecast {
	name := f.Name
	if f.TestName != "" {
		name += ": " + f.TestName
	}
	return report.Forecast{Name: name, Margin: f.Margin, PerMonth: f.PerMonth, Reaches: f.Reaches, Earliest: f.Earliest, Latest: f.Latest, Points: f.Points}
}

// comparedReport reads two scans and adds what is kept of the vehicle.
func (a *app) comparedReport(ctx context.Context, f *reportFlags, args []string, use func(report.Input) error) error {
	before, after, err := a.twoScans(ctx, args, f.vehicle)
	if err != nil {
		return err
	}
	in := report.Input{Before: before, After: after}
	if len(args) == 2 && isFile(args[0]) && isFile(args[1]) {
		return use(in)
	}
	return a.view(ctx, func(tx store.Tx) error {
		g := gatherer{ctx: ctx, tx: tx}
		found, err := tx.Scans().Find(ctx, after.ID.String(), uuid.Nil)
		if err == nil && len(found) == 1 {
			err = firstError(g.about(&in, found[0].VehicleID), g.papers(&in, fleet.Subject{ScanID: &found[0].ID}))
		}
		if err != nil {
			return err // nothing is written without what belongs into it
		}
		return use(in)
	})
}

// readingsOf yields readings while the transaction is open.
func (g gatherer) readingsOf(s store.Span) func(func(obd.Reading, error) bool) {
	return func(yield func(obd.Reading, error) bool) {
		goOn := true
		err := g.tx.Readings().ByTime(g.ctx, s, func(r obd.Reading) bool {
			goOn = yield(r, nil)
			return goOn
		})
		if err != nil && goOn {
			yield(obd.Reading{}, err)
		}
	}
}
