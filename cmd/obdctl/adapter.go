package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/cmd/obdctl/text"
)

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

// port is one serial port of `adapter list --json`.
type port struct {
	Address string `json:"address"`
	Medium  string `json:"medium"`
	Chip    string `json:"chip,omitempty"`
	USB     string `json:"usb,omitempty"` // vendor:product
	Product string `json:"product,omitempty"`
	Likely  bool   `json:"likely"` // tried by auto
}

func (a *app) adapterList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "Serial ports of this computer, the likeliest adapter first, and the other ways in",
		Example: "  obdctl adapter list\n  obdctl adapter list --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			found, err := adapters.List()
			if err != nil {
				return fmt.Errorf("list serial ports: %w", err)
			}
			ports := []port{}
			for _, i := range found {
				p := port{Address: "serial://" + i.Device, Medium: string(i.Medium), Chip: i.Chip.Name, Product: i.Product, Likely: i.Likely()}
				if i.VID != "" {
					p.USB = i.VID + ":" + i.PID
				}
				ports = append(ports, p)
			}
			if a.flags.json {
				return writeJSON(a.out, map[string]any{"schema": "obdctl.ports/1", "ports": ports})
			}
			return a.show(portPage(ports, a.width()))
		},
	}
}

func portPage(ports []port, width int) *text.Page {
	p := text.NewPage(width)
	if len(ports) == 0 {
		p.Section("Serial ports", text.T(text.Warn, "none: plug the adapter in, or pair it first"))
	} else {
		p.Section("Serial ports")
	}
	var rows [][]text.Cell
	for _, x := range ports {
		about := strings.Join(strings.Fields(strings.Join([]string{x.Chip, x.Product, x.USB}, " ")), " ")
		rows = append(rows, []text.Cell{text.T(text.Strong, "%s", x.Address), text.C("%s", x.Medium), text.C("%s", about)})
	}
	p.Table(2, rows)
	p.Section("Other ways in")
	rows = nil
	for _, w := range adapters.Ways() {
		rows = append(rows, []text.Cell{text.T(text.Strong, "%s", w.Form), text.C("%s", w.Caption)})
	}
	p.Table(2, rows)
	return p
}
