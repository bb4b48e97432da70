package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// picker chooses series by signals as people write them; without words it takes all.
type picker struct {
	words []string
	found map[string]bool // words that meant something
	seen  []string        // signals that are there
}

// from chooses among the series of one vehicle.
func (p *picker) from(all []fleet.Series) []fleet.Series {
	if p.found == nil {
		p.found = map[string]bool{}
	}
	var chosen []fleet.Series
	for _, s := range all {
		if !slices.Contains(p.seen, s.Signal) {
			p.seen = append(p.seen, s.Signal)
		}
		if len(p.words) == 0 {
			chosen = append(chosen, s)
		}
		for _, word := range p.words {
			if strings.EqualFold(word, s.Signal) {
				p.found[word] = true
				chosen = append(chosen, s)
				break
			}
		}
	}
	return chosen
}

// missing tells of a word that no vehicle has.
func (p *picker) missing() error {
	for _, word := range p.words {
		if p.found[word] {
			continue
		}
		slices.Sort(p.seen)
		names := p.seen
		more := ""
		if len(names) > 12 {
			names, more = names[:12], " and others"
		}
		err := errs.New(errs.Usage, "no reading of %s is kept", word)
		if len(names) == 0 {
			return err.WithHint("'obdctl import' takes in logs, 'obdctl scan' keeps what it reads")
		}
		return err.WithHint("there are %s%s", strings.Join(names, ", "), more)
	}
	return nil
}

// signalsOf lists the signals of series once each.
func signalsOf(all []fleet.Series) []string {
	var names []string
	for _, s := range all {
		if !slices.Contains(names, s.Signal) {
			names = append(names, s.Signal)
		}
	}
	return names
}

// completeSignals offers the signals that are kept, of the vehicle that was named.
func (a *app) completeSignals(cmd *cobra.Command, flag string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, a.offerSignals); err != nil {
		panic(err) // the flag is not defined, which every start would show
	}
}

func (a *app) offerSignals(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if err := a.configure(cmd, nil); err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var offers []string
	err := a.view(cmd.Context(), func(tx store.Tx) error {
		j := &exportJob{ctx: cmd.Context(), tx: tx}
		if f := cmd.Flags().Lookup("vehicle"); f != nil {
			j.flags.vehicle = f.Value.String()
		}
		if err := j.named(); err != nil {
			return err
		}
		return each(j.vehicles(), func(v fleet.Vehicle) error {
			all, err := tx.Readings().Series(j.ctx, v.ID)
			for _, s := range all {
				if offer := s.Signal + "\t" + s.Name; !slices.Contains(offers, offer) {
					offers = append(offers, offer)
				}
			}
			return err
		})
	})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return offers, cobra.ShellCompDirectiveNoFileComp
}
