package screen

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// Do runs work in a command of its own and makes a message of what it brings.
func Do[T any](ctx context.Context, work func(context.Context) (T, error), then func(T, error) tea.Msg) tea.Cmd {
	return func() tea.Msg { return then(work(ctx)) }
}

// Item is one of the values that work started by [Start] emits. Return Next from Update to get the one after it.
type Item[T any] struct {
	Value T
	Next  tea.Cmd
}

// End says that work started by [Start] of values of type T is over.
type End[T any] struct{ Err error }

// Start runs work that emits values over time; each comes as an [Item], the end as an [End]. T is a type of the
// screen's own, so that the messages reach nobody else. Work that emits faster than the screen draws waits for
// it; emit returns at once when ctx is over.
func Start[T any](ctx context.Context, work func(ctx context.Context, emit func(T)) error) tea.Cmd {
	values, over := make(chan T), make(chan error, 1)
	var next tea.Cmd
	next = func() tea.Msg {
		select {
		case v := <-values:
			return Item[T]{v, next}
		case err := <-over:
			return End[T]{err}
		}
	}
	return func() tea.Msg {
		go func() {
			over <- work(ctx, func(v T) {
				select {
				case values <- v:
				case <-ctx.Done():
				}
			})
		}()
		return next()
	}
}
