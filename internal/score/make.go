package score

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/fleet"
)

// fewKm is the distance below which there is no score: a rate per 100 km from less would be the fleet's alone.
const fewKm = 20

// Make is the score of drives of one driver or vehicle, in any order, against the rates of a fleet.
func Make(drives []Drive, f Fleet, l Limits) fleet.Score {
	l = l.filled()
	drives = slices.Clone(drives)
	slices.SortFunc(drives, func(a, b Drive) int { return a.Start.Compare(b.Start) })
	out := fleet.Score{Trips: len(drives), Lines: []fleet.ScoreLine{}, Missing: []string{}, Weeks: []fleet.ScoreWeek{}}
	if len(drives) == 0 {
		out.Missing = append(out.Missing, "no trip was found in this time")
		return out
	}
	for _, d := range drives {
		out.Km += d.Km
		if d.End.After(out.Until) {
			out.Until = d.End
		}
	}
	out.From = drives[0].Start
	points, spread, measured := tariff(drives, f, l, &out)
	switch {
	case out.Km < fewKm:
		out.Missing = append(out.Missing, fmt.Sprintf("%.0f km were driven: below %d km there is no score", out.Km, fewKm))
	case !measured:
		out.Missing = append(out.Missing, "no line was measured")
	default:
		out.Points, out.Interval = &points, around(points, spread)
	}
	if out.Points != nil {
		out.Weeks = weeks(drives, f, l)
		out.Trend = trend(out.Weeks)
	}
	return out
}

// tariff fills in the lines and what is missing, and returns the points with their standard deviation.
func tariff(drives []Drive, f Fleet, l Limits, out *fleet.Score) (points, spread float64, measured bool) {
	points = 100
	variance := 0.0
	for _, r := range rules() {
		c := total(drives, r.id)
		line := fleet.ScoreLine{ID: r.id, Count: c.N, Unit: r.unit, Km: c.Km, Most: r.most}
		if c.Km < minKm {
			line.Missing, line.Why = r.lacks, "not measured, no points taken"
			out.Missing = append(out.Missing, r.id+": "+r.lacks)
			out.Lines = append(out.Lines, line)
			continue
		}
		measured = measured || r.id != Ignoring
		raw := c.N / c.Km * 100
		fair, sd := f[r.id].fair(c)
		if r.id == Ignoring {
			fair, sd = raw, 0 // a fault that was told is no chance
		}
		line.Per100Km, line.Fair = &raw, &fair
		line.Points = min(fair*r.each, r.most)
		line.Why = why(r, l, f[r.id], c, raw, fair, line.Points)
		out.Lines = append(out.Lines, line)
		points -= line.Points
		if line.Points < r.most {
			variance += sd * sd * r.each * r.each
		}
	}
	slices.SortStableFunc(out.Lines, func(a, b fleet.ScoreLine) int { return cmp.Compare(b.Points, a.Points) })
	return max(points, 0), math.Sqrt(variance), measured
}

// around is the interval of 95 % of points.
func around(points, spread float64) *fleet.Interval {
	return &fleet.Interval{Low: max(0, points-1.96*spread), High: min(100, points+1.96*spread), Level: 0.95}
}

// why writes how a line came to its points.
func why(r rule, l Limits, p Prior, c Count, raw, fair, points float64) string {
	what := map[string]string{
		Braking:   fmt.Sprintf("%s harder than %.1f m/s²", times(c.N, "braking"), l.BrakeMS2),
		Starting:  fmt.Sprintf("%s harder than %.1f m/s²", times(c.N, "acceleration"), l.StartMS2),
		Cornering: fmt.Sprintf("%s with more than %.1f m/s² sideways", times(c.N, "corner"), l.CornerMS2),
		OverRev:   fmt.Sprintf("%s above %.0f rpm", times(c.N, "time"), l.RPM),
		Idling:    fmt.Sprintf("%.1f min of standing with the engine running, beyond %.0f s each time", c.N, l.Idle.Seconds()),
		Speeding:  fmt.Sprintf("%.1f km above %.0f km/h", c.N, l.Kmh),
		Ignoring:  fmt.Sprintf("%.1f km driven with a serious code that was told more than %.0f h before", c.N, l.Grace.Hours()),
	}[r.id]
	text := fmt.Sprintf("%s in %.0f km: %.1f per 100 km", what, c.Km, raw)
	if math.Abs(fair-raw) >= 0.05 {
		others := fmt.Sprintf("others have %.1f", p.Mean)
		if p.Drivers == 0 {
			others = fmt.Sprintf("%.1f is usual", p.Mean)
		}
		text += fmt.Sprintf(", taken as %.1f because %s and few km say little", fair, others)
	}
	text += fmt.Sprintf("; %g points each", r.each)
	if points >= r.most {
		text += fmt.Sprintf(", at most %g", r.most)
	}
	return text
}

// times writes a count of a noun.
func times(n float64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%.0f %s", n, noun)
}
