package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/score"
	"github.com/fleetms/obdctl/internal/store"
)

// boardDocument is what `driver board` writes in JSON.
type boardDocument struct {
	Schema    string           `json:"schema"`
	LeastKm   float64          `json:"least_km"`
	Standings []fleet.Standing `json:"standings"`
	LeftOut   []string         `json:"left_out"` // who takes part and drove too little, or was not measured
}

func (a *app) driverBoard() *cobra.Command {
	var since, until string
	var least float64
	var l driverLimits
	cmd := &cobra.Command{
		Use:   "board VEHICLE...",
		Short: "Leaderboard of the vehicles that take part",
		Long: `board ranks the vehicles that are named, and nobody else: taking part is a choice. Who drove less than --least-km is
left out. Those whom the data do not tell apart share a rank, and few km count little, so that nobody wins by parking.`,
		Example: `  obdctl driver board focus golf 'B OB 2026' --since 30d`,
		Args:    cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			limits, err := l.limits()
			if err != nil {
				return err
			}
			doc, err := a.board(cmd.Context(), args, since, until, least, limits)
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, doc)
			}
			return a.show(text.Board(doc.Standings, doc.LeftOut, doc.LeastKm, a.textOptions(false)))
		},
	}
	cmd.Flags().Float64Var(&least, "least-km", score.BoardKm, "`DISTANCE` that must have been driven to be ranked")
	stretchFlags(cmd, &since, &until)
	l.add(cmd)
	return cmd
}

func (a *app) board(ctx context.Context, words []string, since, until string, least float64, l score.Limits) (boardDocument, error) {
	doc := boardDocument{Schema: "obdctl.standings/1", LeastKm: least, LeftOut: []string{}}
	from, to, err := a.stretch(since, until)
	if err != nil {
		return doc, err
	}
	book, err := a.book(ctx)
	if err != nil {
		return doc, err
	}
	var all [][]score.Drive
	var entrants []score.Entrant
	err = a.view(ctx, func(tx store.Tx) error {
		seen := map[[16]byte]bool{}
		for _, w := range words {
			v, err := oneVehicle(ctx, tx, w)
			if err != nil {
				return err
			}
			if seen[v.ID] {
				continue
			}
			seen[v.ID] = true
			drives, err := drivesOf(ctx, tx, v, from, to, book, l)
			if err != nil {
				return err
			}
			all, entrants = append(all, drives), append(entrants, score.Entrant{Who: v.Title(), In: true})
		}
		return nil
	})
	if err != nil {
		return doc, err
	}
	usual := score.Learn(all)
	for i := range entrants {
		if entrants[i].Score = score.Make(all[i], usual, l); entrants[i].Score.Points == nil || entrants[i].Score.Km < least {
			doc.LeftOut = append(doc.LeftOut, entrants[i].Who)
		}
	}
	doc.Standings = score.Board(entrants, least)
	return doc, nil
}
