package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/decode"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

const j1939Long = `j1939 looks at the network of a truck, bus or machine (SAE J1939). 'listen' sends nothing at all; 'nodes' and
'request' claim an address and send requests (PGN 59904), which only report. 'tests' sends a command, after you confirmed it. Clearing is 'obdctl dtc clear'.`

// groupLine is one parameter group as `j1939 listen --json` and `j1939 request --json` write it.
type groupLine struct {
	Schema      string          `json:"schema"`
	At          time.Time       `json:"at"`
	PGN         uint32          `json:"pgn"`
	Short       string          `json:"short,omitempty"`
	Source      uint8           `json:"source"`
	Destination uint8           `json:"destination"`
	Priority    uint8           `json:"priority"`
	Data        string          `json:"data"`
	Readings    []obd.Reading   `json:"readings,omitempty"`
	Codes       []obd.DTC       `json:"codes,omitempty"`
	Lamps       *obd.LampStatus `json:"lamps,omitempty"`
	Text        []string        `json:"text,omitempty"`
	Fields      any             `json:"fields,omitempty"`
	Error       string          `json:"error,omitempty"`
}

func (a *app) j1939() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "j1939",
		Short: "Trucks: listen, request parameter groups, list nodes, explain SPNs",
		Long:  j1939Long,
		Example: `  obdctl j1939 listen --adapter can://can0
  obdctl j1939 request 65253 --to 0
  obdctl j1939 spn search oil pressure`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.j1939Listen(), a.j1939Request(), a.j1939Nodes(), a.j1939Tests(), a.j1939SPN())
	return cmd
}

func newGroupLine(book *dtc.Book, g link.ParameterGroup, method int) groupLine {
	said := decode.ParameterGroup(book, g, uint8(method))
	out := groupLine{
		Schema: "obdctl.group/1", At: obd.Stamp(g.At), PGN: g.PGN, Source: g.Source, Destination: g.Destination, Priority: g.Priority,
		Data: strings.ToUpper(hex.EncodeToString(g.Data)), Readings: said.Readings, Codes: said.Codes, Lamps: said.Lamps, Text: said.Text, Fields: said.Fields,
	}
	if known := spn.Builtin().Group(g.PGN); known != nil {
		out.Short = known.Short
	}
	if err := cmp.Or(g.Err, said.Problem); err != nil {
		out.Error = err.Error()
	}
	return out
}

// dialNetwork opens the adapter and wants a network of SAE J1939 behind it.
func (a *app) dialNetwork(ctx context.Context) (*session, link.Network, error) {
	if a.flags.protocol == "" || a.flags.protocol == "auto" {
		a.flags.protocol = obd.J1939.String()
	}
	s, err := a.dial(ctx, link.ReadOnly())
	if err != nil {
		return nil, nil, err
	}
	n, ok := s.link.(link.Network)
	if !ok {
		return nil, nil, firstError(s.done(), errs.New(errs.Unsupported, "this way does not carry SAE J1939").
			WithHint("use can://, slcan:// or j2534://"))
	}
	return s, n, nil
}
