package fleet

import (
	"time"

	"github.com/google/uuid"
)

// Finding says what a mechanic found at a part.
type Finding string

// What a mechanic may find.
const (
	FoundFailed  Finding = "failed"  // it had failed: a label for models of failure
	FoundWorn    Finding = "worn"    // replaced or repaired before it failed
	FoundHealthy Finding = "healthy" // looked at and found sound: a false alarm, where something was predicted
)

// Findings lists them.
func Findings() []Finding { return []Finding{FoundFailed, FoundWorn, FoundHealthy} }

// Outcome is what a mechanic found and did: the label from which models learn.
type Outcome struct {
	Mark
	VehicleID    uuid.UUID  `json:"vehicle_id"`
	OrderID      *uuid.UUID `json:"order_id,omitempty"`
	PredictionID *uuid.UUID `json:"prediction_id,omitempty"` // the prediction that it proves or refutes
	At           time.Time  `json:"at"`                      // when it was found
	Topic        Topic      `json:"topic"`
	Part         string     `json:"part"`
	Finding      Finding    `json:"finding"`
	Replaced     bool       `json:"replaced"`
	Measured     *float64   `json:"measured,omitempty"` // such as pad wear in % or a battery's resistance
	Unit         string     `json:"unit,omitempty"`     // UCUM
	OdometerKm   *float64   `json:"odometer_km,omitempty"`
	Note         string     `json:"note,omitempty"`
}
