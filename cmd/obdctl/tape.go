package main

import (
	"slices"
	"sync"
)

// tapeLimit bounds what one scan may add to a recording, in bytes; the longest scan of a truck takes a hundredth.
const tapeLimit = 64 << 20

// tape is what a recorder of the workstation writes to. A connection may last all day, so only the opening of the
// dialogue and what was said since the last mark are kept: together they are the recording of one scan.
type tape struct {
	mu     sync.Mutex
	head   []byte // until the connection stood
	since  []byte // since the mark
	stands bool
	marked bool
}

// Write takes what the recorder writes.
func (t *tape) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case !t.stands:
		t.head = append(t.head, b...)
	case t.marked && len(t.since)+len(b) <= tapeLimit:
		t.since = append(t.since, b...)
	}
	return len(b), nil
}

// Close has nothing to do.
func (t *tape) Close() error { return nil }

// stand says that the connection stands: the opening is over.
func (t *tape) stand() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stands = true
}

// mark begins to keep what is said from now on.
func (t *tape) mark() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.since, t.marked = nil, true
}

// cut returns the opening with what was said since the mark, and keeps no more.
func (t *tape) cut() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	recording := slices.Concat(t.head, t.since)
	t.since, t.marked = nil, false
	return recording
}
