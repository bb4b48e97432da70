package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func (x *expert) write() *cobra.Command {
	return &cobra.Command{
		Use:   "write DID DATA...",
		Short: "Write a data identifier (service 2E)",
		Long: `write reads the identifier first and tells what stands there, so that it can be put back, then writes the new
data.`,
		Example: "  obdctl uds write 0142 00FF --ecu 7E8 --session 03 --i-know write",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			did, err := hexNumber("identifier", args[0], 16)
			if err != nil {
				return err
			}
			data, err := hexBytes("data", args[1:]...)
			if err != nil {
				return err
			}
			if len(data) == 0 {
				return errs.New(errs.Usage, "nothing to write")
			}
			return x.change(cmd.Context(), udsChange{
				word: "write", service: uds.WriteByIdentifier,
				consequences: "Writing changes the configuration of the control unit for good. A wrong value can keep the car from starting.",
			}, func(_ *session, d *diag.Dialogue) error { return x.writeDID(cmd, d, uint16(did), data) })
		},
	}
}

// writeDID tells the old data on stderr before it writes.
func (x *expert) writeDID(cmd *cobra.Command, d *diag.Dialogue, did uint16, data []byte) error {
	before, err := d.Ask(cmd.Context(), uds.ReadDIDs(did), false)
	if err != nil {
		return noAnswer(err)
	}
	for _, a := range before {
		if a.Err == nil {
			x.app.notice(true, "before: "+a.Raw.String()[6:])
		}
	}
	return x.ask(cmd.Context(), d, uds.WriteDID(did, data), true)
}
