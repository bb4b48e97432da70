package report

import (
	"iter"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// Input is everything that a report may be made of. Each needs a part of it and uses the rest where it is there.
type Input struct {
	Scan *obd.Scan

	Before, After *obd.Scan
	Result        *compare.Result // of the two; worked out when it is nil

	Vehicle  *fleet.Vehicle
	Customer *fleet.Customer
	Order    *fleet.WorkOrder
	Notes    []fleet.Note
	Pictures []document.Picture

	Trip     *fleet.Trip
	Signals  []Signal
	Readings iter.Seq2[obd.Reading, error] // of the trip; may be long

	Scans     []fleet.ScanInfo
	Codes     []fleet.CodeHistory
	Tests     []fleet.TestPoint
	Forecasts []Forecast
	Predicted []fleet.Prediction // said last of the vehicle, the most urgent first
	Trips     []fleet.Trip

	Day  time.Time
	Rows []DayRow
}

// Signal is one signal over a stretch of time, for a chart.
type Signal struct {
	fleet.Series
	Buckets []fleet.Bucket
}

// Forecast is a monitor test that declines, and when it would reach its limit.
type Forecast struct {
	Name     string // of the test
	Margin   float64
	PerMonth float64
	Reaches  time.Time
	Earliest time.Time
	Latest   *time.Time
	Points   int
}

// DayRow is one vehicle on one day of a fleet.
type DayRow struct {
	Vehicle fleet.Vehicle
	Trips   []fleet.Trip
	Scan    *fleet.ScanInfo // the last one of the day
	Codes   []string        // that are there at the end of the day
	New     []string        // of them, those that were first seen on this day
}

// Shop is who makes the report.
type Shop struct {
	Name    string
	Address string // lines parted by commas or line ends
	Phone   string
	Email   string
	Web     string
	Color   string // #RRGGBB
	Logo    *document.Picture
}

// Options say for whom and how a report is written. Zero fields mean English, metric, UTC, now unknown.
type Options struct {
	Words    *lang.Words
	Imperial bool
	Zone     *time.Location
	Now      time.Time // when the report is made
	Tool     string    // "obdctl 1.2"
	Shop     Shop
	Explain  func(code string) dtc.Explanation // the built-in catalogue when nil
}

func (o Options) complete() Options {
	if o.Words == nil {
		o.Words = lang.English()
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Explain == nil {
		o.Explain = dtc.Builtin().Explain
	}
	if o.Tool == "" {
		o.Tool = "obdctl"
	}
	return o
}

// check tells what a report lacks.
func (in *Input) check(r Report) error {
	missing := ""
	switch {
	case r.Needs == OneScan && in.Scan == nil:
		missing = "a scan"
	case r.Needs == TwoScans && (in.Before == nil || in.After == nil):
		missing = "a scan before and one after"
	case r.Needs == OneTrip && in.Trip == nil:
		missing = "a trip"
	case r.Needs == AVehicle && in.Vehicle == nil:
		missing = "a vehicle"
	case r.Needs == AFleetDay && in.Day.IsZero():
		missing = "a day"
	}
	if missing == "" {
		return nil
	}
	return errs.New(errs.Usage, "the %s report needs %s", r.Name, missing)
}
