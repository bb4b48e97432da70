package module_test

import (
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/fleetms/obdctl/internal/catalog/module"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestTablesAreWhole(t *testing.T) {
	word := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	wmis := map[string]string{}
	for _, m := range module.Builtin() {
		if m.Name == "" || len(m.WMI) == 0 || len(m.Modules) == 0 {
			t.Errorf("maker %q is not whole", m.Name)
		}
		for _, wmi := range m.WMI {
			if other, twice := wmis[wmi]; twice || len(wmi) < 2 || len(wmi) > 3 {
				t.Errorf("WMI %q of %s stands with %s too, or is none", wmi, m.Name, other)
			}
			wmis[wmi] = m.Name
		}
		places, systems := map[obd.Address]bool{}, map[string]bool{}
		for _, u := range m.Modules {
			if places[u.Reply] || systems[u.System] || u.Name == "" || !word.MatchString(u.System) || u.Reply == u.Request {
				t.Errorf("%s: %s at %s is there twice, or not whole", m.Name, u.System, u.Reply)
			}
			places[u.Reply], systems[u.System] = true, true
		}
	}
}

func TestRepliesFollowTheMakersRule(t *testing.T) {
	for _, c := range []struct{ vin, system, request, reply string }{
		{"WVWZZZ1KZ8W000001", "abs", "713", "77D"},
		{"WVWZZZ1KZ8W000001", "engine", "7E0", "7E8"},
		{"1FADP3F20DL000001", "airbag", "737", "73F"},
		{"1HGCM82633A000001", "abs", "18DA28F1", "18DAF128"},
		{"JTDKB20U000000001", "body", "750:40", "758:40"},
		{"SJNFAAZE0U0000001", "cluster", "743", "763"},
		{"1C4RJFAG0FC000001", "abs", "747", "4C7"},
		{"WBA3A5C50CF000001", "engine", "6F1:12", "612:F1"},
	} {
		m, ok := module.ForVIN(c.vin)
		if !ok {
			t.Errorf("%s: no table", c.vin)
			continue
		}
		for _, u := range m.Modules {
			if u.System == c.system && (u.Request.String() != c.request || u.Reply.String() != c.reply) {
				t.Errorf("%s %s: %s answers at %s, want %s at %s", m.Name, u.System, u.Request, u.Reply, c.request, c.reply)
			}
		}
	}
	if _, ok := module.ForVIN("XYZ00000000000000"); ok {
		t.Error("a maker that nobody knows has no table")
	}
}

func TestLoadRefusesWhatIsWrong(t *testing.T) {
	for name, text := range map[string]string{
		"no address":     "maker: x\nmodules: [{request: \"zz\", system: a, name: b}]",
		"one byte":       "maker: x\nmodules: [{request: \"10\", system: a, name: b}]",
		"beyond 11 bits": "maker: x\nreply_offset: \"400\"\nmodules: [{request: \"7E0\", system: a, name: b}]",
		"unknown key":    "maker: x\ncolour: red",
	} {
		if _, err := module.Load(fstest.MapFS{"data/x.yaml": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("maker: x\nwmi: [\"ABC\"]\nreply_offset: \"-8\"\nmodules: [{request: \"7E0\", reply: \"7E8:10\", system: a, name: b}]")
	f.Fuzz(func(t *testing.T, text string) {
		makers, err := module.Load(fstest.MapFS{"data/x.yaml": {Data: []byte(text)}})
		for _, m := range makers {
			for _, u := range m.Modules {
				if err == nil && u.Request == obd.Functional {
					t.Errorf("module %q has no address", u.Name)
				}
			}
		}
	})
}
