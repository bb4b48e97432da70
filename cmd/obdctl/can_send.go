package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/can/framelog"
	"github.com/fleetms/obdctl/internal/errs"
)

func (a *app) canSend() *cobra.Command {
	var iKnow bool
	cmd := &cobra.Command{
		Use:   "send FRAME...",
		Short: "Send frames of your own; refused without --i-know",
		Long: `send puts frames on the bus, written as cansend takes them: ID#DATA with three digits for an 11-bit and eight for
a 29-bit identifier, ID#R for a remote frame, ID##1DATA for CAN FD with the faster bit rate.

A frame can do anything to a car. Without --i-know nothing is opened and nothing sent. Frames that begin the
programming of a control unit are never sent.`,
		Example: "  obdctl can send --adapter can://vcan0 --i-know 123#DEADBEEF 18FEF100#0011223344556677",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			frames := make([]can.Frame, len(args))
			for i, text := range args {
				f, err := framelog.ParseFrame(text)
				if err != nil {
					return errs.New(errs.Usage, "%w", err)
				}
				frames[i] = f
			}
			if err := knowing(iKnow); err != nil {
				return err
			}
			bus, done, err := a.openToSend(cmd.Context())
			if err != nil {
				return err
			}
			for _, f := range frames {
				if err := bus.Send(cmd.Context(), f); err != nil {
					return firstError(err, done())
				}
			}
			return done()
		},
	}
	cmd.Flags().BoolVar(&iKnow, "i-know", false, "I know what these frames do to what is on this bus")
	return cmd
}
