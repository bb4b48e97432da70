package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict"
	"github.com/fleetms/obdctl/internal/store"
)

// driftDocument is what `model drift` writes in JSON.
type driftDocument struct {
	Schema string `json:"schema"`
	predict.Drifted
}

func (a *app) modelDrift() *cobra.Command {
	var vehicle, since, failOn string
	cmd := &cobra.Command{
		Use:   "drift",
		Short: "Is a vehicle still what its model learned: signals that changed, predictions that err more",
		Long: `drift compares a vehicle's newer drives with its older ones, signal by signal (PSI, Kolmogorov-Smirnov). Limits come
from dividing the same trips in thousands of other ways, because rows of one trip are no independent evidence. Where
mechanics proved or refuted predictions, it also tells whether these err more often than before (ADWIN).`,
		Example: "  obdctl model drift --vehicle focus\n  obdctl model drift --vehicle focus --since 2026-11-01 --fail-on alarm",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if failOn != "" {
				if err := oneOf("fail-on", failOn, "alarm"); err != nil {
					return err
				}
			}
			from, _, err := a.stretch(since, "")
			if err != nil {
				return err
			}
			var v fleet.Vehicle
			doc := driftDocument{Schema: "obdctl.drift/1"}
			err = a.view(cmd.Context(), func(tx store.Tx) (err error) {
				if v, err = (gatherer{ctx: cmd.Context(), tx: tx}).vehicle(&reportFlags{vehicle: vehicle}); err != nil {
					return err
				}
				doc.Drifted, err = predict.Drift(cmd.Context(), tx, v, from)
				return err
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				err = writeJSON(a.out, doc)
			} else {
				err = a.show(text.Drift(v, doc.Drifted, a.textOptions(false)))
			}
			if err == nil && failOn != "" && doc.Alarmed() {
				err = told(exitVerdict{[]string{failOn}})
			}
			return err
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id (default: the one scanned last)")
	cmd.Flags().StringVar(&since, "since", "", "the moment that parts old from new, such as 30d or 2026-11-01 (default: the newest quarter of the drives)")
	cmd.Flags().StringVar(&failOn, "fail-on", "", "exit with 10 when there is an alarm: alarm")
	completeFlag(cmd, "fail-on", "alarm")
	return cmd
}
