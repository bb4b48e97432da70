package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/score"
	"github.com/fleetms/obdctl/internal/store"
)

// scoreDocument is what `driver score` writes in JSON.
type scoreDocument struct {
	Schema string        `json:"schema"`
	Score  fleet.Score   `json:"score"`
	Badges []fleet.Badge `json:"badges,omitempty"`
	Peers  int           `json:"peers"` // vehicles whose rates the score is drawn towards; 0 for the usual ones
}

func (a *app) driverScore() *cobra.Command {
	var vehicle, who, since, until string
	var peers, badges bool
	var l driverLimits
	cmd := &cobra.Command{
		Use:   "score",
		Short: "Points of a vehicle's driving, line by line",
		Long: `score counts harsh braking, acceleration and cornering, over-revving, idling, speeding and serious codes that were
driven on with, over the trips that are kept, and says per 100 km what each costs. Lines that were not measured take no points
and are named. Rates of few km are drawn towards usual ones, or with --peers towards those of all vehicles that are
kept, so that few km neither win nor lose. It is the vehicle's score: who drove is not known unless you say so.

No data with judged driving exist, so the points compare drivers by one stated tariff and prove nothing about safety.`,
		Example: `  obdctl driver score --vehicle focus --since 90d
  obdctl driver score --vehicle 'B OB 2026' --peers --badges --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if vehicle == "" {
				return errs.New(errs.Usage, "whose driving is not said").WithHint("name a vehicle by --vehicle; 'obdctl vehicle list' shows all")
			}
			limits, err := l.limits()
			if err != nil {
				return err
			}
			doc, v, err := a.scoreOf(cmd.Context(), vehicle, since, until, peers, badges, limits)
			if err != nil {
				return err
			}
			doc.Score.Driver = who
			if a.flags.json {
				return writeJSON(a.out, doc)
			}
			return a.show(text.Score(doc.Score, doc.Badges, doc.Peers, v.Title(), a.textOptions(false)))
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().StringVar(&vehicle, "vin", "", "the same")
	cmd.Flags().StringVar(&who, "driver", "", "`NAME` to write over the score")
	cmd.Flags().BoolVar(&peers, "peers", false, "learn what is usual from all vehicles that are kept")
	cmd.Flags().BoolVar(&badges, "badges", false, "say which badges were earned; only for drivers who want that")
	stretchFlags(cmd, &since, &until)
	l.add(cmd)
	return cmd
}

// scoreOf reads the trips and scores them.
func (a *app) scoreOf(ctx context.Context, vehicle, since, until string, peers, badges bool, l score.Limits) (doc scoreDocument, v fleet.Vehicle, err error) {
	from, to, err := a.stretch(since, until)
	if err != nil {
		return doc, v, err
	}
	book, err := a.book(ctx)
	if err != nil {
		return doc, v, err
	}
	doc.Schema = "obdctl.score/1"
	usual := score.Usual()
	err = a.view(ctx, func(tx store.Tx) error {
		if v, err = oneVehicle(ctx, tx, vehicle); err != nil {
			return err
		}
		drives, err := drivesOf(ctx, tx, v, from, to, book, l)
		if err != nil {
			return err
		}
		if peers {
			if usual, err = peerRates(ctx, tx, from, to, book, l); err != nil {
				return err
			}
			doc.Peers = usual[score.Speeding].Drivers
		}
		doc.Score = score.Make(drives, usual, l)
		doc.Score.VehicleID = v.ID
		if badges {
			doc.Badges = score.Badges(drives, usual, doc.Score)
		}
		return nil
	})
	return doc, v, err
}

// peerRates are what is usual among all vehicles that are kept.
func peerRates(ctx context.Context, tx store.Tx, from, to time.Time, book *dtc.Book, l score.Limits) (score.Fleet, error) {
	vehicles, err := everyVehicle(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all [][]score.Drive
	for _, v := range vehicles {
		drives, err := drivesOf(ctx, tx, v, from, to, book, l)
		if err != nil {
			return nil, err
		}
		all = append(all, drives)
	}
	return score.Learn(all), nil
}
