package adapters

import (
	"context"
	"errors"
	"iter"

	"github.com/fleetms/obdctl/adapters/hello"
	"github.com/fleetms/obdctl/internal/link"
)

// greeted is a host that was called; port is nil when nobody there is an adapter.
type greeted struct {
	host string
	port link.Port
	says string
	err  error
}

// dialHosts calls all hosts at once and yields them in their order, so that an empty network costs one
// time limit and not one for each. Connections that nobody took are closed.
func (f *Finder) dialHosts(ctx context.Context, tell func(Attempt)) iter.Seq[greeted] {
	return func(yield func(greeted) bool) {
		ctx, cancel := context.WithTimeout(ctx, hostLimit)
		defer cancel()
		answers := make([]chan greeted, len(f.Hosts))
		for i, host := range f.Hosts {
			answers[i] = make(chan greeted, 1)
			tell(Attempt{Address: "tcp://" + host, What: "Wi-Fi"})
			go func() { answers[i] <- f.greet(ctx, host) }()
		}
		taken := false
		for i := range answers {
			if taken {
				cancel()
			}
			g := <-answers[i]
			if taken {
				if g.port != nil {
					_ = g.port.Close() // another one was first in the list
				}
				continue
			}
			if g.port == nil {
				tell(Attempt{Address: "tcp://" + g.host, What: "Wi-Fi", Done: true, Err: g.err})
			}
			taken = !yield(g)
		}
	}
}

func (f *Finder) greet(ctx context.Context, host string) greeted {
	port, err := f.OpenHost(ctx, host)
	if err != nil {
		return greeted{host: host, err: err}
	}
	says, err := hello.Ask(ctx, port, hostLimit)
	if err != nil {
		return greeted{host: host, err: errors.Join(err, port.Close())}
	}
	return greeted{host: host, port: port, says: says}
}
