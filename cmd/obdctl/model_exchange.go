package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) modelExport() *cobra.Command {
	var vehicle, out string
	cmd := &cobra.Command{
		Use:     "export MODEL",
		Short:   "Write a model with its card into a file",
		Example: `  obdctl model export "engine-residuals 3" --out focus.obdmodel`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, _, err := a.named(cmd.Context(), args[0], vehicle)
			if err != nil {
				return err
			}
			write := func(w io.Writer) error {
				return a.view(cmd.Context(), func(tx store.Tx) error { return registry.Export(cmd.Context(), tx, m.ID, w) })
			}
			if out == "-" {
				return write(a.out)
			}
			if err := replaceFile(out, write); err != nil {
				return err
			}
			return a.showModels(modelsDocument{Models: []fleet.Model{m}})
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().StringVarP(&out, "out", "o", "", "write to `FILE`, - for standard output (required)")
	_ = cmd.MarkFlagRequired("out") // the flag is defined one line above
	return cmd
}

func (a *app) modelImport() *cobra.Command {
	var vehicle string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Take in a model that another installation exported",
		Long: `import reads a model's file and believes nothing of it: the weights must have the hash that the card names and must be
readable as that kind of model. It is kept as a challenger; 'model promote' measures it on the data that are kept here.`,
		Example: "  obdctl model import focus.obdmodel --vehicle focus",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := a.modelFile(cmd, args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			f, k, err := registry.Read(in, predict.Kinds())
			if err != nil {
				return err
			}
			of, err := a.belonging(cmd.Context(), vehicle)
			if err != nil {
				return err
			}
			var m fleet.Model
			err = a.update(cmd.Context(), func(tx store.Tx) (err error) {
				m, err = registry.Import(cmd.Context(), tx, f, k, of)
				return err
			})
			if err != nil {
				return err
			}
			return a.showModels(modelsDocument{Models: []fleet.Model{m}})
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "for this vehicle, for a model of a single one: `WORDS` of VIN, plate, label or id")
	return cmd
}

// modelFile opens what is imported, - for standard input.
func (a *app) modelFile(cmd *cobra.Command, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(interruptible(cmd.Context(), a.in)), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.New(errs.BadInput, "read model: %w", err)
	}
	return f, nil
}
