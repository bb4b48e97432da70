package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// oneTrip finds the trip that words mean: last, last~1 for the one before, first, or the start of an id. A zero vehicle
// means all.
func oneTrip(ctx context.Context, tx store.Tx, words string, vehicle uuid.UUID) (fleet.Trip, error) {
	want := strings.ToLower(strings.TrimSpace(words))
	back, byPlace := place(want)
	var found []fleet.Trip
	nth := 0
	for t, err := range paged(func(p store.Page) (store.List[fleet.Trip], error) {
		return tx.Trips().List(ctx, vehicle, time.Time{}, time.Time{}, p)
	}) {
		switch {
		case err != nil:
			return fleet.Trip{}, err
		case byPlace && nth == back:
			return t, nil
		case want == "first":
			found = []fleet.Trip{t} // the newest come first, so that the last one stays
		case !byPlace && strings.HasPrefix(t.ID.String(), want):
			found = append(found, t)
		}
		nth++
	}
	switch {
	case len(found) == 0:
		return fleet.Trip{}, errs.New(errs.BadInput, "no trip is known as %q", words).WithHint("'obdctl trip list' shows all; last, last~1, first or the start of an id finds one")
	case len(found) > 1:
		return fleet.Trip{}, errs.New(errs.Usage, "%q may be %d trips", words, len(found)).WithHint("give more of the id")
	}
	return found[0], nil
}

// place tells last and last~N, counted back from the newest.
func place(words string) (back int, ok bool) {
	if words == "last" {
		return 0, true
	}
	n, found := strings.CutPrefix(words, "last~")
	back, err := strconv.Atoi(n)
	return back, found && err == nil && back >= 0
}
