package main

import (
	"context"
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
	"github.com/fleetms/obdctl/internal/store"
)

// reportCard is what `adapter probe --json` writes.
type reportCard struct {
	Schema string `json:"schema"`
	elm327.Report
}

func (a *app) adapterProbe() *cobra.Command {
	return &cobra.Command{
		Use:   "probe",
		Short: "The adapter's report card: what it honours, claims, and how fast it is",
		Long: `probe tries what the adapter can do instead of believing its version, measures its answers, and remembers
the result for the next connect. The car, if there is one, is only asked which PIDs it supports.`,
		Example: "  obdctl adapter probe\n  obdctl adapter probe --adapter sim:?adapter=clone-no-h1 --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			protocol, err := a.protocol()
			if err != nil {
				return err
			}
			options, closeRecord, err := a.wayIn(link.ReadOnly(), protocol)
			if err != nil {
				return err
			}
			r, err := adapters.Probe(cmd.Context(), a.flags.adapter, options)
			if err = firstError(err, closeRecord()); err != nil {
				return err
			}
			if err := a.keepCard(cmd.Context(), a.flags.adapter, r); err != nil {
				a.notice(true, "the report card is shown and was not kept: "+err.Error())
			}
			if a.flags.json {
				return writeJSON(a.out, reportCard{"obdctl.report-card/1", r})
			}
			return a.show(text.ReportCard(r, a.width()))
		},
	}
}

// keepCard keeps the report card of an adapter in the database, the newest of each.
func (a *app) keepCard(ctx context.Context, address string, r elm327.Report) error {
	if !a.saves() {
		return nil
	}
	card, err := json.Marshal(reportCard{"obdctl.report-card/1", r})
	if err != nil {
		return err
	}
	return a.update(ctx, func(tx store.Tx) error { return tx.Cards().Put(ctx, address, card) })
}
