// Package report turns what was read and kept into documents for people: health, emissions, before and after a
// repair, a trip, a vehicle's history, a fleet's day.
//
// A report is one file here and one line in [All]: a function from [Input] to a document. It reads words only; the
// command line, the server and jobs fill the input from wherever they have it.
package report

import (
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/report/document"
)

// Report is one kind of report.
type Report struct {
	Name  string // as the command line spells it
	Needs Need
	build func(*page)
}

// Need says what a report is made of.
type Need uint8

// The needs.
const (
	OneScan   Need = iota // Input.Scan
	TwoScans              // Input.Before and Input.After
	OneTrip               // Input.Trip
	AVehicle              // Input.Vehicle with its scans
	AFleetDay             // Input.Day and Input.Rows
)

// All lists the reports.
func All() []Report {
	return []Report{
		{"health", OneScan, health},
		{"emissions", OneScan, emissions},
		{"compare", TwoScans, comparison},
		{"trip", OneTrip, trip},
		{"history", AVehicle, history},
		{"fleet-day", AFleetDay, fleetDay},
	}
}

// Names lists the names of the reports.
func Names() []string {
	var names []string
	for _, r := range All() {
		names = append(names, r.Name)
	}
	return names
}

// Find returns the report of a name; an error of kind usage for one that is not there.
func Find(name string) (Report, error) {
	for _, r := range All() {
		if r.Name == name {
			return r, nil
		}
	}
	return Report{}, errs.New(errs.Usage, "report %q is not known", name).WithHint("one of: %s", strings.Join(Names(), ", "))
}

// Build makes the document. It fails only when the input lacks what the report needs.
func (r Report) Build(in Input, o Options) (*document.Document, error) {
	if err := in.check(r); err != nil {
		return nil, err
	}
	p := newPage(r.Name, in, o.complete())
	r.build(p)
	p.foot()
	return p.doc, nil
}
