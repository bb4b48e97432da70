package fleet

import (
	"time"

	"github.com/google/uuid"
)

// Topic says what a prediction is about.
type Topic string

// The topics of predictions.
const (
	TopicFailure Topic = "failure" // the engine fails within a horizon; remaining life
	TopicEngine  Topic = "engine"  // what a part of the engine does otherwise than in this vehicle's healthy past
	TopicBattery Topic = "battery" // the 12 V battery and what charges it
	TopicCell    Topic = "cell"    // remaining life of a traction battery
	TopicBrake   Topic = "brake"   // wear of pads
	TopicAnomaly Topic = "anomaly" // unlike the vehicle's own past or its peers, by no known pattern
)

// Topics lists them in the order in which people read them.
func Topics() []Topic {
	return []Topic{TopicFailure, TopicEngine, TopicBattery, TopicCell, TopicBrake, TopicAnomaly}
}

// Urgency says how soon a person should act on a prediction.
type Urgency string

// The urgencies, from nothing to the worst. Unknown is an answer of its own: the data do not allow a claim.
const (
	UrgencyUnknown Urgency = "unknown"
	UrgencyNone    Urgency = "none"  // nothing to do
	UrgencyWatch   Urgency = "watch" // look again
	UrgencySoon    Urgency = "soon"  // at the next visit
	UrgencyNow     Urgency = "now"   // before the next long journey
)

// Rank orders urgencies: the higher, the sooner.
func (u Urgency) Rank() int {
	switch u {
	case UrgencyNow:
		return 4
	case UrgencySoon:
		return 3
	case UrgencyWatch:
		return 2
	case UrgencyNone:
		return 1
	}
	return 0
}

// The marks by which a prediction says what it is not. A model may have marks of its own.
const (
	MarkUntrained     = "not trained: no labelled failures"
	MarkSemiSynthetic = "semi-synthetic"
	MarkPhysics       = "rules of physics, not learned"
	MarkFewData       = "few data"
	MarkNoPast        = "no healthy past learned"
	MarkForeign       = "imported model"
)

// Prediction is what one model says of one part of one vehicle at one time. It is a fact: it is never changed, the next
// one stands beside it. Where the data do not allow a claim there is no value, and Missing says what lacks.
type Prediction struct {
	ID        uuid.UUID `json:"id"`
	VehicleID uuid.UUID `json:"vehicle_id"`
	At        time.Time `json:"at"` // when it was made; all that one run says has the same time
	Topic     Topic     `json:"topic"`
	Part      string    `json:"part,omitempty"` // "thermostat", "12 V battery", "front pads"; empty for the whole
	Urgency   Urgency   `json:"urgency"`
	Claim     string    `json:"claim"` // one plain sentence

	Quantity string    `json:"quantity,omitempty"` // what Value is: "wear", "state of health", "failure probability"
	Value    *float64  `json:"value,omitempty"`    // nil where the data do not allow a number
	Unit     string    `json:"unit,omitempty"`     // UCUM; "1" for probabilities
	Interval *Interval `json:"interval,omitempty"` // of Value
	Horizon  *Horizon  `json:"horizon,omitempty"`  // how far ahead the claim reaches

	Reasons     []Reason `json:"reasons"`      // strongest first
	LearnedFrom string   `json:"learned_from"` // "23 healthy trips of this vehicle, 2026-01-05 to 2026-03-02"
	Looked      Looked   `json:"looked"`       // the data that it was made of
	Model       ModelRef `json:"model"`
	WouldChange []string `json:"would_change"` // what would change it: more trips, a measured pad, a repair
	Missing     []string `json:"missing"`      // what a better claim lacks
	Marks       []string `json:"marks"`        // what it is not: "semi-synthetic", "not trained: no labelled failures"

	Proposal *Proposal `json:"proposal,omitempty"`
}

// Interval is the span that holds the true value with the probability Level.
type Interval struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Level float64 `json:"level"` // 0.9 for nine in ten
}

// Horizon is how far ahead a claim reaches.
type Horizon struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"` // UCUM: d, km, h; "{trip}" for trips
}

// Reason is one signal's share in a claim.
type Reason struct {
	Signal       string  `json:"signal"`              // id of the signal, or of a feature made of signals
	Direction    string  `json:"direction,omitempty"` // "high", "low" or "" for neither
	Contribution float64 `json:"contribution"`        // in the model's own measure; the larger, the more it speaks for the claim
	Text         string  `json:"text,omitempty"`      // in plain words with values and units
}

// Looked is the data that a prediction was made of.
type Looked struct {
	From     time.Time `json:"from,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	Trips    int       `json:"trips,omitempty"`
	Scans    int       `json:"scans,omitempty"`
	Readings int64     `json:"readings,omitempty"`
}

// ModelRef names the model that spoke.
type ModelRef struct {
	Name    string `json:"name"`
	Version int    `json:"version,omitempty"` // 0 for rules that come with the program
	Hash    string `json:"hash,omitempty"`    // SHA-256 of its weights
}

// Proposal is what should be done about a prediction.
type Proposal struct {
	What   string    `json:"what"`
	When   string    `json:"when"`            // in plain words
	Before time.Time `json:"before,omitzero"` // the day by which it should be done, where one can be said
	Why    string    `json:"why"`
	Cost   string    `json:"cost_of_waiting"` // what waiting may cost, in plain words
}

// Told tells that the prediction claims something, rather than saying what it lacks.
func (p Prediction) Told() bool { return p.Urgency != UrgencyUnknown }
