package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

type nodesFound struct {
	Schema string      `json:"schema"`
	Nodes  []text.Node `json:"nodes"`
}

func (a *app) j1939Nodes() *cobra.Command {
	return &cobra.Command{
		Use:     "nodes",
		Short:   "List who is on the network: addresses, functions, makers",
		Long:    `nodes asks everyone for the claim of their address (SAE J1939-81) and lists the NAMEs.`,
		Example: "  obdctl j1939 nodes --adapter can://can0",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, n, err := a.dialNetwork(cmd.Context())
			if err != nil {
				return err
			}
			found, err := n.Nodes(cmd.Context())
			if err := firstError(err, s.done()); err != nil {
				return err
			}
			doc := nodesFound{Schema: "obdctl.nodes/1", Nodes: []text.Node{}}
			for _, x := range found {
				doc.Nodes = append(doc.Nodes, describeNode(x))
			}
			if a.flags.json {
				return writeJSON(a.out, doc)
			}
			return a.show(text.Nodes(doc.Nodes, a.textOptions(true)))
		},
	}
}

func describeNode(n link.Node) text.Node {
	out := text.Node{Address: n.Address, Usual: spn.Address(n.Address)}
	if n.Name == 0 {
		return out
	}
	name := j1939.ParseName(n.Name)
	out.Name = fmt.Sprintf("%016X", n.Name)
	out.Function = spn.Function(name.Function)
	out.Maker = spn.Maker(name.Manufacturer)
	out.Industry = spn.Industry(name.IndustryGroup)
	out.Identity = name.Identity
	out.Instance = name.FunctionInstance
	out.Arbitrary = name.Arbitrary
	return out
}
