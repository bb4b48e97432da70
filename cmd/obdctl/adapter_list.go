package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
)

// port is one way in of `adapter list --json`.
type port struct {
	Address string `json:"address"`
	Medium  string `json:"medium"`
	Chip    string `json:"chip,omitempty"`
	USB     string `json:"usb,omitempty"` // vendor:product
	Product string `json:"product,omitempty"`
	Name    string `json:"name,omitempty"`
	Signal  int    `json:"signal,omitempty"` // dBm
	VIN     string `json:"vin,omitempty"`
	Logical string `json:"logical_address,omitempty"`
	EID     string `json:"eid,omitempty"`
	GID     string `json:"gid,omitempty"`
	Vendor  string `json:"vendor,omitempty"`
	Bits    int    `json:"bits,omitempty"`
	Likely  bool   `json:"likely"`
}

// unseen is a way that could not be looked at.
type unseen struct {
	Medium string `json:"medium"`
	Reason string `json:"reason"`
	Hint   string `json:"hint,omitempty"`
}

func (a *app) adapterList() *cobra.Command {
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Adapters and vehicles in sight: serial ports, Bluetooth, pass-thru drivers, Ethernet",
		Long: `list shows the serial ports of this computer, the likeliest adapter first, paired Bluetooth devices, installed
pass-thru drivers, and looks for Bluetooth LE devices in the air and vehicles on the network for a moment. Vehicles are
asked by one broadcast (ISO 13400-2); --wait 0 sends nothing.`,
		Example: "  obdctl adapter list\n  obdctl adapter list --wait 10s\n  obdctl adapter list --wait 0 --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if wait < 0 || wait > time.Minute {
				return errs.New(errs.Usage, "--wait %s is not from 0 to 1m", wait)
			}
			ports, blind, err := inSight(cmd.Context(), wait)
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, map[string]any{"schema": "obdctl.ports/1", "ports": ports, "unseen": blind})
			}
			return a.show(portPage(ports, blind, a.width()))
		},
	}
	cmd.Flags().DurationVar(&wait, "wait", adapters.LookWait, "how long to look at the air and the network; 0 not at all")
	return cmd
}

// inSight lists serial ports, then everything else.
func inSight(ctx context.Context, wait time.Duration) ([]port, []unseen, error) {
	serials, err := adapters.List()
	if err != nil {
		return nil, nil, fmt.Errorf("list serial ports: %w", err)
	}
	ports, missing := []port{}, []unseen{}
	for _, i := range serials {
		p := port{Address: "serial://" + i.Device, Medium: string(i.Medium), Chip: i.Chip.Name, Product: i.Product, Likely: i.Likely()}
		if i.VID != "" {
			p.USB = i.VID + ":" + i.PID
		}
		ports = append(ports, p)
	}
	sights, blind, err := adapters.Look(ctx, wait)
	for _, s := range sights {
		ports = append(ports, port{
			Address: s.Address, Medium: string(s.Scheme), Name: s.Name, Signal: s.Signal, VIN: s.VIN,
			Logical: s.Logical, EID: s.EID, GID: s.GID, Vendor: s.Vendor, Bits: s.Bits, Likely: s.Likely,
		})
	}
	for _, b := range blind {
		missing = append(missing, unseen{string(b.Scheme), b.Err.Error(), errs.HintOf(b.Err)})
	}
	return ports, missing, err
}

func portPage(ports []port, blind []unseen, width int) *text.Page {
	p := text.NewPage(width)
	if len(ports) == 0 {
		p.Section("In sight", text.T(text.Warn, "nothing: plug the adapter in, or pair it first"))
	} else {
		p.Section("In sight")
	}
	var rows [][]text.Cell
	for _, x := range ports {
		rows = append(rows, []text.Cell{text.T(text.Strong, "%s", x.Address), text.C("%s", x.Medium), text.C("%s", x.about())})
	}
	p.Table(2, rows)
	if len(blind) > 0 {
		p.Section("Not looked at")
		rows = nil
		for _, u := range blind {
			rows = append(rows, []text.Cell{text.T(text.Strong, "%s", u.Medium), text.C("%s", u.Reason)})
		}
		p.Table(2, rows)
	}
	p.Section("Ways in")
	rows = nil
	for _, w := range adapters.Ways() {
		rows = append(rows, []text.Cell{text.T(text.Strong, "%s", w.Form), text.C("%s", w.Caption)})
	}
	p.Table(2, rows)
	return p
}

// about says what is known of a way in, in one line.
func (x port) about() string {
	parts := []string{x.Chip, x.Product, x.USB, x.Vendor, x.Name}
	if x.VIN != "" {
		parts = append(parts, "VIN "+x.VIN)
	}
	if x.EID != "" {
		parts = append(parts, "EID "+x.EID)
	}
	if x.GID != "" && x.GID != x.EID {
		parts = append(parts, "GID "+x.GID)
	}
	if x.Signal != 0 {
		parts = append(parts, fmt.Sprintf("%d dBm", x.Signal))
	}
	if x.Bits != 0 {
		parts = append(parts, fmt.Sprintf("%d bits", x.Bits))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
