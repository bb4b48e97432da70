// Package scan makes one complete diagnosis of a car: steps in order, progress, what could not be read.
package scan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Progress tells that a step begins.
type Progress struct {
	Step        obd.Step
	Done, Total int    // this is step Done of Total, from 1
	Text        string // for people: "reading stored codes"
}

// Options of a scan; the zero value reads everything.
type Options struct {
	Progress func(Progress) // may be nil
	// Partial is handed a copy of what is read so far, with its assessment, after every step; may be nil.
	Partial func(*obd.Scan)
	Steps   []obd.Step // what to read; nil for everything. Connect and assessment are always there
	Quick   bool       // only the key live values instead of all that the car has
	Tool    obd.Tool
	Address string    // the adapter's address, where the link does not know it
	Clock   obd.Clock // zero means the system's clock with the offset that Now shows
	Now     func() time.Time
	NewID   func() (uuid.UUID, error) // nil means UUIDv7
}

// Run makes a diagnosis. The scan is never nil: with an error it holds what was read until then, and
// says what was not.
//
// Errors: errs.Cancelled when ctx ended, errs.NoVehicle when no ECU answered anything, errs.Adapter when
// the link was lost. Whatever a single ECU or request refuses is no error but stands in Scan.Unread.
func Run(ctx context.Context, t *diag.Tester, o Options) (*obd.Scan, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = uuid.NewV7
	}
	r := newRun(t, o)
	err := r.identify()
	if err == nil {
		err = r.read(ctx)
	}
	r.finish()
	return r.scan, err
}

// run is a scan in the making.
type run struct {
	tester  *diag.Tester
	options Options
	scan    *obd.Scan
	support diag.Support
	units   []obd.ECU // what the ECUs said of themselves
}

func newRun(t *diag.Tester, o Options) *run {
	now := o.Now()
	if o.Clock == (obd.Clock{}) {
		o.Clock = obd.Clock{Source: "system", Offset: now.Format("-07:00")}
	}
	return &run{tester: t, options: o, scan: &obd.Scan{
		Schema: obd.ScanSchema, Started: obd.Stamp(now), Clock: o.Clock, Tool: o.Tool,
		ECUs: []obd.ECU{}, Codes: []obd.DTC{}, FreezeFrames: []obd.FreezeFrame{},
		Tests: []obd.MonitorTest{}, Readings: []obd.Reading{},
		Readiness: obd.Readiness{SinceClear: []obd.Monitor{}},
		Complete:  []obd.Step{}, Unread: []obd.Unread{},
	}}
}

func (r *run) identify() error {
	id, err := r.options.NewID()
	r.scan.ID = id
	if err != nil {
		return errs.New(errs.Internal, "make scan id: %w", err)
	}
	return nil
}

// read goes through the steps; what an early end leaves out is unread.
func (r *run) read(ctx context.Context) error {
	steps := r.wanted()
	for n, s := range steps {
		r.progress(s, n+1, len(steps))
		missed, err := r.within(ctx, s)
		r.close(s.step, missed, err)
		r.partial()
		if err == nil && n+1 >= r.patience(steps) && !r.tester.Answered() {
			r.leave(steps[n+1:], obd.NoReply)
			return errs.New(errs.NoVehicle, "no control unit answered").
				WithHint("switch the ignition on (an electric car to ready), wait a few seconds and try again")
		}
		if err != nil {
			reason, wrapped := ending(err)
			r.leave(steps[n+1:], reason)
			return wrapped
		}
	}
	return nil
}

// stepLimit bounds one step. The slowest honest one, the live values of a K-line car, takes about 20 s; an
// adapter or ECU that keeps asking for time must not keep a person from the rest.
const stepLimit = 90 * time.Second

// within reads a step in its time. What was not read by then is unread, and the scan goes on.
func (r *run) within(ctx context.Context, s step) ([]obd.Unread, error) {
	limited, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	missed, err := s.read(r, limited)
	if limited.Err() != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return append(missed, obd.Unread{
			Step: s.step, Reason: obd.StillPending, Detail: fmt.Sprintf("not done within %s; the rest of the scan goes on", stepLimit),
		}), nil
	}
	return missed, err
}

// patience is after how many steps without any answer there is no vehicle: some cars know neither PID 00
// nor a VIN and still have codes.
func (r *run) patience(steps []step) int {
	for n, s := range steps {
		if s.step == obd.StepStored {
			return n + 1
		}
	}
	return len(steps)
}

// ending turns the error that ended the conversation into the reason of what is left and the face's error.
func ending(err error) (obd.Reason, error) {
	if link.IsLost(err) {
		return obd.LinkLost, errs.New(errs.Adapter, "scan: %w", err).
			WithHint("check the plug and the power of the adapter, then scan again")
	}
	return obd.Interrupted, errs.New(errs.Cancelled, "scan interrupted: %w", err)
}

func (r *run) progress(s step, n, total int) {
	if r.options.Progress != nil {
		r.options.Progress(Progress{Step: s.step, Done: n, Total: total, Text: s.text})
	}
}

// partial hands out a copy that is finished as it stands. The run goes on with its own lists.
func (r *run) partial() {
	if r.options.Partial == nil {
		return
	}
	now, scan := *r, *r.scan
	scan.Codes, scan.Complete, scan.Unread = slices.Clone(scan.Codes), slices.Clone(scan.Complete), slices.Clone(scan.Unread)
	now.scan = &scan
	now.finish()
	r.options.Partial(&scan)
}

// close books the end of a step: complete when nothing is missing that the car has.
func (r *run) close(step obd.Step, missed []obd.Unread, err error) {
	r.scan.Unread = append(r.scan.Unread, missed...)
	answered := len(missed) == 0
	for _, u := range missed {
		if u.Reason != obd.NotSupported {
			return
		}
		answered = answered || u.ECU != obd.Functional && r.someAnswered(missed)
	}
	if err == nil && answered {
		r.scan.Complete = append(r.scan.Complete, step)
	}
}

// someAnswered tells that not every known ECU refused: the service exists in this car.
func (r *run) someAnswered(missed []obd.Unread) bool {
	refused := map[obd.Address]bool{}
	for _, u := range missed {
		refused[u.ECU] = true
	}
	return len(refused) < len(r.tester.ECUs())
}

// leave books steps that were not begun.
func (r *run) leave(steps []step, reason obd.Reason) {
	for _, s := range steps {
		r.scan.Unread = append(r.scan.Unread, obd.Unread{Step: s.step, Reason: reason, Detail: "not begun"})
	}
}

// finish draws the conclusions from what is there, however much that is.
func (r *run) finish() {
	d := r.tester.Describe()
	r.scan.Adapter, r.scan.Protocol = d.Adapter, d.Protocol
	r.scan.Dialect, r.scan.Lamps = r.tester.Dialect(), r.tester.Lamps()
	if r.scan.Adapter.Address == "" {
		r.scan.Adapter.Address = r.options.Address
	}
	r.scan.ECUs = r.controlUnits()
	r.vehicle()
	r.scan.Ended = obd.Stamp(r.options.Now())
	r.scan.Assessment = assess.Scan(r.scan)
	fill(&r.scan.Assessment)
	r.scan.Complete = append(r.scan.Complete, obd.StepAssessment)
}

// fill makes empty lists of missing ones: JSON readers get [] and never null.
func fill(a *obd.Assessment) {
	a.Inspection.Reasons = list(a.Inspection.Reasons)
	a.RecentlyCleared.Evidence = list(a.RecentlyCleared.Evidence)
	a.Coach, a.CloseToLimit, a.Findings = list(a.Coach), list(a.CloseToLimit), list(a.Findings)
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
