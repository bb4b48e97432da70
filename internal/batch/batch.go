// Package batch runs a plan over many vehicles: adapters side by side, steps in order, failures retried and then
// left behind, and what was done remembered, so that a plan that was cut off goes on where it stopped.
//
// It knows nothing of cars: what a step does is handed in as [Work].
package batch

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Schema is the version of [Result]'s JSON. It only grows.
const Schema = "obdctl.batch/1"

// Work does one step of one job and writes its files into folder.
type Work func(ctx context.Context, t *Task, s Step) error

// Task is a job in progress. Steps pass on through it what later ones need.
type Task struct {
	Job    Job
	Folder string // where the job's files go; named after the vehicle once that is known
	// What the steps found out.
	VIN    string
	ScanID uuid.UUID
	Codes  int
	MIL    bool
	Files  []string
	Note   string

	runner *runner
}

// Outcome says how a job ended.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Failed  Outcome = "failed"
	Skipped Outcome = "skipped" // done in an earlier run of the same plan
	Stopped Outcome = "stopped" // not begun, or cut off, when the run was interrupted
)

// JobResult is the end of one job.
type JobResult struct {
	Job      string    `json:"job"`
	Adapter  string    `json:"adapter"`
	Outcome  Outcome   `json:"outcome"`
	Attempts int       `json:"attempts"`
	Started  time.Time `json:"started,omitzero"`
	Seconds  float64   `json:"seconds"`
	VIN      string    `json:"vin,omitempty"`
	ScanID   uuid.UUID `json:"scan_id,omitzero"`
	MIL      bool      `json:"mil"`
	Codes    int       `json:"codes"`
	Folder   string    `json:"folder,omitempty"`
	Files    []string  `json:"files"`
	Kind     string    `json:"error_kind,omitempty"`
	Error    string    `json:"error,omitempty"`
	Hint     string    `json:"hint,omitempty"`
}

// Result is the end of a plan.
type Result struct {
	Schema  string      `json:"schema"`
	Plan    string      `json:"plan"`
	Started time.Time   `json:"started"`
	Ended   time.Time   `json:"ended"`
	Done    int         `json:"done"`
	Failed  int         `json:"failed"`
	Skipped int         `json:"skipped"`
	Stopped int         `json:"stopped"`
	Jobs    []JobResult `json:"jobs"`
}

func (r *Result) count() {
	for _, j := range r.Jobs {
		switch j.Outcome {
		case Done:
			r.Done++
		case Failed:
			r.Failed++
		case Skipped:
			r.Skipped++
		case Stopped:
			r.Stopped++
		}
	}
}
