package store

import (
	"context"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
)

// Vehicles keeps vehicles.
type Vehicles interface {
	// Put adds a vehicle (zero Rev) or changes one (the Rev that was read, else ErrConflict) and fills
	// its Mark. ErrExists when another one has the VIN.
	Put(ctx context.Context, v *fleet.Vehicle) error
	// Get finds by id, also by that of a vehicle that was merged into another one.
	Get(ctx context.Context, id uuid.UUID) (fleet.Vehicle, error)
	// Find returns the vehicles that a person may mean: an id or its start, a VIN or its end, a plate, a label.
	Find(ctx context.Context, words string) ([]fleet.Vehicle, error)
	// List gives them by last scan, newest first, those without one behind.
	List(ctx context.Context, p Page) (List[fleet.Vehicle], error)
	// Merge moves everything of the vehicle from to the vehicle into, which keeps from's id as an alias.
	Merge(ctx context.Context, from, into uuid.UUID) error
	// Delete hides the vehicle with everything of it behind tombstones.
	Delete(ctx context.Context, id uuid.UUID) error
}
