// Package store is the one door to everything that is kept: vehicles, scans, codes, readings, trips, notes,
// orders, files, predictions, models. It holds no SQL; engines implement it in the folders below, and storetest says what they must do.
//
// No row is reachable without a tenant, and no method takes a tenant's id: [Store.For] gives the tenant's
// own store. What [Tenant.Update] returned nil for is on the disk (synchronous=FULL) and survives kill -9.
package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
)

// Store is an opened engine.
type Store interface {
	// For returns the tenant's store, [fleet.Local] being the installation's own. ErrNotFound for a
	// tenant that is not there.
	For(ctx context.Context, tenant string) (Tenant, error)
	Close() error
}

// Tenant is everything of one tenant.
type Tenant interface {
	ID() uuid.UUID
	// View runs f on one consistent state; many may run at once, also beside an Update.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f in one transaction: all of it is kept, or none when f or the commit returns an
	// error. Updates wait for each other, across processes too. f may be run only once.
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is one transaction, with a room for each noun. It ends with the function that it was handed to.
type Tx interface {
	Vehicles() Vehicles
	Scans() Scans
	Codes() Codes
	Tests() Tests
	Readings() Readings
	Trips() Trips
	Notes() Notes
	Customers() Customers
	Orders() Orders
	Files() Files
	Cards() Cards
	Imports() Imports
	Predictions() Predictions
	Models() Models
	Outcomes() Outcomes
	Search() Search
}

// The errors that callers ask for with errors.Is. Engines wrap them in [errs.Error]s with a hint.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("changed by someone else meanwhile") // an older Rev
	ErrExists   = errors.New("exists already")                    // a VIN, an import key
	ErrReadOnly = errors.New("the store cannot be written")       // a View, a read-only file, a full disk
	ErrNewer    = errors.New("the store was made by a newer obdctl")
)
