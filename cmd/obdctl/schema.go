package main

import (
	"strings"

	"github.com/spf13/cobra"

	schemas "github.com/fleetms/obdctl/docs/schema"
	"github.com/fleetms/obdctl/internal/errs"
)

// schema prints the JSON Schemas of what --json writes, so that a script can validate without the sources.
func (a *app) schema() *cobra.Command {
	return &cobra.Command{
		Use:     "schema [NAME]",
		Short:   "Print the JSON Schema of a document that --json writes",
		Example: "  obdctl schema            # the names\n  obdctl schema obdctl.scan/1",
		Args:    cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return schemas.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				_, err := a.out.Write([]byte(strings.Join(schemas.Names(), "\n") + "\n"))
				return err
			}
			data, ok := schemas.Bundle(args[0])
			if !ok {
				return errs.New(errs.Usage, "schema %q is not known", args[0]).WithHint("one of: %s", strings.Join(schemas.Names(), ", "))
			}
			_, err := a.out.Write(data)
			return err
		},
	}
}
