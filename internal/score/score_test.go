package score_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/score"
)

var monday = time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)

// road writes the readings of one trip, second by second.
type road struct {
	now  time.Time
	step time.Duration
	list []obd.Reading
}

func newRoad() *road { return &road{now: monday, step: time.Second} }

func (r *road) put(signal string, v float64) {
	r.list = append(r.list, obd.Reading{At: r.now, Signal: signal, Value: v})
}

// drive goes on at the speeds, each for one step, with the engine at rpm.
func (r *road) drive(rpm float64, kmh ...float64) *road {
	for _, v := range kmh {
		r.put("VSS", v)
		r.put("RPM", rpm)
		r.now = r.now.Add(r.step)
	}
	return r
}

func hold(kmh float64, seconds int) []float64 { return slices.Repeat([]float64{kmh}, seconds) }

// watch counts, with the distance that the speeds make.
func (r *road) watch(l score.Limits) score.Drive {
	t := fleet.Trip{Start: monday, End: r.now, DistanceKm: 10}
	return score.Watch(t, slices.Values(r.list), nil, false, l)
}

func TestEachHabitIsCountedOnce(t *testing.T) {
	r := newRoad().drive(2000, hold(60, 300)...).
		drive(2000, 60, 48, 36, 24, 12, 0).          // 3.3 m/s2
		drive(800, hold(0, 180)...).                 // 2 minutes beyond the first
		drive(3000, 0, 11, 22, 33, 44, 50).          // 3 m/s2
		drive(2500, hold(50, 100)...).               //
		drive(5200, hold(50, 20)...).                // once too high
		drive(2500, 50, 46, 42, 38, 34, 38, 42, 46). // gentle
		drive(3000, hold(140, 181)...)               // an impossible jump, and 7 km too fast
	d := r.watch(score.Limits{})
	for id, want := range map[string]float64{score.Braking: 1, score.Starting: 1, score.OverRev: 1, score.Idling: 2, score.Speeding: 7} {
		if got := d.Counts[id].N; math.Abs(got-want) > 0.1 {
			t.Errorf("%s: %g, want %g", id, got, want)
		}
	}
	if _, ok := d.Counts[score.Cornering]; ok {
		t.Error("cornering was not measured")
	}
	if _, ok := d.Counts[score.Ignoring]; ok {
		t.Error("a vehicle that was never scanned ignores no codes")
	}
}

func TestMilesPerHourAreTurned(t *testing.T) {
	r := newRoad().drive(2000, hold(100, 300)...)
	for i := range r.list {
		if r.list[i].Signal == "VSS" {
			r.list[i].Unit = "[mi_i]/h" // 161 km/h
		}
	}
	if c := r.watch(score.Limits{}).Counts[score.Speeding]; c.N < 13 {
		t.Errorf("%+v", c)
	}
}

func TestASlowLineTellsNoHarshBraking(t *testing.T) {
	r := newRoad()
	r.step = 4 * time.Second
	r.drive(2000, hold(60, 200)...).drive(2000, 60, 0, 0)
	d := r.watch(score.Limits{})
	if c, ok := d.Counts[score.Braking]; ok {
		t.Errorf("%+v", c)
	}
	if c := d.Counts[score.Speeding]; c.Km < 10 || c.N != 0 {
		t.Errorf("%+v", c)
	}
	s := score.Make([]score.Drive{d, d, d}, score.Usual(), score.Limits{})
	if !slices.ContainsFunc(s.Missing, func(m string) bool { return strings.HasPrefix(m, "harsh_braking: vehicle speed") }) {
		t.Errorf("%q", s.Missing)
	}
}

func TestRoundingAtTenHertzIsNotHarsh(t *testing.T) {
	r := newRoad()
	r.step = 100 * time.Millisecond
	for i := range 6000 {
		r.drive(2000, 50+float64(i%2))
	}
	if d := r.watch(score.Limits{}); d.Counts[score.Braking].N+d.Counts[score.Starting].N != 0 || d.Counts[score.Braking].Km < 5 {
		t.Errorf("%+v", d.Counts)
	}
}

func TestCornersByRotationAndBySensor(t *testing.T) {
	for signal, value := range map[string]float64{"ACC_LAT": 4, "GYRO_Z": 4 / (50 / 3.6) * 180 / math.Pi} {
		r := newRoad()
		r.step = 100 * time.Millisecond
		for i := range 6000 {
			v := 0.0
			if i > 3000 && i < 3020 || i > 4000 && i < 4003 { // two seconds, and a bump
				v = value
			}
			r.put(signal, v)
			r.drive(2000, 50)
		}
		if c := r.watch(score.Limits{}).Counts[score.Cornering]; c.N != 1 || c.Km < 5 {
			t.Errorf("%s: %+v", signal, c)
		}
	}
}

func TestDrivingOnWithASeriousCodeCosts(t *testing.T) {
	gone := monday.Add(72 * time.Hour)
	p0300 := []score.Code{{Code: "P0300", Seen: monday, Gone: &gone}}
	for hours, want := range map[int]float64{2: 0, 30: 40, 80: 0} {
		start := monday.Add(time.Duration(hours) * time.Hour)
		trip := fleet.Trip{Start: start, End: start.Add(time.Hour), DistanceKm: 40}
		d := score.Watch(trip, slices.Values([]obd.Reading(nil)), p0300, true, score.Limits{})
		if c := d.Counts[score.Ignoring]; c.N != want || c.Km != 40 {
			t.Errorf("after %d h: %+v", hours, c)
		}
	}
}

// drives makes trips of 10 km with so many harsh brakings per 100 km.
func drives(r *rand.Rand, n int, rate float64) []score.Drive {
	var out []score.Drive
	for i := range n {
		k := 0.0
		for range 100 { // binomial, near to Poisson
			if r.Float64() < rate/1000 {
				k++
			}
		}
		at := monday.Add(time.Duration(i) * 12 * time.Hour)
		c := map[string]score.Count{}
		for _, id := range []string{score.Starting, score.OverRev, score.Idling, score.Speeding} {
			c[id] = score.Count{Km: 10}
		}
		c[score.Braking] = score.Count{N: k, Km: 10}
		out = append(out, score.Drive{Start: at, End: at.Add(time.Hour), Km: 10, Counts: c})
	}
	return out
}

func TestPointsAddUpAndEachLineSaysWhy(t *testing.T) {
	s := score.Make(drives(rand.New(rand.NewPCG(1, 1)), 30, 6), score.Usual(), score.Limits{})
	sum := 100.0
	for _, l := range s.Lines {
		sum -= l.Points
		if l.Why == "" || l.Missing != "" != (l.Per100Km == nil) {
			t.Errorf("%+v", l)
		}
	}
	if math.Abs(sum-*s.Points) > 1e-9 || s.Interval.Low > *s.Points || s.Interval.High < *s.Points || len(s.Lines) != 7 {
		t.Errorf("%g, lines leave %g, %+v", *s.Points, sum, s.Interval)
	}
	if l := s.Lines[0]; l.ID != score.Braking || !strings.Contains(l.Why, "m/s²") || !strings.Contains(l.Why, "per 100 km") {
		t.Errorf("%+v", l)
	}
	if len(s.Missing) != 2 {
		t.Errorf("%q", s.Missing)
	}
}

func TestTheIntervalHoldsWhatMoreDrivingTells(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	f := score.Usual()
	for id, p := range f { // as these drivers are: the prior must be theirs
		p.Mean = 0
		f[id] = p
	}
	f[score.Braking] = score.Prior{Mean: 5, Weight: 2, Clumped: 1}
	held := 0
	for range 200 {
		rate := max(5+1.58*r.NormFloat64(), 0.5) // about the prior's gamma distribution
		s := score.Make(drives(r, 20, rate), f, score.Limits{})
		truth := *score.Make(drives(r, 1000, rate), f, score.Limits{}).Points
		if s.Interval.Low <= truth && truth <= s.Interval.High {
			held++
		}
	}
	if held < 184 {
		t.Errorf("%d of 200 intervals of 95 %% hold", held)
	}
}

func TestFewKmNeitherWinNorLose(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var all [][]score.Drive
	for range 12 {
		all = append(all, drives(r, 60, 5*math.Exp(0.4*r.NormFloat64())))
	}
	f := score.Learn(all)
	if p := f[score.Braking]; p.Drivers != 12 || math.Abs(p.Mean-5) > 1.5 {
		t.Fatalf("%+v", p)
	}
	lucky, unlucky := drives(r, 3, 0), drives(r, 3, 0)
	unlucky[0].Counts[score.Braking] = score.Count{N: 6, Km: 10} // 20 per 100 km
	good, bad := drives(r, 100, 1), drives(r, 100, 15)
	points := func(d []score.Drive) float64 { return *score.Make(d, f, score.Limits{}).Points }
	if !(points(bad) < points(unlucky) && points(unlucky) < points(lucky) && points(lucky) < points(good)) {
		t.Errorf("bad %g, unlucky %g, lucky %g, good %g", points(bad), points(unlucky), points(lucky), points(good))
	}
	board := score.Board([]score.Entrant{
		{"lucky", true, score.Make(lucky, f, score.Limits{})}, {"good", true, score.Make(good, f, score.Limits{})},
		{"bad", true, score.Make(bad, f, score.Limits{})}, {"private", false, score.Make(good, f, score.Limits{})},
	}, 0)
	if len(board) != 2 || board[0].Who != "good" || board[1].Who != "bad" || board[1].Rank != 2 {
		t.Errorf("%+v", board)
	}
}

func TestWhoCannotBeToldApartSharesARank(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var all []score.Entrant
	for i := range 5 {
		all = append(all, score.Entrant{Who: fmt.Sprint(i), In: true, Score: score.Make(drives(r, 40, 5), score.Usual(), score.Limits{})})
	}
	for _, s := range score.Board(all, 0) {
		if s.Rank != 1 {
			t.Errorf("%+v", s)
		}
	}
}

func TestWeeksMakeATrendOnlyBeyondChance(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var better []score.Drive
	for w := range 12 {
		for _, d := range drives(r, 14, 12-float64(w)) {
			d.Start, d.End = d.Start.AddDate(0, 0, 7*w), d.End.AddDate(0, 0, 7*w)
			better = append(better, d)
		}
	}
	s := score.Make(better, score.Usual(), score.Limits{})
	if len(s.Weeks) != 12 || !s.Weeks[0].Start.Equal(monday.Truncate(24*time.Hour)) || s.Trend == nil || s.Trend.Verdict != "better" {
		t.Fatalf("%d weeks, %+v", len(s.Weeks), s.Trend)
	}
	if !slices.ContainsFunc(score.Badges(better, score.Usual(), s), func(b fleet.Badge) bool { return b.ID == "getting_better" }) {
		t.Error("no badge for getting better")
	}
	steady := 0
	for range 50 {
		if s := score.Make(drives(r, 140, 5), score.Usual(), score.Limits{}); s.Trend.Verdict == "steady" {
			steady++
		}
	}
	if steady < 42 {
		t.Errorf("%d of 50 steady drivers are told so", steady)
	}
}

func TestABadgeNeedsMoreThanLuck(t *testing.T) {
	f := score.Usual() // 2 per 100 km: 150 km
	r := rand.New(rand.NewPCG(6, 6))
	for n, want := range map[int]bool{10: false, 20: true} {
		d := drives(r, n, 0)
		got := slices.ContainsFunc(score.Badges(d, f, score.Make(d, f, score.Limits{})), func(b fleet.Badge) bool { return b.ID == "smooth_braking" })
		if got != want {
			t.Errorf("%d km: badge %v", 10*n, got)
		}
	}
}

func TestNoScoreOutOfNothing(t *testing.T) {
	hostile := newRoad()
	for i := range 1000 {
		hostile.put("VSS", []float64{math.NaN(), -5, 900, math.Inf(1)}[i%4])
		hostile.put("RPM", []float64{math.NaN(), -1, 1e7}[i%3])
		hostile.put("ACC_LAT", []float64{math.Inf(-1), 1e9}[i%2])
		hostile.now = hostile.now.Add(time.Second)
	}
	five := newRoad().drive(2000, 50, 51, 52, 53, 54)
	for name, all := range map[string][]score.Drive{"nothing": nil, "hostile": {hostile.watch(score.Limits{})}, "five readings": {five.watch(score.Limits{})}} {
		s := score.Make(all, score.Usual(), score.Limits{})
		if s.Points != nil || len(s.Missing) == 0 {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestALineIsSwitchedOff(t *testing.T) {
	r := newRoad().drive(2000, hold(150, 300)...)
	if _, ok := r.watch(score.Limits{Kmh: -1}).Counts[score.Speeding]; ok {
		t.Error("speeding is counted without a limit")
	}
}

func TestASavedFleetComesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var all [][]score.Drive
	for range 6 {
		all = append(all, drives(r, 30, 4))
	}
	f := score.Learn(all)
	var b bytes.Buffer
	if err := f.Save(&b); err != nil {
		t.Fatal(err)
	}
	back, err := score.LoadFleet(&b)
	if err != nil || back[score.Braking] != f[score.Braking] || len(back) != 7 {
		t.Errorf("%+v %v", back, err)
	}
}

func FuzzLoadFleet(f *testing.F) {
	f.Add([]byte(`{"version":1,"lines":{"harsh_braking":{"mean":2,"weight":1,"drivers":5,"clumping":1}}}`))
	f.Add([]byte(`{"version":1,"lines":{"harsh_braking":{"mean":-1}}}`))
	f.Add([]byte(`[]`))
	d := drives(rand.New(rand.NewPCG(1, 1)), 5, 5)
	f.Fuzz(func(t *testing.T, data []byte) {
		rates, err := score.LoadFleet(bytes.NewReader(data))
		if err != nil {
			return
		}
		s := score.Make(d, rates, score.Limits{})
		if !(*s.Points >= 0 && *s.Points <= 100) {
			t.Errorf("%g points", *s.Points)
		}
	})
}

func FuzzWatch(f *testing.F) {
	f.Add([]byte{0, 50, 0, 60, 1, 90, 2, 4})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newRoad()
		signals := score.Signals()
		for i := 0; i+1 < len(data); i += 2 {
			r.put(signals[int(data[i])%len(signals)], float64(data[i+1])*3-100)
			r.now = r.now.Add(time.Duration(data[i]) * 20 * time.Millisecond)
		}
		for id, c := range r.watch(score.Limits{}).Counts {
			if !(c.N >= 0 && c.Km >= 0) || math.IsInf(c.N+c.Km, 0) {
				t.Errorf("%s: %+v", id, c)
			}
		}
	})
}
