package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// listenOptions are the flags of `j1939 listen`.
type listenOptions struct {
	lasting time.Duration
	groups  []string
	source  int
}

func (a *app) j1939Listen() *cobra.Command {
	var o listenOptions
	cmd := &cobra.Command{
		Use:   "listen",
		Short: "Show what the nodes broadcast, without sending anything",
		Long: `listen puts transfers together, and when it ends shows the newest message of every group and node, decoded. With
--json every message is one line as it comes. Nothing is sent, not even an address claim.`,
		Example: "  obdctl j1939 listen --for 5s\n  obdctl j1939 listen --pgn EEC1,DM1 --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.listenNetwork(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.DurationVar(&o.lasting, "for", 3*time.Second, "listen so long; 0 until Ctrl-C")
	f.StringSliceVar(&o.groups, "pgn", nil, "only these groups: numbers or short names")
	f.IntVar(&o.source, "from", -1, "only what the node at this `ADDRESS` sends")
	return cmd
}

func (a *app) listenNetwork(ctx context.Context, o listenOptions) error {
	wanted := map[uint32]bool{}
	for _, s := range o.groups {
		pgn, err := parsePGN(s)
		if err != nil {
			return err
		}
		wanted[pgn] = true
	}
	n, done, err := a.openListener(ctx)
	if err != nil {
		return err
	}
	book, err := a.book(ctx)
	if err != nil {
		return firstError(err, done())
	}
	listening := ctx
	if o.lasting > 0 {
		var cancel context.CancelFunc
		listening, cancel = context.WithTimeout(ctx, o.lasting)
		defer cancel()
	}
	var order [][2]uint32
	newest := map[[2]uint32]link.ParameterGroup{}
	var failed error
	err = n.Listen(listening, func(g link.ParameterGroup) bool {
		if len(wanted) > 0 && !wanted[g.PGN] || o.source >= 0 && int(g.Source) != o.source {
			return true
		}
		if a.flags.json {
			failed = writeLine(a.out, newGroupLine(book, g, a.flags.spnMethod))
			return failed == nil
		}
		key := [2]uint32{uint32(g.Source), g.PGN}
		if _, ok := newest[key]; !ok && len(newest) < maxHeard {
			order = append(order, key)
			newest[key] = g
		} else if ok {
			newest[key] = g
		}
		return true
	})
	if link.IsLost(err) && len(newest) > 0 {
		err = nil // the end of a recording
	}
	if err := firstError(failed, err, done()); err != nil || a.flags.json {
		return err
	}
	if len(newest) == 0 {
		return errs.New(errs.NoVehicle, "no message of SAE J1939 was heard").
			WithHint("switch the ignition on and check the bit rate: 250000, or 500000 on trucks from about 2016 on")
	}
	var groups []link.ParameterGroup
	for _, key := range order {
		groups = append(groups, newest[key])
	}
	return a.showGroups(ctx, groups)
}

// maxHeard bounds the groups that are kept for the page at the end.
const maxHeard = 4096

// openListener opens the frames with a node that only listens; an adapter without frames listens in its own way.
func (a *app) openListener(ctx context.Context) (link.Network, func() error, error) {
	options, closeRecord, err := a.wayIn(link.Allow{}, obd.J1939)
	if err != nil {
		return nil, nil, err
	}
	bus, err := adapters.OpenBus(ctx, a.flags.adapter, options)
	if errs.KindOf(err) == errs.Unsupported {
		if err := closeRecord(); err != nil {
			return nil, nil, err
		}
		s, n, err := a.dialNetwork(ctx)
		if err != nil {
			return nil, nil, err
		}
		return n, s.done, nil
	}
	if err != nil {
		return nil, nil, firstError(err, closeRecord())
	}
	l, err := j1939.Dial(ctx, bus, j1939.Options{Settings: j1939.Settings{Passive: true}, Wait: -1})
	if err != nil {
		return nil, nil, firstError(err, closeRecord())
	}
	return l, func() error { return firstError(l.Close(), closeRecord()) }, nil
}
