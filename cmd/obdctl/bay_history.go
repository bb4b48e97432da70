package main

import (
	"context"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/history"
)

// mostKept is how many rows a list of what was kept shows.
const mostKept = 2000

// idOf reads an id that a screen was told; "" is the zero id.
func idOf(text string) (uuid.UUID, error) {
	if text == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return id, errs.New(errs.Internal, "%q is no id: %w", text, err)
	}
	return id, nil
}

// titled gives the names of vehicles, each read once.
type titled struct {
	tx    store.Tx
	names map[uuid.UUID]string
}

func (t titled) of(ctx context.Context, id uuid.UUID) (string, error) {
	if name, ok := t.names[id]; ok {
		return name, nil
	}
	v, err := t.tx.Vehicles().Get(ctx, id)
	if err != nil {
		return "", err
	}
	t.names[id] = v.Title()
	return t.names[id], nil
}

// KeptScans are the scans of a vehicle, or of all.
func (b *bay) KeptScans(ctx context.Context, vehicle string) (out []history.Scan, err error) {
	id, err := idOf(vehicle)
	if err != nil {
		return nil, err
	}
	err = b.app.view(ctx, func(tx store.Tx) error {
		l, err := tx.Scans().List(ctx, store.ScanFilter{VehicleID: id}, store.Page{Limit: mostKept})
		if err != nil {
			return err
		}
		names := titled{tx, map[uuid.UUID]string{}}
		for _, s := range l.Items {
			name, err := names.of(ctx, s.VehicleID)
			if err != nil {
				return err
			}
			out = append(out, history.Scan{ScanInfo: s, Vehicle: name})
		}
		return nil
	})
	return out, err
}

// KeptCodes is what became of the codes of a vehicle, or of all.
func (b *bay) KeptCodes(ctx context.Context, vehicle string) (out []history.Code, err error) {
	id, err := idOf(vehicle)
	if err != nil {
		return nil, err
	}
	book, err := b.app.book(ctx)
	if err != nil {
		return nil, err
	}
	err = b.app.view(ctx, func(tx store.Tx) error {
		l, err := tx.Codes().History(ctx, id, "", store.Page{Limit: mostKept})
		if err != nil {
			return err
		}
		names := titled{tx, map[uuid.UUID]string{}}
		for _, c := range l.Items {
			name, err := names.of(ctx, c.VehicleID)
			if err != nil {
				return err
			}
			e := book.Explain(c.Code)
			out = append(out, history.Code{CodeHistory: c, Vehicle: name, Description: e.Description, Severity: e.Severity})
		}
		return nil
	})
	return out, err
}

// OpenScan tells a scan of the past and its vehicle to every screen.
func (b *bay) OpenScan(ctx context.Context, id string) error {
	var s *obd.Scan
	var v fleet.Vehicle
	err := b.app.view(ctx, func(tx store.Tx) error {
		info, err := oneScan(ctx, tx, id, uuid.Nil)
		if err != nil {
			return err
		}
		if s, err = tx.Scans().Get(ctx, info.ID); err != nil {
			return err
		}
		v, err = tx.Vehicles().Get(ctx, info.VehicleID)
		return err
	})
	if err != nil {
		return err
	}
	b.tell(screen.Vehicle{ID: v.ID.String(), Title: v.Title(), VIN: v.VIN, About: aboutVehicle(v.Maker, v.Model, v.ModelYear), Plate: v.Plate})
	b.tell(screen.Scan{Scan: s, SavedAs: id, Past: true})
	return nil
}

// CompareScans holds two kept scans against each other, the older one first.
func (b *bay) CompareScans(ctx context.Context, one, other string) (compare.Result, error) {
	before, after, err := b.app.twoScans(ctx, []string{one, other}, "")
	if err != nil {
		return compare.Result{}, err
	}
	if after.Started.Before(before.Started) {
		before, after = after, before
	}
	return compare.Scans(before, after), nil
}

// DeleteScan deletes a kept scan.
func (b *bay) DeleteScan(ctx context.Context, id string) error {
	return b.app.update(ctx, func(tx store.Tx) error {
		info, err := oneScan(ctx, tx, id, uuid.Nil)
		if err != nil {
			return err
		}
		return tx.Scans().Delete(ctx, info.ID)
	})
}
