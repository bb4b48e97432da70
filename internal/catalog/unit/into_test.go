package unit_test

import (
	"math"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog/unit"
)

func TestValuesOfForeignLogsComeIntoOurUnits(t *testing.T) {
	for _, c := range []struct {
		value    float64
		from, to string
		want     float64
	}{
		{60, "[mi_i]/h", "km/h", 96.56064}, {212, "[degF]", "Cel", 100}, {10, "m/s", "km/h", 36}, {12600, "mV", "V", 12.6},
		{0.5, "[g]", "m/s2", 4.903325}, {math.Pi, "rad/s", "deg/s", 180}, {7, "", "km/h", 7}, {7, "km/h", "km/h", 7}, {300, "K", "Cel", 26.85},
	} {
		if got, ok := unit.Into(c.value, c.from, c.to); !ok || math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%g %s is %g %s, want %g", c.value, c.from, got, c.to, c.want)
		}
	}
	for _, c := range [][2]string{{"kPa", "km/h"}, {"km/h", "V"}, {"furlong", "km"}} {
		if v, ok := unit.Into(1, c[0], c[1]); ok {
			t.Errorf("1 %s is %g %s", c[0], v, c[1])
		}
	}
}
