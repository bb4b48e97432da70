package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/score"
	"github.com/fleetms/obdctl/internal/store"
)

// drivesOf watches every trip of a vehicle in a stretch of time. The cost is that of the trips' readings, the
// memory that of their counts.
func drivesOf(ctx context.Context, tx store.Tx, v fleet.Vehicle, from, until time.Time, book *dtc.Book, l score.Limits) ([]score.Drive, error) {
	codes, checked, err := seriousCodes(ctx, tx, v, book)
	if err != nil {
		return nil, err
	}
	var drives []score.Drive
	for t, err := range paged(func(p store.Page) (store.List[fleet.Trip], error) { return tx.Trips().List(ctx, v.ID, from, until, p) }) {
		if err != nil {
			return nil, err
		}
		span := store.Span{VehicleID: v.ID, Signals: score.Signals(), From: t.Start, Until: t.End.Add(time.Microsecond)}
		var failed error
		drives = append(drives, score.Watch(t, func(yield func(obd.Reading) bool) {
			failed = tx.Readings().ByTime(ctx, span, yield)
		}, codes, checked, l))
		if failed != nil {
			return nil, failed
		}
	}
	return drives, nil
}

// seriousCodes are the stored codes of a vehicle that are critical or high, those of the chassis (brakes, steering) from
// medium on, and those that came with the lamp. checked is false for a vehicle that was never scanned: nothing is
// known of its codes then.
func seriousCodes(ctx context.Context, tx store.Tx, v fleet.Vehicle, book *dtc.Book) (codes []score.Code, checked bool, err error) {
	scans, err := tx.Scans().List(ctx, store.ScanFilter{VehicleID: v.ID}, store.Page{Limit: 10_000})
	if err != nil || len(scans.Items) == 0 {
		return nil, false, err
	}
	history, err := tx.Codes().History(ctx, v.ID, "", store.Page{Limit: 10_000})
	if err != nil {
		return nil, false, err
	}
	for _, c := range history.Items {
		if c.Kind != obd.Stored && c.Kind != obd.Active {
			continue
		}
		lit := slices.ContainsFunc(scans.Items, func(s fleet.ScanInfo) bool {
			return s.MIL && !s.Ended.Before(c.FirstSeen) && !s.Started.After(c.LastSeen)
		})
		severity := book.Explain(c.Code).Severity
		chassis := strings.HasPrefix(c.Code, "C") && severity == "medium"
		if lit || chassis || severity == "critical" || severity == "high" {
			codes = append(codes, score.Code{Code: c.Code, Seen: c.FirstSeen, Gone: c.Gone})
		}
	}
	return codes, true, nil
}
