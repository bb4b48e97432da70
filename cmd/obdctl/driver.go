package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/score"
)

func (a *app) driver() *cobra.Command {
	cmd := &cobra.Command{Use: "driver", Short: "How vehicles are driven: scores, badges, leaderboard", Args: cobra.NoArgs}
	cmd.AddCommand(a.driverScore(), a.driverBoard())
	return cmd
}

// driverLimits are the fleet's own limits.
type driverLimits struct {
	rpm, kmh, brake, start, corner float64
	idle, grace                    time.Duration
}

func (l *driverLimits) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Float64Var(&l.rpm, "max-rpm", 4500, "engine `SPEED` that is too high; -1 leaves the line out")
	f.Float64Var(&l.kmh, "max-kmh", 130, "`SPEED` that is too high anywhere, in km/h; the limit of a road is not known")
	f.Float64Var(&l.brake, "harsh-brake", 3, "`DECELERATION` that is harsh, in m/s²")
	f.Float64Var(&l.start, "harsh-start", 2.5, "`ACCELERATION` that is harsh, in m/s²")
	f.Float64Var(&l.corner, "harsh-corner", 3, "`ACCELERATION` sideways that is harsh, in m/s²")
	f.DurationVar(&l.idle, "idle", time.Minute, "`TIME` of standing with the engine running that is no light or queue")
	f.DurationVar(&l.grace, "grace", 24*time.Hour, "`TIME` after a serious code was seen, until driving on is ignoring it")
}

// limits refuses what is no limit.
func (l *driverLimits) limits() (score.Limits, error) {
	for name, v := range map[string]float64{"max-rpm": l.rpm, "max-kmh": l.kmh, "harsh-brake": l.brake, "harsh-start": l.start,
		"harsh-corner": l.corner, "idle": l.idle.Seconds(), "grace": l.grace.Seconds()} {
		if !(v > 0) && v != -1 || v > 1e9 {
			return score.Limits{}, errs.New(errs.Usage, "--%s: no limit can be %g", name, v).WithHint("give a number above 0, or -1 to leave the line out (-1s for a time)")
		}
	}
	return score.Limits{RPM: l.rpm, Kmh: l.kmh, BrakeMS2: l.brake, StartMS2: l.start, CornerMS2: l.corner, Idle: l.idle, Grace: l.grace}, nil
}
