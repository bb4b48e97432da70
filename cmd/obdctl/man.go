package main

import (
	"fmt"
	"os"
	"path/filepath"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
)

// man writes the manual page; packagers call it.
func (a *app) man(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:    "man [DIR]",
		Short:  "Write the manual page to DIR, or to standard output",
		Args:   cobra.MaximumNArgs(1),
		Hidden: true,
		RunE: func(_ *cobra.Command, args []string) error {
			page, err := mango.NewManPage(1, root)
			if err != nil {
				return fmt.Errorf("make manual page: %w", err)
			}
			manual := page.Build(roff.NewDocument())
			if len(args) == 0 {
				_, err = fmt.Fprint(a.out, manual)
				return err
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("make folder: %w", err)
			}
			return os.WriteFile(filepath.Join(args[0], "obdctl.1"), []byte(manual), 0o644)
		},
	}
}
