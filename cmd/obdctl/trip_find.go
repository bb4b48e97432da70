package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// oneTrip finds the trip that was named by last, last~1, first or the start of its id: of the vehicle that was named,
// else of all, and without any name the last one of the vehicle that was scanned last.
func (g gatherer) oneTrip(f *reportFlags) (fleet.Trip, error) {
	var vehicle uuid.UUID
	if f.vehicle != "" || f.trip == "" {
		v, err := g.vehicle(f)
		if err != nil {
			return fleet.Trip{}, err
		}
		vehicle = v.ID
	}
	var found []fleet.Trip
	want := strings.ToLower(strings.TrimSpace(f.trip))
	back, byPlace := place(want)
	nth := 0
	err := g.eachTrip(vehicle, func(t fleet.Trip) bool {
		switch {
		case want == "first":
			found = []fleet.Trip{t} // the newest come first, so that the last one stays
			return true
		case byPlace && nth == back, !byPlace && strings.HasPrefix(t.ID.String(), want):
			found = append(found, t)
		}
		nth++
		return !byPlace || nth <= back
	})
	switch {
	case err != nil:
		return fleet.Trip{}, err
	case len(found) == 0 && want == "":
		return fleet.Trip{}, errs.New(errs.BadInput, "no trip of this vehicle is kept").WithHint("'obdctl import' finds trips in logs; 'obdctl live --save' keeps readings")
	case len(found) == 0:
		return fleet.Trip{}, errs.New(errs.BadInput, "no trip is known as %q", f.trip).WithHint("'obdctl trip list' shows all; last, last~1, first or the start of an id finds one")
	case len(found) > 1:
		return fleet.Trip{}, errs.New(errs.Usage, "%q may be %d trips", f.trip, len(found)).WithHint("give more of the id")
	}
	return found[0], nil
}

// place tells last and last~N, counted back from the newest.
func place(words string) (back int, ok bool) {
	if words == "" || words == "last" {
		return 0, true
	}
	n, found := strings.CutPrefix(words, "last~")
	back, err := strconv.Atoi(n)
	return back, found && err == nil && back >= 0
}

// eachTrip yields trips, newest first, until yield says that it has enough; a zero vehicle means all.
func (g gatherer) eachTrip(vehicle uuid.UUID, yield func(fleet.Trip) bool) error {
	for page := (store.Page{Limit: 1000}); ; {
		list, err := g.tx.Trips().List(g.ctx, vehicle, time.Time{}, time.Time{}, page)
		if err != nil {
			return err
		}
		for _, t := range list.Items {
			if !yield(t) {
				return nil
			}
		}
		if page.After = list.Next; page.After == "" {
			return nil
		}
	}
}
