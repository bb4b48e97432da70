package adapters_test

import (
	"context"
	"errors"
	"testing"

	"github.com/fleetms/obdctl/adapters"
)

// TestLookWithoutWaiting sends nothing to anyone: what the computer knows is listed.
func TestLookWithoutWaiting(t *testing.T) {
	found, _, err := adapters.Look(t.Context(), 0)
	if err != nil {
		t.Errorf("Look: %v", err)
	}
	for _, s := range found {
		if _, err := adapters.Parse(s.Address); err != nil || s.Scheme == adapters.BLE || s.Scheme == adapters.DoIP {
			t.Errorf("%+v: %v", s, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := adapters.Look(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Look: %v", err)
	}
}
