package trend_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/trend"
)

var day0 = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// series makes one result each week whose margin is f(week).
func series(weeks int, f func(week int) float64) []fleet.TestPoint {
	var list []fleet.TestPoint
	for w := range weeks {
		m, mid := f(w), uint8(0x21)
		list = append(list, fleet.TestPoint{At: day0.Add(time.Duration(w) * 7 * day), Test: obd.MonitorTest{
			ECU: 0x7E8, MID: &mid, TID: 0x80, Name: "Catalyst bank 1", Margin: &m, Passed: m >= 0,
		}})
	}
	return list
}

func now(weeks int) time.Time { return day0.Add(time.Duration(weeks) * 7 * day) }

func TestASteadyDeclineIsForetold(t *testing.T) {
	noise := rand.New(rand.NewPCG(1, 2))
	points := series(20, func(w int) float64 { return 0.5 - 0.02*float64(w) + 0.01*noise.NormFloat64() })
	all := trend.Margins(points, now(20))
	if len(all) != 1 {
		t.Fatalf("%d forecasts", len(all))
	}
	f := all[0]
	truth := day0.Add(25 * 7 * day) // 0.5 / 0.02
	if f.Earliest.After(truth) || f.Latest == nil || f.Latest.Before(truth) || f.Points != 20 {
		t.Errorf("%s to %v does not hold %s", f.Earliest, f.Latest, truth)
	}
	if d := f.Reaches.Sub(truth).Abs(); d > 14*day {
		t.Errorf("reaches %s, off by %s", f.Reaches, d)
	}
	if math.Abs(f.PerMonth+0.087) > 0.01 || f.PerMonthInterval[0] > f.PerMonth || f.PerMonthInterval[1] < f.PerMonth {
		t.Errorf("%g %v", f.PerMonth, f.PerMonthInterval)
	}
}

func TestTheIntervalHoldsTheTruthAsOftenAsItSays(t *testing.T) {
	noise := rand.New(rand.NewPCG(7, 7))
	spoken, held := 0, 0
	truth := day0.Add(30 * 7 * day)
	for range 400 {
		points := series(20, func(w int) float64 { return 0.6 - 0.02*float64(w) + 0.02*noise.NormFloat64() })
		for _, f := range trend.Margins(points, now(20)) {
			spoken++
			if !f.Earliest.After(truth) && (f.Latest == nil || !f.Latest.Before(truth)) {
				held++
			}
		}
	}
	if share := float64(held) / float64(spoken); spoken < 390 || share < 0.92 || share > 0.98 {
		t.Errorf("%d of %d intervals hold the truth", held, spoken)
	}
}

func TestItIsSilentWhereTheDataDoNotAllowIt(t *testing.T) {
	noise := rand.New(rand.NewPCG(3, 4))
	for name, points := range map[string][]fleet.TestPoint{
		"too few":            series(5, func(w int) float64 { return 0.5 - 0.05*float64(w) }),
		"steady":             series(30, func(int) float64 { return 0.4 + 0.02*noise.NormFloat64() }),
		"constant":           series(30, func(int) float64 { return 0.4 }),
		"rising":             series(30, func(w int) float64 { return 0.1 + 0.01*float64(w) }),
		"far ahead":          series(10, func(w int) float64 { return 0.9 - 0.01*float64(w) }),
		"fails already":      series(10, func(w int) float64 { return 0.2 - 0.05*float64(w) }),
		"all on one morning": series(0, nil),
		"just repaired": series(22, func(w int) float64 {
			if w >= 18 {
				return 0.6
			}
			return 0.5 - 0.025*float64(w)
		}),
	} {
		if all := trend.Margins(points, now(len(points))); len(all) != 0 {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

func TestARepairBeginsANewLine(t *testing.T) {
	points := series(30, func(w int) float64 {
		if w < 15 {
			return 0.5 - 0.03*float64(w)
		}
		return 0.6 - 0.03*float64(w-15)
	})
	all := trend.Margins(points, now(30))
	if len(all) != 1 || all[0].Points != 15 {
		t.Fatalf("%+v", all)
	}
}

func TestHostileNumbersAreLeftOut(t *testing.T) {
	points := series(20, func(w int) float64 { return []float64{math.NaN(), math.Inf(1), 0.5 - 0.02*float64(w)}[w%3] })
	trend.Margins(points, now(20))
	same := series(20, func(w int) float64 { return 0.5 - 0.02*float64(w) })
	for i := range same {
		same[i].At = day0
	}
	if all := trend.Margins(same, now(1)); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}
