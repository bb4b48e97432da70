package catalog_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestFind(t *testing.T) {
	cat := catalog.Builtin()
	if c, s := cat.Find("rpm"); c == nil || c.ID != 0x0C || s.ID != "RPM" {
		t.Errorf("rpm: %v %v", c, s)
	}
	if c, s := cat.Find("NOTHING"); c != nil || s != nil {
		t.Errorf("NOTHING: %v %v", c, s)
	}
	if cat.Command(obd.ServiceFreezeFrame, 0x0C) != cat.Command(obd.ServiceCurrentData, 0x0C) {
		t.Error("service 02 does not share the PIDs of service 01")
	}
	if cat.Command(obd.ServiceReadByID, 0x0C) != nil {
		t.Error("service 22 has PID 0C")
	}
}

func TestWithKeepsTheFirstSignal(t *testing.T) {
	cat := catalog.Builtin().With(catalog.Command{Service: 0x22, ID: 1, IDBytes: 2, Signals: []catalog.Signal{{ID: "RPM"}, {ID: "DEMO"}}})
	if c, _ := cat.Find("RPM"); c.Service != obd.ServiceCurrentData {
		t.Error("a later signal took the canonical id")
	}
	if c, _ := cat.Find("DEMO"); c == nil {
		t.Error("the new signal is not found")
	}
	if c, _ := catalog.Builtin().Find("DEMO"); c != nil {
		t.Error("With changed the built-in catalogue")
	}
	if _, ok := cat.Preset("engine"); !ok {
		t.Error("With lost the presets")
	}
}

func TestCanonical(t *testing.T) {
	cat := catalog.Builtin()
	for name, want := range map[string]string{
		"RPM": "RPM", "rpm": "RPM", "Engine RPM": "RPM", "engine_speed": "RPM", "SPN 190": "RPM", "spn190": "RPM",
		"Engine RPM (rpm)": "RPM", "Coolant temperature": "ECT", "Engine Coolant Temperature(°C)": "ECT",
		"Speed (OBD)(km/h)": "VSS", "Short Term Fuel Trim, Bank 1": "SHRTFT1", "Battery charge": "", "": "",
		"Ambient air temp": "AAT", "Charge of the traction battery": "BAT_SOC",
	} {
		if got, ok := cat.Canonical(name); got != want || ok != (want != "") {
			t.Errorf("Canonical(%q) = %q, %v, want %q", name, got, ok, want)
		}
	}
}

// TestNamesLead holds every alias and preset against the signals that there are.
func TestNamesLead(t *testing.T) {
	cat := catalog.Builtin()
	for name, id := range catalog.Aliases(cat) {
		if c, s := cat.Find(id); c == nil || s.ID != id {
			t.Errorf("alias %q leads to %q, which is no signal", name, id)
		}
	}
	presets := cat.Presets()
	if len(presets) != 8 {
		t.Errorf("%d presets", len(presets))
	}
	for _, p := range presets {
		for _, id := range p.Signals {
			if _, s := cat.Find(id); s == nil || s.ID != id {
				t.Errorf("preset %s names %q, which is no signal", p.Name, id)
			}
		}
	}
}

func TestLoadDir(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := catalog.LoadDir(dir); errs.KindOf(err) != errs.BadInput {
		t.Errorf("an empty folder: %v", err)
	}
	write("a.yaml", ownFile)
	write("b.dbc", dbcFile)
	write("notes.txt", "nothing of ours")
	commands, err := catalog.LoadDir(dir)
	if err != nil || len(commands) < 5 {
		t.Errorf("%d commands, %v", len(commands), err)
	}
	write("c.json", "{")
	if _, err = catalog.LoadDir(dir); err == nil || !strings.Contains(err.Error(), "c.json:1: ") || errs.HintOf(err) == "" {
		t.Errorf("a broken file: %v, hint %q", err, errs.HintOf(err))
	}
	if _, err = catalog.LoadDir(filepath.Join(dir, "none")); errs.KindOf(err) != errs.BadInput {
		t.Errorf("no such folder: %v", err)
	}
}
