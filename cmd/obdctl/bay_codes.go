package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/tui/screen/codes"
)

// readBook reads the catalogue with what the person laid over it. A file that cannot be read is told when a car is connected,
// which needs it too; until then the built-in catalogue explains.
func (b *bay) readBook() *dtc.Book {
	book, err := b.app.book(b.ctx)
	if err != nil {
		return dtc.Builtin()
	}
	return book
}

// Explain looks a code up in the catalogue and in what the person laid over it.
func (b *bay) Explain(d obd.DTC) codes.Explanation {
	code := d.Code
	if d.FailureType != nil {
		code = fmt.Sprintf("%s-%02X", d.Code, *d.FailureType)
	}
	e := b.book().Explain(code)
	return codes.Explanation{
		Description: e.Description, Known: e.Known, Family: e.Family, Failure: e.FailureType, Feels: e.Feels,
		Causes: e.Causes, Checks: e.Checks, Note: e.Note,
	}
}

// Past is when a code was there on a vehicle of the garage.
func (b *bay) Past(ctx context.Context, vehicle, code string) ([]fleet.CodeHistory, error) {
	id, err := uuid.Parse(vehicle)
	if err != nil {
		return nil, errs.New(errs.Internal, "vehicle %q: %w", vehicle, err)
	}
	var out []fleet.CodeHistory
	err = b.app.view(ctx, func(tx store.Tx) error {
		all, err := tx.Codes().History(ctx, id, code, store.Page{})
		for _, h := range all.Items {
			if h.Code == code { // what begins like it is another one
				out = append(out, h)
			}
		}
		return err
	})
	return out, err
}

// Standstill tells whether nothing speaks against clearing.
func (b *bay) Standstill(ctx context.Context) (known bool, err error) {
	err = b.ask(ctx, func(ctx context.Context, s *session) (err error) {
		known, err = s.tester.Standstill(ctx)
		return err
	})
	return known, err
}

// Clear clears codes that a person agreed to lose, and reads everything again.
func (b *bay) Clear(ctx context.Context, anyway bool) (codes.Cleared, error) {
	var out codes.Cleared
	err := b.ask(ctx, func(ctx context.Context, s *session) error {
		c := clearing{
			latch: &b.confirmed, options: clearOptions{yes: true, force: anyway},
			read:  func(ctx context.Context) (*obd.Scan, error) { return b.scanOver(ctx, s) },
			agree: func(context.Context, *obd.Scan, string) error { return nil }, // asked before
		}
		done, err := c.over(ctx, s.tester)
		if done == nil {
			return err
		}
		out.Saved = done.Saved
		for _, r := range done.ECUs {
			if r.Done {
				out.Done++
			}
		}
		_, again := b.scanOver(ctx, s)
		return firstError(err, again)
	})
	return out, err
}
