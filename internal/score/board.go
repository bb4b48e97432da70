package score

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/fleet"
)

// Entrant is one who may stand on a leaderboard.
type Entrant struct {
	Who   string
	In    bool // has opted in; nobody is shown who has not
	Score fleet.Score
}

// BoardKm is the least distance of an entrant, when the caller names none.
const BoardKm = 100

// Board ranks those who opted in and drove at least the least distance. Points are drawn towards the fleet's already, so
// that few km do not win; who cannot be told from the first of a rank shares it.
func Board(all []Entrant, leastKm float64) []fleet.Standing {
	if leastKm <= 0 {
		leastKm = BoardKm
	}
	out := []fleet.Standing{}
	for _, e := range all {
		if e.In && e.Score.Km >= leastKm && e.Score.Points != nil {
			out = append(out, fleet.Standing{Who: e.Who, Points: *e.Score.Points, Interval: *e.Score.Interval, Km: e.Score.Km})
		}
	}
	slices.SortFunc(out, func(a, b fleet.Standing) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(b.Km, a.Km), cmp.Compare(a.Who, b.Who))
	})
	first := 0
	for i := range out {
		if !same(out[first], out[i]) {
			first = i
		}
		out[i].Rank = first + 1
	}
	return out
}

// same tells that chance explains the difference of two scores at 95 %.
func same(a, b fleet.Standing) bool {
	wide := func(s fleet.Standing) float64 { return (s.Interval.High - s.Interval.Low) / 2 }
	return math.Abs(a.Points-b.Points) <= math.Hypot(wide(a), wide(b))
}

// Badges are what a driver earned who opted in. A badge for doing without a habit needs so many km that the
// fleet's usual driver would have been seen at it with a chance of 95 %.
func Badges(drives []Drive, f Fleet, s fleet.Score) []fleet.Badge {
	out := []fleet.Badge{}
	if s.Points == nil {
		return out
	}
	for _, b := range []struct{ line, id, text string }{
		{Braking, "smooth_braking", "%.0f km without a harsh braking"},
		{Starting, "gentle_start", "%.0f km without a harsh acceleration"},
		{Cornering, "calm_corners", "%.0f km without a harsh corner"},
		{Speeding, "within_limits", "%.0f km within the fleet's speed limit"},
	} {
		c := total(drives, b.line)
		if p := f[b.line]; c.N == 0 && p.Mean > 0 && c.Km >= 100*3*p.Clumped/p.Mean {
			out = append(out, fleet.Badge{ID: b.id, At: s.Until, Text: fmt.Sprintf(b.text, c.Km)})
		}
	}
	if s.Trend != nil && s.Trend.Verdict == "better" {
		out = append(out, fleet.Badge{ID: "getting_better", At: s.Until, Text: fmt.Sprintf("%.1f points better each week over %d weeks", s.Trend.PerWeek, len(s.Weeks))})
	}
	if s.Interval.Low >= 90 {
		out = append(out, fleet.Badge{ID: "ninety", At: s.Until, Text: fmt.Sprintf("above 90 points over %.0f km, by more than chance", s.Km)})
	}
	return out
}
