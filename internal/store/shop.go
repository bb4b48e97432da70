package store

import (
	"context"
	"io"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
)

// Notes keeps what people wrote down.
type Notes interface {
	Put(ctx context.Context, n *fleet.Note) error
	Get(ctx context.Context, id uuid.UUID) (fleet.Note, error)
	// List gives the notes of a subject, newest first; a zero subject means all.
	List(ctx context.Context, about fleet.Subject, p Page) (List[fleet.Note], error)
	Delete(ctx context.Context, id uuid.UUID) error
}

// Customers keeps customers.
type Customers interface {
	Put(ctx context.Context, c *fleet.Customer) error
	Get(ctx context.Context, id uuid.UUID) (fleet.Customer, error)
	Find(ctx context.Context, words string) ([]fleet.Customer, error)
	List(ctx context.Context, p Page) (List[fleet.Customer], error) // by name
	Delete(ctx context.Context, id uuid.UUID) error
}

// Orders keeps work orders.
type Orders interface {
	Put(ctx context.Context, o *fleet.WorkOrder) error
	Get(ctx context.Context, id uuid.UUID) (fleet.WorkOrder, error)
	Find(ctx context.Context, words string) ([]fleet.WorkOrder, error)
	// List gives the orders of a vehicle (zero: all) in a state ("" for all), newest first.
	List(ctx context.Context, vehicle uuid.UUID, state fleet.OrderState, p Page) (List[fleet.WorkOrder], error)
	Delete(ctx context.Context, id uuid.UUID) error
}

// Files keeps files once by their content, in pieces, so that a large one needs little memory.
type Files interface {
	// Put reads the content and fills SHA256 and Size. The same content for the same subject is there already.
	Put(ctx context.Context, f *fleet.File, content io.Reader) error
	Get(ctx context.Context, id uuid.UUID) (fleet.File, error)
	// Open reads the content of a hash; it must be closed before the transaction ends.
	Open(ctx context.Context, sha256 string) (io.ReadCloser, error)
	List(ctx context.Context, about fleet.Subject, p Page) (List[fleet.File], error)
	// Delete removes the entry, and the content with its last entry.
	Delete(ctx context.Context, id uuid.UUID) error
}
