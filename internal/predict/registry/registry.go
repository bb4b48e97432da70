// Package registry is the life of a model: trained on one part of what is kept, measured on another part that stays
// frozen, promoted only when it is better there, rolled back, and handed on as a file.
//
// It knows no model itself: kinds are handed in, and what they learned is bytes. All that it decides is written into the
// model's entry, so that a person can see why a model speaks.
package registry

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// Kind is one kind of model that can be trained.
type Kind interface {
	Card() Card
	// Gather reads all that a model of this kind can learn from: of one vehicle where the card says so, else of all.
	Gather(ctx context.Context, tx store.Tx, vehicle uuid.UUID) (Study, error)
	// Check reads weights that come from elsewhere and refuses, with a reason, what no model of this kind can be.
	Check(weights []byte) error
}

// Study is what there is to learn from, in units that are never cut: a trip, or a vehicle.
type Study interface {
	Units() []Unit
	// Train learns from the chosen units. The same units and seed give the same bytes.
	Train(ctx context.Context, units []int, seed uint64) ([]byte, error)
	// Measure says how good weights are on the chosen units. Nil weights stand for what speaks where no model does.
	Measure(ctx context.Context, weights []byte, units []int) ([]fleet.Metric, error)
}

// Unit is one piece of data that stands on one side of the split as a whole.
type Unit struct {
	// ID stays the same whenever the unit is gathered again: on which side it stands follows from it alone.
	ID   string
	At   time.Time
	Hash string // of the content, so that the data of a model can be told from other data
}

// Card is what is said of every model of a kind.
type Card struct {
	Name       string
	Topic      fleet.Topic
	Algorithm  string
	PerVehicle bool    // learned for one vehicle from its own past
	Unit       string  // what a unit is, for people: "trip"
	Enough     int     // how many units a model needs to learn from
	Primary    string  // name of the metric by which models are compared
	Healthy    string  // name of the metric that says which share of healthy data is flagged; "" where there is none
	MostFlag   float64 // such a share that a model must not surely exceed
	Limits     []string
}
