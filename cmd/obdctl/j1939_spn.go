package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/errs"
)

type parametersFound struct {
	Schema     string           `json:"schema"`
	Parameters []text.Parameter `json:"parameters"`
}

func (a *app) j1939SPN() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "spn",
		Short: "Search and explain suspect parameter numbers",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use:     "search WORDS...",
		Short:   "Find parameters by words, number, short name or group",
		Example: "  obdctl j1939 spn search oil pressure\n  obdctl j1939 spn search EEC1",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			found := spn.Builtin().Search(strings.Join(args, " "))
			if len(found) == 0 && !a.flags.json {
				return errs.New(errs.BadInput, "no parameter matches %q", strings.Join(args, " ")).
					WithHint("use fewer or more general words, such as 'oil' or 'pressure'")
			}
			return a.showParameters(found, false)
		},
	}, &cobra.Command{
		Use:     "explain SPN...",
		Short:   "Where a parameter stands, how it scales, what its states mean",
		Example: "  obdctl j1939 spn explain 100\n  obdctl j1939 spn explain ENG_OIL_PRESS RPM --json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var found []*spn.Parameter
			for _, arg := range args {
				p := spn.Builtin().Find(arg)
				if p == nil {
					return errs.New(errs.BadInput, "parameter %q is not in the catalogue", arg).WithHint("'obdctl j1939 spn search' finds by words")
				}
				found = append(found, p)
			}
			return a.showParameters(found, true)
		},
	})
	return cmd
}

func (a *app) showParameters(found []*spn.Parameter, details bool) error {
	doc := parametersFound{Schema: "obdctl.spns/1", Parameters: []text.Parameter{}}
	for _, p := range found {
		doc.Parameters = append(doc.Parameters, describeParameter(p))
	}
	if a.flags.json {
		return writeJSON(a.out, doc)
	}
	return a.show(text.Parameters(doc.Parameters, details, a.textOptions(details)))
}

func describeParameter(p *spn.Parameter) text.Parameter {
	out := text.Parameter{SPN: p.SPN, ID: p.ID, Short: p.Short, Name: p.Name, PGN: p.PGN, Bits: p.Bits, Unit: p.Unit, Kind: string(p.Kind)}
	if g := spn.Builtin().Group(p.PGN); g != nil {
		out.Group, out.GroupName, out.RateMS = g.Short, g.Name, int(g.Rate.Milliseconds())
	}
	if p.Start >= 0 {
		out.Byte, out.Bit = p.Start/8+1, p.Start%8+1
	}
	if p.Kind == spn.Number && p.Bits > 0 {
		scale, offset, low, high := p.Scale, p.Offset, p.Min(), p.Max()
		out.Scale, out.Offset, out.Min, out.Max = &scale, &offset, &low, &high
	}
	for raw, s := range p.States {
		if out.States == nil {
			out.States = map[uint64]string{}
		}
		out.States[raw] = s.Text
	}
	return out
}
