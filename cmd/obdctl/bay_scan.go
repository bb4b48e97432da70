package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/scan"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/tui/screen"
)

// Scan makes one complete diagnosis, tells it to the screens as it grows, and keeps it.
func (b *bay) Scan(ctx context.Context) error {
	return b.ask(ctx, func(ctx context.Context, s *session) error {
		_, err := b.scanOver(ctx, s)
		return err
	})
}

// scanOver is Scan for work that has the connection already. It returns what was read, with an error too.
func (b *bay) scanOver(ctx context.Context, s *session) (*obd.Scan, error) {
	now := screen.Scan{Running: true, Total: 1}
	b.tape.mark()
	result, err := scan.Run(ctx, s.tester, s.options(scan.Options{
		Progress: func(p scan.Progress) {
			now.Step, now.Done, now.Total = p.Step, p.Done, p.Total
			b.tell(now)
		},
		Partial: func(partial *obd.Scan) {
			now.Scan = partial
			b.tell(now)
			if v := partial.Vehicle; v.VIN != "" {
				b.tell(vehicleHere(v))
			}
		},
	}))
	recording := b.tape.cut()
	now.Scan, now.Running, now.Err = result, false, err
	saved, serr := b.keepScan(ctx, result, recording)
	if saved.ID != uuid.Nil {
		now.SavedAs = saved.ID.String()
	}
	b.change(func(l *screen.Link) { l.Dialect = result.Dialect })
	b.tell(now)
	b.tellVehicle(ctx, result, saved)
	return result, firstError(err, serr)
}

// keepScan keeps a scan that holds anything, with its recording.
func (b *bay) keepScan(ctx context.Context, s *obd.Scan, recording []byte) (fleet.ScanInfo, error) {
	if !b.app.saves() || len(s.ECUs) == 0 && len(s.Codes) == 0 && len(s.Readings) == 0 {
		return fleet.ScanInfo{}, nil
	}
	path := ""
	if !b.now().Replay {
		dir, err := os.MkdirTemp("", "obdctl-*")
		if err == nil {
			defer os.RemoveAll(dir)
			path = filepath.Join(dir, "scan.obdrec")
			err = os.WriteFile(path, recording, 0o600)
		}
		if err != nil {
			return fleet.ScanInfo{}, errs.New(errs.Internal, "keep recording: %w", err).WithHint("is the disk full?")
		}
	}
	info, err := b.app.save(ctx, s, uuid.Nil, path)
	if err != nil {
		return info, errs.New(errs.KindOf(err), "the scan was read and could not be saved: %w", err).WithHint("%s", errs.HintOf(err))
	}
	return info, nil
}

func vehicleHere(v obd.Vehicle) screen.Vehicle {
	return screen.Vehicle{Title: v.VIN, VIN: v.VIN, About: aboutVehicle(v.Maker, "", v.ModelYear), Here: true}
}

// tellVehicle tells which vehicle stands here, by the name that the garage has for it.
func (b *bay) tellVehicle(ctx context.Context, s *obd.Scan, saved fleet.ScanInfo) {
	told := vehicleHere(s.Vehicle)
	if saved.VehicleID != uuid.Nil {
		err := b.app.view(ctx, func(tx store.Tx) error {
			v, err := tx.Vehicles().Get(ctx, saved.VehicleID)
			if err == nil {
				told.ID, told.Title, told.Plate = v.ID.String(), v.Title(), v.Plate
				told.About = aboutVehicle(v.Maker, v.Model, v.ModelYear)
			}
			return err
		})
		if err != nil {
			b.tell(screen.ToastMsg{Text: err.Error(), Hint: errs.HintOf(err)})
		}
	}
	if told.Title != "" {
		b.tell(told)
	}
}
