package importer

import (
	"fmt"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Schema is the version of [Summary]'s JSON.
const Schema = "obdctl.import/1"

// Summary is what became of one file; docs/schema.md describes its JSON.
type Summary struct {
	Schema   string `json:"schema"`
	Name     string `json:"name"`
	Format   string `json:"format,omitempty"`      // "torque", "candump", "table" ...
	Key      string `json:"key,omitempty"`         // SHA-256 of the content and of the options that change what it means
	Cut      bool   `json:"cut,omitempty"`         // the compressed stream ends early or is damaged; what came before was read
	Skipped  bool   `json:"skipped,omitempty"`     // the content had been taken in before
	Passed   string `json:"passed_over,omitempty"` // why a file of a folder is none to import
	Error    string `json:"error,omitempty"`       // why the file was not taken in
	Bytes    int64  `json:"bytes"`                 // decompressed
	Lines    int64  `json:"lines"`
	Rows     int64  `json:"rows"` // lines that gave something
	Readings int64  `json:"readings"`
	New      int64  `json:"new"` // readings that were not there before
	Scans    int64  `json:"scans"`
	// KnownScans were there already.
	KnownScans int64   `json:"known_scans,omitempty"`
	Trips      int64   `json:"trips,omitempty"` // that the file itself tells apart
	Rejected   int64   `json:"rejected"`        // lines from which nothing could be taken
	Partial    int64   `json:"partial"`         // lines with a cell that could not be understood
	Seconds    float64 `json:"seconds"`
	RowsPerS   float64 `json:"rows_per_s"`

	First *time.Time `json:"first,omitempty"`
	Last  *time.Time `json:"last,omitempty"`
	// Clock says where the times come from: "absolute", "local" (in the zone), "started" (counted from a known
	// start) or "undated" (a made-up day between 1971 and 1995, since nothing tells when it was).
	Clock string `json:"clock,omitempty"`

	Vehicles []VehicleCount  `json:"vehicles"`
	Columns  []ColumnSummary `json:"columns"`
	Rejects  []Reject        `json:"rejects"` // the first of them
	Notes    []string        `json:"notes"`   // for people
}

// VehicleCount is how much of a file belongs to one vehicle.
type VehicleCount struct {
	VIN      string `json:"vin,omitempty"`
	Label    string `json:"label,omitempty"`
	Readings int64  `json:"readings"`
}

// ColumnSummary is how one column was understood.
type ColumnSummary struct {
	Title    string   `json:"title"`
	Role     string   `json:"role"` // "signal", "text", "time", "date", "vehicle", "trip", "driver", "index", "ignored" ...
	Signal   string   `json:"signal,omitempty"`
	Known    bool     `json:"known,omitempty"`     // the catalogue knows the signal
	FromUnit string   `json:"from_unit,omitempty"` // UCUM, as in the file
	Unit     string   `json:"unit,omitempty"`      // UCUM, as kept
	Readings int64    `json:"readings"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	Bad      int64    `json:"bad,omitempty"`     // cells that could not be understood
	Outside  int64    `json:"outside,omitempty"` // numbers that the signal cannot be, which are left out
}

// Reject is one line that could not be taken in, or not all of it.
type Reject struct {
	Line    int    `json:"line"`
	Reason  string `json:"reason"`
	Partial bool   `json:"partial,omitempty"` // the rest of the line was taken
}

// empty tells that there was something, and nothing of it was taken.
func (s *Summary) empty() bool {
	return s.Readings == 0 && s.Scans == 0 && s.KnownScans == 0 && s.Rejected > 0
}

func (s *Summary) vehicle(v Vehicle) *VehicleCount {
	for i := range s.Vehicles {
		if s.Vehicles[i].VIN == v.VIN && s.Vehicles[i].Label == v.Label {
			return &s.Vehicles[i]
		}
	}
	if len(s.Vehicles) >= 10_000 {
		return &VehicleCount{}
	}
	s.Vehicles = append(s.Vehicles, VehicleCount{VIN: v.VIN, Label: v.Label})
	return &s.Vehicles[len(s.Vehicles)-1]
}

func (s *Summary) count(v Vehicle, readings []obd.Reading, fresh int) {
	s.vehicle(v).Readings += int64(len(readings))
	s.Readings += int64(len(readings))
	s.New += int64(fresh)
	for i := range readings {
		s.span(readings[i].At)
	}
}

func (s *Summary) span(at time.Time) {
	if at.IsZero() {
		return
	}
	if s.First == nil || at.Before(*s.First) {
		first := at // a copy, so that only what is kept is allocated
		s.First = &first
	}
	if s.Last == nil || at.After(*s.Last) {
		last := at
		s.Last = &last
	}
}

func (s *Summary) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(s.Notes, text) && len(s.Notes) < 100 {
		s.Notes = append(s.Notes, text)
	}
}

func (s *Summary) complete(in *input, o Options, took time.Duration) {
	s.Key, s.Bytes, s.Cut = in.key(o), in.plain.n, in.plain.cut
	s.Seconds = took.Seconds()
	if s.Seconds > 0 {
		s.RowsPerS = float64(s.Rows) / s.Seconds
	}
}

// rejects lists the first lines that were rejected and counts all.
type rejects struct {
	limit int
	sum   *Summary
	last  int // the last partial line, which counts once
}

// line rejects a line.
func (r *rejects) line(line int, format string, args ...any) {
	r.sum.Rejected++
	r.list(Reject{Line: line, Reason: fmt.Sprintf(format, args...)})
}

// part tells that something of a line could not be understood.
func (r *rejects) part(line int, format string, args ...any) {
	if r.last == line {
		return
	}
	r.last = line
	r.sum.Partial++
	r.list(Reject{Line: line, Reason: fmt.Sprintf(format, args...), Partial: true})
}

func (r *rejects) list(one Reject) {
	if len(r.sum.Rejects) < r.limit {
		one.Reason = clip(one.Reason, 300)
		r.sum.Rejects = append(r.sum.Rejects, one)
	}
}

// clip bounds a text that holds foreign bytes.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "..."
}
