package unit_test

import (
	"math"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog/unit"
)

func TestImperial(t *testing.T) {
	rows := []struct {
		value float64
		code  string
		want  float64
		unit  string
	}{
		{100, "Cel", 212, "[degF]"},
		{-40, "Cel", -40, "[degF]"},
		{160.9344, "km/h", 100, "[mi_i]/h"},
		{1.609344, "km", 1, "[mi_i]"},
		{100, "kPa", 14.503774, "[psi]"},
		{1, "bar", 14.503774, "[psi]"},
		{3.785411784, "L/h", 1, "[gal_us]/h"},
		{100, "N.m", 73.756215, "[ft_i].[lbf_av]"},
		{1, "g/s", 0.132277, "[lb_av]/min"},
		{12.6, "V", 12.6, "V"},
		{7, "", 7, ""},
	}
	for _, row := range rows {
		got, code := unit.Imperial(row.value, row.code)
		if math.Abs(got-row.want) > 1e-6*math.Max(1, math.Abs(row.want)) || code != row.unit {
			t.Errorf("%v %s = %v %s, want %v %s", row.value, row.code, got, code, row.want, row.unit)
		}
		if !unit.Known(code) {
			t.Errorf("%s is not a known unit", code)
		}
	}
}

func TestSymbol(t *testing.T) {
	for code, want := range map[string]string{"Cel": "°C", "/min": "rpm", "mg/{stroke}": "mg/stroke", "": "", "furlong": "furlong"} {
		if got := unit.Symbol(code); got != want {
			t.Errorf("Symbol(%q) = %q, want %q", code, got, want)
		}
	}
	if code, ok := unit.FromSymbol("°C"); !ok || code != "Cel" {
		t.Errorf("FromSymbol(°C) = %q, %v", code, ok)
	}
	if unit.Known("furlong") {
		t.Error("furlong is known")
	}
}

func TestCodesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, u := range unit.All() {
		if seen[u.Code] || u.Name == "" {
			t.Errorf("unit %q stands twice or has no name", u.Code)
		}
		seen[u.Code] = true
	}
}
