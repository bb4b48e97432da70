package adapters_test

import (
	"context"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/internal/link"
)

// TestATruckIsRemembered by every layer between the bus and who asks: a scan that cannot see what was broadcast
// waits for it again.
func TestATruckIsRemembered(t *testing.T) {
	l, err := adapters.Open(t.Context(), "sim:truck?via=bus", adapters.Options{Allow: link.ReadOnly(), RecoverFor: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m, ok := l.(link.Memory)
	if !ok {
		t.Fatal("no memory")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := l.(link.Network).Listen(ctx, func(link.ParameterGroup) bool { return true }); err != nil {
		t.Fatal(err)
	}
	if len(m.Recent()) == 0 {
		t.Error("nothing is remembered")
	}
}
