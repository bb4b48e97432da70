package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/can/framelog"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

func (a *app) canReplay() *cobra.Command {
	var iKnow bool
	var speed float64
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Put the frames of a log onto a bus; refused without --i-know",
		Long: `replay sends the frames of a candump, .asc or .trc log with their times to the bus of --adapter. To run a diagnosis
on a log no bus is needed: 'obdctl scan --adapter replay:FILE'.`,
		Example: "  obdctl can replay --adapter can://vcan0 --i-know car.log\n  obdctl can replay --adapter can://vcan0 --i-know --speed 0 car.log",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !(speed >= 0 && speed <= 1e6) {
				return errs.New(errs.Usage, "--speed is 0 for at once, 1 for as recorded, or another factor")
			}
			total := 0
			err := eachFrame(cmd.Context(), args[0], func(framelog.Entry) error { total++; return nil }) // before anything is sent
			if err != nil {
				return err
			}
			if err := knowing(iKnow); err != nil {
				return err
			}
			bus, done, err := a.openToSend(cmd.Context())
			if err != nil {
				return err
			}
			sent, err := playFrames(cmd.Context(), bus, args[0], speed)
			a.notice(false, fmt.Sprintf("%d of %d frames sent", sent, total))
			return firstError(err, done())
		},
	}
	cmd.Flags().BoolVar(&iKnow, "i-know", false, "I know what these frames do to what is on this bus")
	cmd.Flags().Float64Var(&speed, "speed", 1, "factor to the recorded times; 0 sends at once")
	return cmd
}

// playFrames sends the frames of a log in their times and returns how many were sent.
func playFrames(ctx context.Context, bus link.Bus, path string, speed float64) (sent int, err error) {
	var start time.Time
	var first time.Duration
	err = eachFrame(ctx, path, func(e framelog.Entry) error {
		if start.IsZero() {
			start, first = time.Now(), e.At
		}
		if speed > 0 {
			due := time.Duration(float64(e.At-first) / speed)
			if err := restFor(ctx, due-time.Since(start)); err != nil {
				return err
			}
		}
		if err := bus.Send(ctx, e.Frame); err != nil {
			return err
		}
		sent++
		return nil
	})
	return sent, err
}

// restFor waits, or returns early with ctx.
func restFor(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
