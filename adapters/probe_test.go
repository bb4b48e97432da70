package adapters_test

import (
	"encoding/json"
	"testing"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/card"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

func TestProbeIsRemembered(t *testing.T) {
	o := options()
	o.Cards = card.Box{Folder: t.TempDir()}
	address := "tcp://" + serve(t, "sim:?pace=0")
	report, err := adapters.Probe(t.Context(), address, o)
	if err != nil || report.Vehicle == nil {
		t.Fatalf("Probe: %+v, %v", report, err)
	}
	c, err := o.Cards.Load(card.Key(address, ""))
	if err != nil || c.Probed == nil || len(c.Capabilities) == 0 {
		t.Fatalf("card %+v, %v", c, err)
	}
	var kept elm327.Report
	if err := json.Unmarshal(c.Report, &kept); err != nil || kept.Capabilities.Claimed != report.Capabilities.Claimed {
		t.Errorf("kept report %+v, %v", kept, err)
	}
}
