package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
)

// ScanFilter narrows a list of scans; zero fields do not.
type ScanFilter struct {
	VehicleID uuid.UUID
	Code      string // scans that hold it
	Since     time.Time
	Until     time.Time // exclusive
}

// Scans keeps complete diagnoses.
type Scans interface {
	// Put keeps a scan with its codes, tests and readings under a vehicle. A nil vehicle id stands for
	// the vehicle of the scan's VIN, which is added when it is new; a scan without a VIN then gets a vehicle
	// of its own. recording is the SHA-256 of a file of [Files], or "". The same scan again changes nothing.
	Put(ctx context.Context, s *obd.Scan, vehicle uuid.UUID, recording string) (fleet.ScanInfo, error)
	Get(ctx context.Context, id uuid.UUID) (*obd.Scan, error)
	// Find returns the scans that a person may mean: an id or its start, "last", "first", or "last~2".
	// A zero vehicle means all.
	Find(ctx context.Context, words string, vehicle uuid.UUID) ([]fleet.ScanInfo, error)
	// List gives them by start, newest first.
	List(ctx context.Context, f ScanFilter, p Page) (List[fleet.ScanInfo], error)
	Delete(ctx context.Context, id uuid.UUID) error
}

// Codes tells what became of trouble codes.
type Codes interface {
	// History gives the codes of a vehicle (zero: all) that start with a prefix (such as "P04", "" for
	// all) by last seen, newest first.
	History(ctx context.Context, vehicle uuid.UUID, prefix string, p Page) (List[fleet.CodeHistory], error)
}

// Tests gives monitor tests over time.
type Tests interface {
	// Trend yields the results of every monitor test of a vehicle, by ECU, MID, TID and then time.
	Trend(ctx context.Context, vehicle uuid.UUID, yield func(fleet.TestPoint) bool) error
}
