package evaluate_test

import (
	"compress/gzip"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/evaluate"
)

// put writes one file of a made-up set, gzipped where its name says so.
func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !strings.HasSuffix(name, ".gz") {
		fmt.Fprint(f, text)
		return
	}
	z := gzip.NewWriter(f)
	fmt.Fprint(z, text)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// padSet makes vehicles whose pads wear by a scale of their own.
func padSet(first, last int) string {
	r := rand.New(rand.NewPCG(uint64(first), 1))
	var b strings.Builder
	b.WriteString("vehicle,fleet,odometer_km,km_since_pads,vehicle_mass_kg,n_brake,hard_brakes,stops,brake_work_kj_per_kg,brake_pressure_mean_rel,mean_speed_braking_kmh,wear_pct\n")
	for v := first; v <= last; v++ {
		scale, mass := 0.03*math.Exp(0.2*r.NormFloat64()), 1200+800*r.Float64()
		for i := 1; i <= 12; i++ {
			km := 3000 * float64(i)
			work := 0.06 * km * (0.9 + 0.2*r.Float64())
			wear := min(100, max(0, scale*work*mass/1000+1.2*r.NormFloat64()))
			fmt.Fprintf(&b, "V%03d,x,%g,%g,%g,1,%g,%g,%g,1,40,%.2f\n", v, km+1000, km, mass, km/10, km/2, work, wear)
		}
	}
	return b.String()
}

func TestPadsOfAMadeUpSetAreForetold(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "brake_wear_semi/vehicles_001-120.csv.gz", padSet(1, 40))
	figures, err := evaluate.Brake(dir)
	if err != nil || len(figures) != 5 {
		t.Fatalf("%d figures, %v", len(figures), err)
	}
	f, fleet := figures[0], figures[2]
	if !f.Met || f.Value > 5 || f.Value < 1 || f.Low > f.Value || f.High < f.Value || fleet.Value < 2*f.Value {
		t.Errorf("%s\n%s", f, fleet)
	}
	put(t, dir, "brake_wear_semi/vehicles_121-160.csv.gz", padSet(121, 140))
	if figures, err = evaluate.Brake(dir); err != nil || len(figures) != 6 || !figures[5].Met {
		t.Errorf("%d figures, %v", len(figures), err)
	}
	forest, err := evaluate.BrakeForest(t.Context(), dir)
	if err != nil || len(forest) != 2 || forest[1].Value > 5 {
		t.Errorf("%v %v", forest, err)
	}
}

func TestAMissingSetSaysSo(t *testing.T) {
	if _, err := evaluate.Brake(t.TempDir()); err == nil || !strings.Contains(err.Error(), "vehicles_001-120.csv.gz") {
		t.Error(err)
	}
	dir := t.TempDir()
	put(t, dir, "brake_wear_semi/vehicles_001-120.csv.gz", "vehicle,wear_pct\nV1,5\n")
	if _, err := evaluate.Brake(dir); err == nil || !strings.Contains(err.Error(), `no column "km_since_pads"`) {
		t.Error(err)
	}
}

func TestHarshManoeuvresOfAMadeUpTrip(t *testing.T) {
	dir := t.TempDir()
	for _, trip := range []string{"trip17", "trip20"} {
		var b strings.Builder
		b.WriteString("t_s,lin_x,lin_y\n")
		for i := range 2500 {
			s, a := float64(i)/25, 0.3
			switch {
			case s > 20 && s < 23:
				a = -4.5 // labelled braking
			case s > 50 && s < 53:
				a = 1.5 // labelled calm
			case s > 80 && s < 83:
				a = 4 // not labelled
			}
			fmt.Fprintf(&b, "%g,%g,0\n", s, a)
		}
		put(t, dir, "driver_events/"+trip+"_25hz.csv.gz", b.String())
		put(t, dir, "driver_events/"+trip+"_events.csv", "event,start_s,end_s\naggr_braking,20,23\nnon_aggressive,50,53\naggr_left_turn,60,63\naggr_acceleration,70,73\n")
	}
	figures, err := evaluate.DriverEvents(dir)
	if err != nil || len(figures) != 6 {
		t.Fatalf("%d figures, %v", len(figures), err)
	}
	for i, want := range []float64{0, 2.0 / 6, 1, 0, 0} {
		if figures[i].Value != want {
			t.Errorf("%s, want %g", figures[i], want)
		}
	}
	if alarms := figures[5].Value; alarms < 40 || alarms > 60 { // one each in 79 s
		t.Errorf("%g alarms an hour", alarms)
	}
}
