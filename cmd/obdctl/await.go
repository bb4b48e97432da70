package main

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
)

// await ends the wait for f when ctx ends: opening a pipe or reading a huge file cannot be broken off. It
// then goes on in the background until the program ends, and what it brings is dropped.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		v, err := f()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, errs.New(errs.Cancelled, "interrupted")
	}
}
