package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/config"
	"github.com/fleetms/obdctl/internal/errs"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func noEnv(string) string { return "" }

func TestEnvironmentWinsOverFile(t *testing.T) {
	path := write(t, "adapter: tcp://10.0.0.2:35000\nunits: imperial\n")
	c, err := config.Load(path, func(k string) string {
		return map[string]string{"OBDCTL_ADAPTER": "sim:", "OBDCTL_SHOP_NAME": "Two Brothers"}[k]
	}, map[string]any{"shop.web": "example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Adapter != "sim:" || c.Units != "imperial" || c.Shop.Name != "Two Brothers" || c.Shop.Web != "example.com" || !c.Save {
		t.Errorf("got %+v", c.Config)
	}
	for name, want := range map[string]config.Origin{"adapter": config.FromEnvironment, "units": config.FromFile, "shop.web": config.FromFlag, "save": config.FromDefault} {
		if c.Origins[name] != want {
			t.Errorf("%s comes from %s, want %s", name, c.Origins[name], want)
		}
	}
}

func TestMistakesNameFileAndLine(t *testing.T) {
	for text, want := range map[string]string{
		"adapter: auto\ncolour: never\n": "line 2: setting colour is not known",
		"units: parsecs\n":               `line 1: units is "parsecs", want one of: metric, imperial`,
		"\n\nshop:\n  colour: red\n":     "line 4: setting shop.colour is not known",
		"shop:\n  color: red\n":          "line 2: shop.color is \"red\"",
		"shop: Garage\n":                 "line 1: shop holds settings of its own",
		"save: perhaps\n":                "line 1: save is \"perhaps\"",
		"signals: {a: b}\n":              "line 1: signals is a list",
		"units: metric\nunits: metric\n": "line 2",
		"- adapter\n":                    "line 1",
		"adapter: [1\n":                  "line",
	} {
		_, err := config.Load(write(t, text), noEnv, nil)
		if err == nil || !strings.Contains(err.Error(), want) || errs.KindOf(err) != errs.Usage {
			t.Errorf("%q: got error %v, want a usage error with %q", text, err, want)
		}
	}
}

func TestMissingFile(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.yaml")
	if _, err := config.Load(missing, noEnv, nil); errs.KindOf(err) != errs.Usage {
		t.Errorf("a file that was named and is missing: got %v, want a usage error", err)
	}
}

func TestEmptyFileIsFine(t *testing.T) {
	if _, err := config.Load(write(t, ""), noEnv, nil); err != nil {
		t.Error(err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("adapter: sim:\nsignals: [a, b]\n")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = config.Load(write(t, text), noEnv, nil)
	})
}

func TestAVariableWithAMistakeIsNamed(t *testing.T) {
	_, err := config.Load(write(t, ""), func(k string) string { return map[string]string{"OBDCTL_UNITS": "miles"}[k] }, nil)
	if err == nil || !strings.Contains(err.Error(), `OBDCTL_UNITS: units is "miles"`) {
		t.Error(err)
	}
}

func TestSetKeepsTheRest(t *testing.T) {
	path := write(t, "# my garage\nadapter: serial://COM3 # for now\n\nshop:\n  name: Two Brothers\n")
	for _, c := range [][2]string{{"adapter", "auto"}, {"shop.phone", "+49 30 1234"}, {"signals", "a.yaml,b.yaml"}, {"save", "false"}, {"shop.name", ""}} {
		if err := config.Set(path, c[0], c[1]); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := "# my garage\nadapter: auto # for now\nshop:\n  phone: +49 30 1234\nsignals:\n  - a.yaml\n  - b.yaml\nsave: false\n"
	if string(got) != want {
		t.Errorf("got\n%s", got)
	}
	c, err := config.Load(path, noEnv, nil)
	if err != nil || c.Shop.Phone != "+49 30 1234" || c.Save || len(c.Signals) != 2 {
		t.Errorf("%+v, %v", c.Config, err)
	}
}

func TestSetRefusesAndChangesNothing(t *testing.T) {
	path := write(t, "units: metric\n")
	for _, c := range [][2]string{{"units", "parsecs"}, {"unit", "metric"}, {"shop", "x"}} {
		if err := config.Set(path, c[0], c[1]); errs.KindOf(err) != errs.Usage {
			t.Errorf("%v: %v", c, err)
		}
	}
	if got, _ := os.ReadFile(path); string(got) != "units: metric\n" {
		t.Errorf("got %s", got)
	}
}

func TestSetMakesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "config.yaml")
	if err := config.Set(path, "shop.name", "Two Brothers"); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "shop:\n  name: Two Brothers\n" {
		t.Errorf("got %s", got)
	}
}

// Every setting reaches its field: a name without a koanf tag would be silently lost.
func TestEverySettingHasItsField(t *testing.T) {
	for _, s := range config.Settings() {
		value := "x"
		switch {
		case s.Allowed != nil:
			value = s.Allowed[len(s.Allowed)-1]
		case s.Bool:
			value = map[string]string{"true": "false", "false": "true"}[s.Default]
		case s.Name == "shop.color":
			value = "#102030"
		case s.Name == "zone":
			value = "UTC"
		case s.Name == "key":
			value = "prompt"
		}
		before, _ := config.Load(write(t, ""), noEnv, nil)
		after, err := config.Load(write(t, ""), func(k string) string { return map[string]string{s.Env(): value}[k] }, nil)
		if err != nil || reflect.DeepEqual(before.Config, after.Config) {
			t.Errorf("%s=%s changes nothing: %v", s.Env(), value, err)
		}
	}
}
