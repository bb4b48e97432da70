package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

func (a *app) can() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "can",
		Short: "CAN frames: dump, decode, send and replay them",
		Long: `can works on the frames of a bus: an interface of the system (can://can0), an slcan adapter, a pass-thru
device, a simulated car (sim:NAME?via=bus) or a log. Its text format is candump's (can-utils).`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.canDump(), a.canDecode(), a.canSend(), a.canReplay())
	return cmd
}

// knowing is the refusal of a command that puts frames of any kind on a bus.
func knowing(iKnow bool) error {
	if iKnow {
		return nil
	}
	return errs.New(errs.Denied, "frames of one's own can do anything to a car: open, brake, steer, destroy").
		WithHint("on a bench or a standing car, and when you know what each frame does, add --i-know")
}

// busOptions says how the bus is opened; the function ends the recording.
func (a *app) busOptions(allow link.Allow) (adapters.Options, func() error, error) {
	protocol, err := a.protocol()
	if err != nil {
		return adapters.Options{}, nil, err
	}
	return a.wayIn(allow, protocol)
}

// openToSend opens the bus without the read-only guard, after the person said to know.
func (a *app) openToSend(ctx context.Context) (link.Bus, func() error, error) {
	options, closeRecord, err := a.busOptions(link.ReadOnly())
	if err != nil {
		return nil, nil, err
	}
	bus, err := adapters.OpenUnguarded(ctx, a.flags.adapter, options)
	if err != nil {
		return nil, nil, firstError(err, closeRecord())
	}
	return bus, func() error { return firstError(bus.Close(), closeRecord()) }, nil
}

// busName is the interface's name in a log: can0 of can://can0?bitrate=500000.
func busName(address string) string {
	scheme, rest, ok := strings.Cut(address, ":")
	if !ok {
		return "can0"
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "?")
	switch adapters.Scheme(scheme) {
	case adapters.CAN:
		return name
	case adapters.Replay:
		return "can0"
	}
	return scheme + "0"
}
