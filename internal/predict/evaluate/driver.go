package evaluate

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/score"
)

const unlabelled = "no label of driving quality exists: this is whether a score repeats, not whether it is right"

// Drivers measures how far scores repeat from trip to trip.
func Drivers(dir string) ([]Figure, error) {
	five, err := readTrips5(filepath.Join(dir, "obd_trips5", "trips_first7.csv.gz"))
	if err != nil {
		return nil, err
	}
	out := []Figure{tripSpread(five), oddEven(five)}
	route, err := readRoute(filepath.Join(dir, "obd_drivers", "drivers_s1-s14.csv.gz"))
	if err != nil {
		return nil, err
	}
	return append(out, scorable(route)), nil
}

// driver is one person's drives.
type driver struct {
	name   string
	drives []score.Drive
}

// tripSpread is the share of the scatter of harsh events per km between trips that is between drivers (ICC(1), one-way random
// effects: P. Shrout, J. Fleiss, "Intraclass correlations", 1979).
func tripSpread(all []driver) Figure {
	var who []string
	var rate []float64
	for _, d := range all {
		for _, trip := range d.drives {
			b, s := trip.Counts[score.Braking], trip.Counts[score.Starting]
			if b.Km > 0 {
				who, rate = append(who, d.name), append(rate, math.Log1p(100*(b.N+s.N)/b.Km))
			}
		}
	}
	value, low, high := intraclass(who, rate)
	return Figure{Model: "driver score", Data: "obd_trips5 (5 drivers, 35 trips)", Split: "one trip against the others of its driver",
		Metric: "intraclass correlation of harsh events per 100 km", Value: value, Low: low, High: high, Target: math.NaN(), Better: Higher,
		Note: unlabelled + "; each driver has a car and roads of their own, which repeat too"}
}

// intraclass is ICC(1) with its exact interval of 95 % by the F distribution, for groups of about one size.
func intraclass(who []string, v []float64) (value, low, high float64) {
	groups := map[string][]float64{}
	for i, x := range v {
		groups[who[i]] = append(groups[who[i]], x)
	}
	n, k := float64(len(v)), float64(len(groups))
	if k < 2 || n <= k {
		return math.NaN(), math.NaN(), math.NaN()
	}
	grand := stat.Mean(v, nil)
	var between, within, squares float64
	for _, name := range sortedNames(groups) {
		g := groups[name]
		m := stat.Mean(g, nil)
		between += float64(len(g)) * (m - grand) * (m - grand)
		squares += float64(len(g) * len(g))
		for _, x := range g {
			within += (x - m) * (x - m)
		}
	}
	f := between / (k - 1) / (within / (n - k))
	size := (n - squares/n) / (k - 1)
	icc := func(f float64) float64 { return (f - 1) / (f + size - 1) }
	return icc(f), icc(f / distuv.F{D1: k - 1, D2: n - k}.Quantile(0.975)), icc(f * distuv.F{D1: n - k, D2: k - 1}.Quantile(0.975))
}

func sortedNames(groups map[string][]float64) []string {
	var names []string
	for n := range groups {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// oddEven is how far the points of a driver's odd and even trips are apart.
func oddEven(all []driver) Figure {
	return apart(all, "obd_trips5 (5 drivers, 35 trips)", "odd against even trips of each driver", func(i, _ int) bool { return i%2 == 0 })
}

// scorable is how many drivers of a set are told a score at all, and which lines theirs has.
func scorable(all []driver) Figure {
	lines, told, most := map[string]bool{}, 0, 0.0
	for _, d := range all {
		s := score.Make(d.drives, score.Usual(), score.Limits{})
		if s.Points != nil {
			told++
		}
		most = max(most, s.Km)
		for _, trip := range d.drives {
			for id := range trip.Counts {
				lines[id] = true
			}
		}
	}
	low, high := clopperPearson(told, len(all))
	return Figure{Model: "driver score", Data: "obd_drivers (14 drivers, one car, one route)", Split: "nothing was learned",
		Metric: "share of drivers who are told a score", Value: float64(told) / float64(len(all)), Low: low, High: high, Target: math.NaN(), Better: Higher,
		Note: fmt.Sprintf("%s; at most %.0f km each, a speed every 4 to 6 s: harsh events cannot be told, the lines are %s", unlabelled, most, names(lines))}
}

func apart(all []driver, data, how string, first func(i, n int) bool) Figure {
	var a, b []float64
	lines := map[string]bool{}
	for _, d := range all {
		var one, two []score.Drive
		for i, trip := range d.drives {
			for id := range trip.Counts {
				lines[id] = true
			}
			if first(i, len(d.drives)) {
				one = append(one, trip)
			} else {
				two = append(two, trip)
			}
		}
		x, y := score.Make(one, score.Usual(), score.Limits{}), score.Make(two, score.Usual(), score.Limits{})
		if x.Points == nil || y.Points == nil {
			continue
		}
		a, b = append(a, *x.Points), append(b, *y.Points)
	}
	i := metric.Bootstrap(rowsOf(a), 1000, 0.95, 1, metric.Of(metric.MAE, a, b))
	spread := math.NaN()
	if len(a) > 1 {
		spread = stat.StdDev(a, nil)
	}
	return Figure{Model: "driver score", Data: data, Split: how, Metric: "mean difference of the two scores, points",
		Value: metric.MAE(a, b), Low: i.Low, High: i.High, Target: math.NaN(), Better: Lower,
		Note: fmt.Sprintf("%s; %d drivers, whose scores scatter by %.1f points; lines that could be measured: %s", unlabelled, len(a), spread, names(lines))}
}

func rowsOf(v []float64) []int {
	rows := make([]int, len(v))
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func names(set map[string]bool) string {
	var all []string
	for n := range set {
		all = append(all, n)
	}
	slices.Sort(all)
	return fmt.Sprint(all)
}

// driveOf watches readings that stand for one trip.
func driveOf(readings []obd.Reading) score.Drive {
	t := fleet.Trip{Start: readings[0].At, End: readings[len(readings)-1].At}
	var last obd.Reading
	for _, r := range readings {
		if r.Signal == "VSS" {
			if !last.At.IsZero() && r.At.Sub(last.At) < 10*time.Second {
				t.DistanceKm += (r.Value + last.Value) / 2 * r.At.Sub(last.At).Hours()
			}
			last = r
		}
	}
	return score.Watch(t, slices.Values(readings), nil, false, score.Limits{})
}
