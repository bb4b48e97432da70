// Package fleet holds the words of those who keep vehicles: Tenant, Vehicle, Customer, WorkOrder, Note, File, Trip,
// Prediction, Model, Outcome.
//
// Every identifier is a UUIDv7 made where the thing was made, so that laptops and servers never collide.
// Times are UTC in microseconds ([obd.Stamp]).
package fleet

import (
	"time"

	"github.com/google/uuid"
)

// Local is the name by which the installation's own tenant is known before it joins a fleet.
const Local = "local"

// Mark is what every document carries: a fact is never changed, a document is.
type Mark struct {
	ID      uuid.UUID  `json:"id"`
	Created time.Time  `json:"created"`
	Updated time.Time  `json:"updated"`
	Rev     int64      `json:"rev"`               // counts changes, from 1; a write with an older one is a conflict
	Deleted *time.Time `json:"deleted,omitempty"` // a tombstone: the row stays so that the deletion travels
}
