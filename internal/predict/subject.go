package predict

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// Subject is one vehicle with everything that is kept of it, while a transaction is open.
type Subject struct {
	Tx      store.Tx
	Vehicle fleet.Vehicle
	Now     time.Time // nothing later is looked at; zero for no bound

	drives   []Drive
	found    bool
	outcomes []fleet.Outcome
}

// Drive is a stretch of time in which the vehicle was heard without a pause: a journey, or an engine idling.
type Drive struct{ From, Until time.Time }

const (
	pause      = 5 * time.Minute // without a reading ends a drive, as in internal/trip
	shortest   = time.Minute     // of a drive: less tells nothing
	mostDrives = 400             // the newest; a model learns from no more
	lookBack   = 2 * 365 * 24 * time.Hour
)

// beat are the signals by which drives are found: every log of a running car has one of them.
func beat() []string { return []string{"RPM", "VSS", "VPWR"} }

// Drives finds the drives of the last two years that something is kept of, oldest first, 400 at most.
func (s *Subject) Drives(ctx context.Context) ([]Drive, error) {
	if s.found {
		return s.drives, nil
	}
	var now Drive
	keep := func() {
		if now.Until.Sub(now.From) >= shortest {
			s.drives = append(s.drives, now)
		}
		if len(s.drives) > 2*mostDrives {
			s.drives = slices.Delete(s.drives, 0, mostDrives)
		}
	}
	span, err := s.span(ctx, beat())
	if err != nil {
		return nil, err
	}
	err = s.Tx.Readings().ByTime(ctx, span, func(r obd.Reading) bool {
		if r.At.Sub(now.Until) > pause {
			keep()
			now.From = r.At
		}
		now.Until = r.At
		return true
	})
	keep()
	s.drives = s.drives[max(0, len(s.drives)-mostDrives):]
	s.found = err == nil
	return s.drives, err
}

// readings yields what signals said in a stretch of time, in order. The error is known when it has ended.
func (s *Subject) readings(ctx context.Context, d Drive, signals []string, failed *error) iter.Seq[obd.Reading] {
	return func(yield func(obd.Reading) bool) {
		span := store.Span{VehicleID: s.Vehicle.ID, Signals: signals, From: d.From, Until: d.Until.Add(time.Microsecond)}
		if err := s.Tx.Readings().ByTime(ctx, span, yield); err != nil && *failed == nil {
			*failed = err
		}
	}
}

// found by mechanics at this vehicle, oldest first.
func (s *Subject) labels(ctx context.Context) ([]fleet.Outcome, error) {
	if s.outcomes != nil {
		return s.outcomes, nil
	}
	all, err := outcomesOf(ctx, s.Tx, s.Vehicle.ID)
	s.outcomes = all
	return all, err
}

// outcomesOf reads the outcomes of a vehicle, or of all, oldest first.
func outcomesOf(ctx context.Context, tx store.Tx, vehicle uuid.UUID) ([]fleet.Outcome, error) {
	all := []fleet.Outcome{}
	p := store.Page{Limit: 10_000}
	for {
		l, err := tx.Outcomes().List(ctx, vehicle, p)
		if err != nil {
			return nil, err
		}
		all = append(all, l.Items...)
		if p.After = l.Next; p.After == "" {
			slices.Reverse(all)
			return all, nil
		}
	}
}

// span are the two years before the newest reading of some signals.
func (s *Subject) span(ctx context.Context, signals []string) (store.Span, error) {
	span := store.Span{VehicleID: s.Vehicle.ID, Signals: signals}
	series, err := s.Tx.Readings().Series(ctx, s.Vehicle.ID)
	if err != nil {
		return span, err
	}
	last := time.Time{}
	for _, l := range series {
		if slices.Contains(signals, l.Signal) && l.Last.After(last) {
			last = l.Last
		}
	}
	if !s.Now.IsZero() {
		span.Until = s.Now.Add(time.Hour)
		if last.After(s.Now) {
			last = s.Now
		}
	}
	if !last.IsZero() {
		span.From = last.Add(-lookBack)
	}
	return span, nil
}

// driveName names a drive among those of its vehicle; it stays the same when more is recorded.
func driveName(d Drive) string { return d.From.UTC().Format(time.RFC3339) }

// newest are the last drives that are not longer than so much together.
func newest(drives []Drive, most time.Duration) []Drive {
	var sum time.Duration
	for i, d := range slices.Backward(drives) {
		if sum += d.Until.Sub(d.From); sum > most {
			return drives[i+1:]
		}
	}
	return drives
}

// looked says what data a prediction was made of.
func looked(drives []Drive) fleet.Looked {
	if len(drives) == 0 {
		return fleet.Looked{}
	}
	return fleet.Looked{From: drives[0].From, Until: drives[len(drives)-1].Until, Trips: len(drives)}
}
