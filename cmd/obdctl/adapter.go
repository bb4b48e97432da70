package main

import "github.com/spf13/cobra"

func (a *app) adapter() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "adapter",
		Short: "Adapters: list ports, find one, probe what it can do",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.adapterList(), a.adapterProbe())
	return cmd
}
