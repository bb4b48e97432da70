package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/search"
)

// Cards keeps adapters' report cards, by the adapter's identity, as the JSON that the adapter room gave.
type Cards interface {
	Put(ctx context.Context, identity string, card json.RawMessage) error
	Get(ctx context.Context, identity string) (json.RawMessage, error)
	List(ctx context.Context) (map[string]json.RawMessage, error)
}

// Imports remembers files that were taken in.
type Imports interface {
	// Begin notes a file before its readings are added, in the same transaction. ErrExists, with the
	// import that is there, when its content was taken in before.
	Begin(ctx context.Context, i *fleet.Import) (fleet.Import, error)
	// Finish writes the counts of an import that Begin noted.
	Finish(ctx context.Context, i fleet.Import) error
	List(ctx context.Context, p Page) (List[fleet.Import], error)
}

// Search finds in everything.
type Search interface {
	// Find gives what a query matches, best first where it has words, else newest first.
	Find(ctx context.Context, q search.Query, p Page) (List[Hit], error)
}

// Hit is something that was found.
type Hit struct {
	Kind      string    `json:"kind"` // "vehicle", "scan", "note", "order", "customer", "file", "trip", "prediction", "model", "outcome"
	ID        uuid.UUID `json:"id"`
	VehicleID uuid.UUID `json:"vehicle_id,omitzero"`
	At        time.Time `json:"at"`
	Title     string    `json:"title"`
	Snippet   string    `json:"snippet,omitempty"` // with the found words between U+0001 and U+0002
}
