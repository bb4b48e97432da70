package fleet

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ModelState says what a model may do.
type ModelState string

// The states of a model.
const (
	Challenger ModelState = "challenger" // trained and measured, speaks for nobody
	Champion   ModelState = "champion"   // the one that speaks; one for each name and vehicle
	Retired    ModelState = "retired"    // was champion; a rollback brings it back
)

// Model is one trained model in the registry: what it is, what it was made of and how good it was on data that it
// never saw. Its weights are kept by their content.
type Model struct {
	Mark
	Name        string     `json:"name"`                 // "engine-residuals"
	Version     int        `json:"version"`              // counts the models of one name and vehicle, from 1
	VehicleID   *uuid.UUID `json:"vehicle_id,omitempty"` // nil for one that holds for all
	State       ModelState `json:"state"`
	Algorithm   string     `json:"algorithm"` // "quadratic ridge residuals"
	Weights     string     `json:"weights"`   // SHA-256, lower-case hexadecimal
	Size        int64      `json:"size"`      // bytes of the weights
	Data        string     `json:"data"`      // what it learned from, in words
	DataHash    string     `json:"data_hash"` // SHA-256 of the training data
	Split       string     `json:"split"`     // how training and frozen data were kept apart
	Seed        uint64     `json:"seed"`
	CodeVersion string     `json:"code_version"` // of obdctl
	Metrics     []Metric   `json:"metrics"`      // on frozen data
	Limits      []string   `json:"limits"`       // what it cannot tell
	Parent      *uuid.UUID `json:"parent,omitempty"`
	Trained     time.Time  `json:"trained"`
	Promoted    *time.Time `json:"promoted,omitempty"`
	Verdict     string     `json:"verdict,omitempty"` // why it is in its state
	Imported    bool       `json:"imported,omitempty"`
}

// Metric is one measured figure of a model.
type Metric struct {
	Name   string   `json:"name"` // "healthy trips flagged"
	Value  float64  `json:"value"`
	Unit   string   `json:"unit,omitempty"`
	Low    *float64 `json:"low,omitempty"` // of the 95 % interval
	High   *float64 `json:"high,omitempty"`
	On     string   `json:"on"`     // "5 frozen trips"
	Better string   `json:"better"` // "lower" or "higher"
}

// Ref names the model in a prediction.
func (m Model) Ref() ModelRef { return ModelRef{Name: m.Name, Version: m.Version, Hash: m.Weights} }

// Title is what a person calls the model.
func (m Model) Title() string { return fmt.Sprintf("%s %d", m.Name, m.Version) }

// Metric returns a figure by its name.
func (m Model) Metric(name string) (Metric, bool) {
	for _, f := range m.Metrics {
		if f.Name == name {
			return f, true
		}
	}
	return Metric{}, false
}
