package serial

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fleetms/obdctl/adapters/hello"
	"github.com/fleetms/obdctl/internal/errs"
)

// How long an adapter may take to answer at one speed: the first round is for those that are awake,
// the second for those that were asleep or still busy with another program's request.
const (
	firstRound  = 350 * time.Millisecond
	secondRound = time.Second
)

// speeds returns the speeds to try in bits per second, the likeliest first: 38,400 is what most
// adapters leave the factory with, 115,200 that of OBDLink and newer clones, 9,600 what an ELM327 falls
// back to by its jumper, 500,000 and up what other programs leave behind.
func speeds(remembered int) []int {
	known := []int{38400, 115200, 9600, 500000, 230400, 57600, 1000000, 2000000, 460800, 921600, 19200}
	if remembered <= 0 {
		return known
	}
	rest := slices.DeleteFunc(known, func(b int) bool { return b == remembered })
	return append([]int{remembered}, rest...)
}

// findSpeed says hello at one speed after the other until an adapter answers in clear text.
func (p *Port) findSpeed(ctx context.Context, o Options) error {
	rounds := []time.Duration{firstRound, secondRound}
	if o.Quick {
		rounds = rounds[:1]
	}
	for _, limit := range rounds {
		for _, baud := range speeds(o.Remembered) {
			if p.SetSpeed(baud) != nil {
				continue // this driver cannot run at that speed
			}
			if o.Notify != nil {
				o.Notify(baud)
			}
			_, err := hello.Ask(ctx, p, limit)
			if err == nil {
				return nil
			}
			if !errors.Is(err, hello.ErrSilent) && !errors.Is(err, hello.ErrGarbled) {
				return err
			}
		}
	}
	return errs.New(errs.NoAdapter, "no adapter answers on %s at any speed", p.device).
		WithHint("is it plugged in and powered by the car? If its speed is unusual, add ?baud=N to the address")
}
