package main

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// parsePGN reads a group's number, decimal or 0x..., or its short name such as DM5.
func parsePGN(s string) (uint32, error) {
	if n, err := strconv.ParseUint(s, 0, 32); err == nil {
		if !j1939.IsPGN(uint32(n)) || n > 0x3FFFF {
			return 0, errs.New(errs.Usage, "%s is no parameter group number", s)
		}
		return uint32(n), nil
	}
	for _, g := range spn.Builtin().Groups() {
		if strings.EqualFold(g.Short, s) {
			return g.PGN, nil
		}
	}
	return 0, errs.New(errs.Usage, "parameter group %q is not known", s).WithHint("give its number, such as 65253 or 0xFEE5")
}

func (a *app) j1939Request() *cobra.Command {
	var to int
	cmd := &cobra.Command{
		Use:   "request PGN...",
		Short: "Request parameter groups and show what the nodes answer",
		Long: `request sends requests (PGN 59904) from the address of a service tool. A group is given by its number, such as
65253 or 0xFEE5, or by its short name, such as HOURS or DM5. Without --to every node is asked.`,
		Example: "  obdctl j1939 request HOURS\n  obdctl j1939 request DM5 DM21 --to 0 --json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to < 0 || to > 255 {
				return errs.New(errs.Usage, "--to %d is no address", to)
			}
			var pgns []uint32
			for _, arg := range args {
				pgn, err := parsePGN(arg)
				if err != nil {
					return err
				}
				pgns = append(pgns, pgn)
			}
			return a.requestGroups(cmd.Context(), pgns, uint8(to))
		},
	}
	cmd.Flags().IntVar(&to, "to", j1939.Global, "the `ADDRESS` of the node to ask, 0 to 253")
	return cmd
}

func (a *app) requestGroups(ctx context.Context, pgns []uint32, to uint8) error {
	s, n, err := a.dialNetwork(ctx)
	if err != nil {
		return err
	}
	var answers []link.ParameterGroup
	for _, pgn := range pgns {
		groups, rerr := n.Request(ctx, pgn, to)
		answers = append(answers, groups...)
		if rerr != nil && !errors.Is(rerr, link.ErrNoReply) {
			return firstError(rerr, s.done())
		}
	}
	if err := s.done(); err != nil {
		return err
	}
	if len(answers) == 0 {
		return errs.New(errs.NoVehicle, "no node answered")
	}
	return a.showGroups(ctx, answers)
}

// showGroups writes one line per group, or a table of what each says.
func (a *app) showGroups(ctx context.Context, groups []link.ParameterGroup) error {
	book, err := a.book(ctx)
	if err != nil {
		return err
	}
	var lines []text.GroupLine
	for _, g := range groups {
		line := newGroupLine(book, g, a.flags.spnMethod)
		if a.flags.json {
			if err := writeLine(a.out, line); err != nil {
				return err
			}
			continue
		}
		lines = append(lines, text.GroupLine{PGN: line.PGN, Short: line.Short, Source: line.Source, Data: line.Data,
			Readings: line.Readings, Codes: line.Codes, Lamps: line.Lamps, Text: line.Text, Error: line.Error})
	}
	if a.flags.json {
		return nil
	}
	return a.show(text.Groups(lines, a.textOptions(true)))
}
