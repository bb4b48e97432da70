package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) note() *cobra.Command {
	cmd := &cobra.Command{Use: "note", Short: "Notes on vehicles, scans and work orders", Args: cobra.NoArgs}
	var about subjectFlags
	add := &cobra.Command{
		Use:     "add TEXT",
		Short:   "Write something down",
		Example: `  obdctl note add "customer hears a rattle when cold" --vehicle focus`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			n := fleet.Note{Text: args[0]}
			err := a.update(cmd.Context(), func(tx store.Tx) (err error) {
				if n.Subject, err = about.find(cmd.Context(), tx); err != nil {
					return err
				}
				return tx.Notes().Put(cmd.Context(), &n)
			})
			if err != nil {
				return err
			}
			return a.showShop(shopDocument{Notes: []fleet.Note{n}}, text.Notes([]fleet.Note{n}, "", a.textOptions(false)))
		},
	}
	about.add(add)
	var of subjectFlags
	var page store.Page
	list := &cobra.Command{
		Use:   "list",
		Short: "The notes, newest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var l store.List[fleet.Note]
			err := a.view(cmd.Context(), func(tx store.Tx) error {
				subject, err := of.find(cmd.Context(), tx)
				if err == nil {
					l, err = tx.Notes().List(cmd.Context(), subject, page)
				}
				return err
			})
			if err != nil {
				return err
			}
			return a.showShop(shopDocument{Notes: l.Items, Next: l.Next}, text.Notes(l.Items, l.Next, a.textOptions(false)))
		},
	}
	of.add(list)
	pageFlags(list, &page)
	cmd.AddCommand(add, list)
	return cmd
}
