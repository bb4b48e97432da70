// Package storetest says what every engine of the store must do: a conformance suite that a new engine passes
// with ten lines of test.
//
// It looks only through the door; what an engine keeps, and how, is its own affair.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// Engine is an opened store with what a test needs of the engine behind the door.
type Engine interface {
	store.Store
	// AddTenant makes a second tenant and returns its id.
	AddTenant(t *testing.T) string
	// Again opens the same place once more, as another process would.
	Again(t *testing.T) store.Store
}

// Run tries everything, each part on an engine of its own that open makes empty and closes at the end.
func Run(t *testing.T, open func(t *testing.T) Engine) {
	for _, part := range []struct {
		name string
		test func(*testing.T, Engine)
	}{
		{"vehicles", vehicles}, {"merge", merge}, {"scans", scans}, {"codes", codes}, {"tests", tests},
		{"readings", readings}, {"order of readings", orders}, {"plot", plots}, {"spans", spans}, {"extremes", extremes}, {"trips", trips},
		{"notes", notes}, {"customers", customers}, {"work orders", workOrders}, {"files", files},
		{"cards and imports", rest}, {"predictions", predictions}, {"models", models}, {"outcomes", outcomes}, {"insight of merged vehicles", insightMoves}, {"deleted imports", again}, {"odd VINs", oddVIN}, {"units", units}, {"search", find}, {"transactions", transactions}, {"two writers", writers}, {"tenants", tenants},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, open(t)) })
	}
}

// morning is when all of this happens.
var morning = time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)

func local(t *testing.T, s store.Store) store.Tenant { return named(t, s, fleet.Local) }

func named(t *testing.T, s store.Store, name string) store.Tenant {
	t.Helper()
	tenant, err := s.For(t.Context(), name)
	if err != nil {
		t.Fatalf("tenant %s: %v", name, err)
	}
	return tenant
}

func update(t *testing.T, tenant store.Tenant, f func(context.Context, store.Tx) error) {
	t.Helper()
	if err := tenant.Update(t.Context(), func(tx store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, tenant store.Tenant, f func(context.Context, store.Tx) error) {
	t.Helper()
	if err := tenant.View(t.Context(), func(tx store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// car adds a vehicle.
func car(t *testing.T, tenant store.Tenant, v fleet.Vehicle) fleet.Vehicle {
	t.Helper()
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Put(ctx, &v) })
	return v
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// engine is the address of the engine's control unit.
var engine = obd.CAN11(0x7E8)

// diagnosis is a scan at a time with codes; all lists were read in full.
func diagnosis(vin string, at time.Time, codes ...obd.DTC) *obd.Scan {
	return &obd.Scan{
		Schema: obd.ScanSchema, ID: newID(), Started: at, Ended: at.Add(8 * time.Second), Protocol: obd.CAN11x500,
		Vehicle: obd.Vehicle{VIN: vin, Maker: "Honda"}, ECUs: []obd.ECU{{Address: engine, Name: "ECM"}},
		Codes: codes, MIL: len(codes) > 0, Complete: []obd.Step{obd.StepStored, obd.StepPending, obd.StepPermanent},
		Assessment: obd.Assessment{Inspection: obd.Inspection{Verdict: obd.Unknown}},
	}
}

func code(name string, kind obd.CodeKind, description string) obd.DTC {
	return obd.DTC{Code: name, ECU: engine, Kind: kind, Description: description, Known: true}
}

// save keeps a scan.
func save(t *testing.T, tenant store.Tenant, s *obd.Scan, vehicle uuid.UUID) (info fleet.ScanInfo) {
	t.Helper()
	update(t, tenant, func(ctx context.Context, tx store.Tx) (err error) {
		info, err = tx.Scans().Put(ctx, s, vehicle, "")
		return err
	})
	return info
}

// pages walks through a list by pages of a size and gives everything in it.
func pages[T any](t *testing.T, size int, list func(store.Page) (store.List[T], error)) []T {
	t.Helper()
	var all []T
	p := store.Page{Limit: size}
	for range 1000 {
		l, err := list(p)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Items) > size {
			t.Fatalf("a page of %d has %d", size, len(l.Items))
		}
		all = append(all, l.Items...)
		if l.Next == "" {
			return all
		}
		p.After = l.Next
	}
	t.Fatal("the list does not end")
	return nil
}
