package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// orderClose ends a work order, and keeps what was found as a label.
func (a *app) orderClose() *cobra.Command {
	var f outcomeFlags
	var after string
	cmd := &cobra.Command{
		Use:   "close ORDER",
		Short: "End a work order, with what was found",
		Long: `close sets a work order to done. With --found it keeps what the mechanic found as an outcome: the label from which models
learn. Topic and part are those of the prediction that the order was made of, where it was.`,
		Example: `  obdctl order close 2026-117
  obdctl order close 0198c0de --found failed --replaced --after-scan last
  obdctl order close 2026-117 --found worn --topic brake --part "front pads" --measured "41 %"`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var o fleet.WorkOrder
			var found []fleet.Outcome
			f.order = args[0]
			err := a.update(cmd.Context(), func(tx store.Tx) (err error) {
				if o, err = oneOrder(cmd.Context(), tx, args[0]); err != nil {
					return err
				}
				if err := (&orderFlags{state: string(fleet.OrderDone), after: after}).lay(cmd.Context(), tx, &o); err != nil {
					return err
				}
				if err := tx.Orders().Put(cmd.Context(), &o); err != nil || f.found == "" {
					return err
				}
				outcome, err := f.build(cmd.Context(), tx, a.at)
				if err != nil {
					return err
				}
				found = append(found, outcome)
				return tx.Outcomes().Put(cmd.Context(), &found[0])
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, shopDocument{Schema: shopSchema, Orders: []fleet.WorkOrder{o}, Outcomes: found})
			}
			page := text.Orders([]fleet.WorkOrder{o}, "", a.textOptions(false))
			if err := a.show(page); err != nil || len(found) == 0 {
				return err
			}
			return a.show(text.RepairOutcomes(found, "", a.textOptions(false)))
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.found, "found", "", "what was found at the part: failed, worn or healthy")
	cmd.Flags().StringVar(&after, "after-scan", "", "the scan from after the work: last, or the start of an id")
	completeFlag(cmd, "found", findingNames()...)
	return cmd
}
