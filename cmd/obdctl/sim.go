package main

import (
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
)

func (a *app) sim() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Simulated cars: list them, or serve one to any OBD program",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.simList(), a.simServe())
	return cmd
}

func (a *app) simList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "The simulated cars and adapters",
		Example: "  obdctl sim list\n  obdctl scan --adapter sim:diesel-4ecu-29bit",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.flags.json {
				return writeJSON(a.out, map[string]any{"schema": "obdctl.simulated/1", "scenarios": simulator.Scenarios()})
			}
			p := text.NewPage(a.width())
			p.Section("Simulated cars")
			var rows [][]text.Cell
			for _, s := range simulator.Scenarios() {
				rows = append(rows, []text.Cell{text.T(text.Strong, "sim:%s", s.Name), text.C("%s", s.Title)})
			}
			p.Table(2, rows)
			return a.show(p)
		},
	}
}

func (a *app) simServe() *cobra.Command {
	var listen string
	var pty bool
	cmd := &cobra.Command{
		Use:   "serve [SCENARIO]",
		Short: "Serve a simulated car as an ELM327 on TCP or on a pseudo-terminal",
		Long: `serve lets any OBD program talk to a simulated car. SCENARIO is a name of 'obdctl sim list', with
options behind it as in sim:petrol-misfire?adapter=clone-no-h1&ecu_latency=20ms.`,
		Example: "  obdctl sim serve\n  obdctl sim serve diesel-4ecu-29bit --listen 127.0.0.1:35001\n  obdctl sim serve kwp --pty",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			address := "sim:"
			if len(args) == 1 {
				address += args[0]
			}
			if pty {
				path, wait, err := simulator.ServePTY(cmd.Context(), address)
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "serial://%s\n", path)
				return wait()
			}
			var lc net.ListenConfig
			l, err := lc.Listen(cmd.Context(), "tcp", listen)
			if err != nil {
				return errs.New(errs.Usage, "listen on %s: %w", listen, err).WithHint("choose another address with --listen")
			}
			fmt.Fprintf(a.out, "tcp://%s\n", l.Addr())
			return simulator.Serve(cmd.Context(), address, l)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:35000", "address to listen on")
	cmd.Flags().BoolVar(&pty, "pty", false, "a pseudo-terminal instead of TCP")
	return cmd
}
