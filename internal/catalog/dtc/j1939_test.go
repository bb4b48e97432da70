package dtc_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
)

func TestCodesOfTrucks(t *testing.T) {
	for _, code := range []string{"SPN 100 FMI 1", "spn:100/1", "spn100 fmi1", "100/1", "SPN 100 1"} {
		e := dtc.Builtin().Explain(code)
		if e.Code != "SPN 100 FMI 1" || !e.Known || e.Severity != "critical" || e.Description == "" {
			t.Errorf("%q: got %+v", code, e)
		}
	}
	for _, code := range []string{"SPN 600000 FMI 1", "SPN 100 FMI 32", "100 1", "0301", "P0301", "spn", "spn 1001"} {
		if _, _, ok := dtc.ParseSPN(code); ok {
			t.Errorf("%q is no code of SAE J1939", code)
		}
	}
	if e := dtc.Builtin().Explain("SPN 520200 FMI 31"); e.Known {
		t.Errorf("a maker's own parameter is not known: %+v", e)
	}
}
