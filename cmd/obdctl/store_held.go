package main

import (
	"context"
	"sync"

	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// heldStore keeps the database open as long as the workstation runs: opening it for every search as one types
// would cost more than the search, above all where the file is encrypted. It is opened at the first use; what
// failed is tried again at the next.
type heldStore struct {
	mu   sync.Mutex
	open store.Tenant
	end  func() error
}

// tenant returns the open store; who is handed it closes nothing.
func (h *heldStore) tenant(ctx context.Context, a *app) (store.Tenant, func() error, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open == nil {
		t, end, err := a.tenantWith(ctx, sqlite.Options{})
		if err != nil {
			return nil, nil, err
		}
		h.open, h.end = t, end
	}
	return h.open, func() error { return nil }, nil
}

// close closes what was opened.
func (h *heldStore) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open == nil {
		return nil
	}
	end := h.end
	h.open, h.end = nil, nil
	return end()
}
