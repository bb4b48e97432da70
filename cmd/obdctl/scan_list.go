package main

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/search"
	"github.com/fleetms/obdctl/internal/store"
)

// scansDocument is what `scan list` writes in JSON.
type scansDocument struct {
	Schema string           `json:"schema"`
	Scans  []fleet.ScanInfo `json:"scans"`
	Next   string           `json:"next,omitempty"`
}

func (a *app) scanList() *cobra.Command {
	var f store.ScanFilter
	var page store.Page
	var vehicle, since, until string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The scans that were kept, newest first",
		Example: `  obdctl scan list --vehicle focus
  obdctl scan list --code P0420 --since 90d`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if f.Since, f.Until, err = a.stretch(since, until); err != nil {
				return err
			}
			var l store.List[fleet.ScanInfo]
			err = a.view(cmd.Context(), func(tx store.Tx) error {
				if vehicle != "" {
					v, err := oneVehicle(cmd.Context(), tx, vehicle)
					if err != nil {
						return err
					}
					f.VehicleID = v.ID
				}
				l, err = tx.Scans().List(cmd.Context(), f, page)
				return err
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				doc := scansDocument{Schema: "obdctl.scans/1", Scans: l.Items, Next: l.Next}
				if doc.Scans == nil {
					doc.Scans = []fleet.ScanInfo{}
				}
				return writeJSON(a.out, doc)
			}
			return a.show(text.Scans(l.Items, l.Next, a.textOptions(false)))
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "only of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().StringVar(&f.Code, "code", "", "only those with this trouble code")
	stretchFlags(cmd, &since, &until)
	pageFlags(cmd, &page)
	return cmd
}

// stretchFlags are --since and --until.
func stretchFlags(cmd *cobra.Command, since, until *string) {
	cmd.Flags().StringVar(since, "since", "", "from `TIME` on: 30d, 2w, 2026-01-31 or an RFC 3339 time")
	cmd.Flags().StringVar(until, "until", "", "before `TIME`")
}

// stretch reads --since and --until in the computer's zone; a day of --until is included.
func (a *app) stretch(since, until string) (from, to time.Time, err error) {
	now := time.Now().In(localZone())
	if since != "" {
		if from, _, err = search.Span(since, now); err != nil {
			return from, to, badTime("since", err)
		}
	}
	if until != "" {
		if _, to, err = search.Span(until, now); err != nil {
			return from, to, badTime("until", err)
		}
	}
	return from, to, nil
}

func badTime(flag string, err error) error {
	return errs.New(errs.Usage, "--%s: %w", flag, err).WithHint("write 30d, 2w, 2026-01-31 or 2026-01-31T14:00:00Z")
}

func (a *app) scanShow() *cobra.Command {
	var format, vehicle string
	var all bool
	cmd := &cobra.Command{
		Use:   "show [SCAN]",
		Short: "One scan that was kept",
		Long:  "show lays out a kept scan as it was when it was made. SCAN is the start of its id, last (the default), last~1 for the one before, or first.",
		Example: `  obdctl scan show
  obdctl scan show last~1 --vehicle focus --all
  obdctl scan show 0198c0de --json > scan.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			s, err := a.keptScan(cmd.Context(), append(args, "last")[0], vehicle)
			if err != nil {
				return err
			}
			return a.writeScan(s, a.predictedLast(cmd.Context(), s), format, all)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or csv")
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().BoolVar(&all, "all", false, "every value and every passed test")
	completeFlag(cmd, "format", "text", "json", "csv")
	return cmd
}

// keptScan reads the scan that words mean.
func (a *app) keptScan(ctx context.Context, words, vehicle string) (s *obd.Scan, err error) {
	err = a.view(ctx, func(tx store.Tx) error {
		var of uuid.UUID
		if vehicle != "" {
			v, err := oneVehicle(ctx, tx, vehicle)
			if err != nil {
				return err
			}
			of = v.ID
		}
		info, err := oneScan(ctx, tx, words, of)
		if err != nil {
			return err
		}
		s, err = tx.Scans().Get(ctx, info.ID)
		return err
	})
	return s, err
}

func (a *app) scanDelete() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "delete SCAN",
		Short: "Delete a scan that was kept",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			var info fleet.ScanInfo
			err := a.view(ctx, func(tx store.Tx) (err error) {
				info, err = oneScan(ctx, tx, args[0], uuid.Nil)
				return err
			})
			if err != nil {
				return err
			}
			loss := "The scan of " + titleOf(info) + " made at " + info.Started.In(localZone()).Format("2006-01-02 15:04") + " is deleted. This cannot be undone."
			if err := a.confirm(ctx, yes, loss, "DELETE"); err != nil {
				return err
			}
			return a.update(ctx, func(tx store.Tx) error { return tx.Scans().Delete(ctx, info.ID) })
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}
