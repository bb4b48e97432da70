package scan_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
	"github.com/fleetms/obdctl/internal/scan"
)

// dial opens a simulated car.
func dial(t testing.TB, address string) (link.Link, error) {
	t.Helper()
	port, err := simulator.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := elm327.Dial(context.Background(), port, elm327.Options{})
	if err != nil {
		port.Close()
		return nil, err
	}
	return l, nil
}

func equip(l link.Link, o diag.Options) *diag.Tester {
	return diag.New(l, catalog.Builtin(), dtc.Builtin(), o)
}

// scenario is what a simulated car has, read from its file as text: what a scan of it must find.
type scenario struct {
	Protocol string
	ECUs     []struct {
		Address yaml.Node
		Codes   struct{ Stored, Pending, Permanent []string }
		Freeze  []struct{ Code string }
		Tests   []any
		Oxygen  []any `yaml:"oxygen_tests"`
		Info    struct {
			VIN, Name string
			CalIDs    []string `yaml:"calids"`
			CVNs      []string `yaml:"cvns"`
		}
		DIDs     map[string]string `yaml:"dids"`
		Physical bool              `yaml:"physical_only"`
		UDS      udsECU
	}
}

// speaksJ1979 tells that some ECU knows the services of SAE J1979, which a scan then reads.
func (c scenario) speaksJ1979() bool {
	for _, e := range c.ECUs {
		if !e.UDS.Only {
			return true
		}
	}
	return false
}

// facts are what is compared: sorted lines such as "7E8 stored P0301".
func (c scenario) facts() (lines []string, tests int) {
	for _, e := range c.ECUs {
		if e.Physical || c.speaksJ1979() && e.UDS.Only { // found by 'modules', not by a scan
			continue
		}
		add := func(kind string, values ...string) {
			for _, v := range values {
				if v != "" {
					lines = append(lines, e.Address.Value+" "+kind+" "+v)
				}
			}
		}
		add("stored", e.Codes.Stored...)
		add("pending", e.Codes.Pending...)
		add("permanent", e.Codes.Permanent...)
		for i, f := range e.Freeze {
			add("freeze "+strconv.Itoa(i), f.Code)
		}
		add("calid", e.Info.CalIDs...)
		add("cvn", e.Info.CVNs...)
		add("vin", e.Info.VIN)
		add("name", e.Info.Name)
		e.UDS.facts(add, e.DIDs)
		tests += len(e.Tests) + len(e.Oxygen)
	}
	slices.Sort(lines)
	return lines, tests
}

func found(s *obd.Scan) (lines []string) {
	add := func(e obd.Address, kind, v string) {
		if v != "" {
			lines = append(lines, e.String()+" "+kind+" "+v)
		}
	}
	for _, c := range s.Codes {
		add(c.ECU, string(c.Kind), c.Code)
	}
	for _, f := range s.FreezeFrames {
		add(f.ECU, "freeze "+strconv.Itoa(int(f.Index)), f.Code)
	}
	for _, e := range s.ECUs {
		for _, c := range e.Calibrations {
			add(e.Address, "calid", c.ID)
			add(e.Address, "cvn", c.CVN)
		}
		add(e.Address, "vin", e.VIN)
		add(e.Address, "name", e.Name)
	}
	slices.Sort(lines)
	return lines
}

func TestScanFindsWhatTheScenarioSays(t *testing.T) {
	schema := compile(t, obd.ScanSchema)
	files, err := filepath.Glob(filepath.Join("..", "..", "adapters", "simulator", "scenarios", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		name = name[:len(name)-len(".yaml")]
		t.Run(name, func(t *testing.T) {
			c := readScenario(t, file)
			if c.Protocol == obd.J1939.String() {
				return // parameter groups have facts and a test of their own
			}
			synctest.Test(t, func(t *testing.T) { scanScenario(t, name, c, schema) })
		})
	}
}

func scanScenario(t *testing.T, name string, c scenario, schema *jsonschema.Schema) {
	l, err := dial(t, "sim:"+name)
	if errs.KindOf(err) == errs.NoVehicle && name == "no-ignition" {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := scan.Run(context.Background(), equip(l, diag.Options{}), scan.Options{Tool: obd.Tool{Name: "obdctl", Version: "0"}})
	if err != nil {
		t.Fatal(err)
	}
	want, tests := c.facts()
	equal(t, "facts", found(s), want)
	if len(s.Tests) != tests {
		t.Errorf("%d tests, want %d", len(s.Tests), tests)
	}
	for _, u := range s.Unread {
		silence := u.Reason == obd.NoReply && u.ECU == obd.Functional // a service that no ECU of the car has
		if u.Reason != obd.NotSupported && !silence {
			t.Errorf("unread %+v", u)
		}
	}
	validate(t, schema, s)
}

// TestScanThroughClones reads two cars through every adapter that the simulator knows; a clone costs time, not facts.
func TestScanThroughClones(t *testing.T) {
	for _, adapter := range []string{
		"elm327-v1.5", "clone-no-h1", "clone-rejects-atz", "clone-short", "clone-no-digit", "clone-no-al", "clone-nul",
		"clone-padding", "clone-echo-always", "clone-lagging", "clone-buffer-full", "lv-reset", "stn2120", "vlinker",
	} {
		for _, car := range []string{"petrol-misfire", "four-ecu"} {
			t.Run(adapter+"/"+car, func(t *testing.T) {
				c := readScenario(t, filepath.Join("..", "..", "adapters", "simulator", "scenarios", car+".yaml"))
				synctest.Test(t, func(t *testing.T) { scanScenario(t, car+"?adapter="+adapter, c, compile(t, obd.ScanSchema)) })
			})
		}
	}
}

func readScenario(t *testing.T, file string) scenario {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c scenario
	if err := yaml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	return c
}
