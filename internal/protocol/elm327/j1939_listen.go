package elm327

import (
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// tick is how often a silent line is looked at for transfers that stopped.
const tick = 250 * time.Millisecond

// monitor is the command that prints everything on the line.
const monitor = "ATMA"

// Where the serial line is slower than the vehicle's, the adapter stops (BUFFER FULL). Then it listens to
// everything and to what has a low priority in turns: the groups with a high one come up to 100 times a second
// and leave no room for those that come once.
const (
	lowPriority = "1XXXXXXX" // priorities 4 to 7
	calmTurn    = 1050 * time.Millisecond
	// fastLine in bits per second carries what a busy network of 250 kbit/s says, printed.
	fastLine = 230400
	// maxIdle is how often in a row the adapter may stop without a message before.
	maxIdle = 4
)

// Listen yields what is broadcast (AT MA); see [link.Network]. Behind a serial line that is too slow messages
// are lost, and transfers that are cut short say so.
func (n *Network) Listen(ctx context.Context, yield func(link.ParameterGroup) bool) error {
	t, idle := n.truck, 0
	for turn := 1; ; turn++ {
		set := n.is
		set.filter = ""
		limited, cancel := ctx, context.CancelFunc(func() {})
		if t.crowded && turn%2 == 1 {
			set.filter = lowPriority
			limited, cancel = context.WithTimeout(ctx, calmTurn)
		}
		err := n.apply(ctx, set)
		more, heard := false, 0
		if err == nil {
			more, err = n.listenOnce(limited, func(g link.ParameterGroup) bool { heard++; return yield(g) })
		}
		if idle++; heard > 0 || limited.Err() != nil {
			idle = 0
		}
		cancel()
		if err == nil && idle >= maxIdle {
			err = text.BufferFull.Err()
		}
		if err == nil && more && ctx.Err() == nil {
			if !t.crowded {
				t.crowded, turn = true, 0
			}
			continue
		}
		return quietEnd(ctx, n.explain(ctx, err))
	}
}

// listenOnce listens until the adapter stops by itself or ctx ends; more is true where it is worth starting again.
func (n *Network) listenOnce(ctx context.Context, yield func(link.ParameterGroup) bool) (more bool, err error) {
	if err := n.begin(ctx, monitor); err != nil {
		return false, err
	}
	wanted, heard := true, false
	var trouble text.Condition
	hand := func(groups []link.ParameterGroup) bool {
		for _, g := range groups {
			heard = true
			wanted = wanted && yield(g)
		}
		return wanted
	}
	for {
		ended, err := n.follow(ctx, patience{quiet: tick, total: time.Hour}, func(line string) bool {
			return hand(n.take(line, &trouble))
		})
		n.truck.machine.Advance(n.o.Now())
		hand(n.truck.messages())
		switch {
		case ended && wanted:
			return trouble == text.BufferFull || heard, troubleOf(trouble, heard)
		case ended:
			return false, nil
		case errors.Is(err, errSilent) && wanted:
			continue
		case err != nil && ctx.Err() == nil && !errors.Is(err, errFlood):
			return false, err
		}
		return wanted, n.breakOff(ctx)
	}
}

// troubleOf is the error of an adapter that stops listening although it heard nothing.
func troubleOf(c text.Condition, heard bool) error {
	if heard || c == text.BufferFull {
		return nil
	}
	if c == text.None {
		return link.ErrNoReply
	}
	return c.Err()
}

// quietEnd makes the end of ctx no error.
func quietEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil && !link.IsLost(err) {
		return nil
	}
	return err
}
