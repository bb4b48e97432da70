package config_test

import (
	"os"
	"path/filepath"
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
		return map[string]string{"OBDCTL_ADAPTER": "sim:"}[k]
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Adapter != "sim:" || c.Units != "imperial" {
		t.Errorf("got %+v", c)
	}
}

func TestMistakesNameFileAndLine(t *testing.T) {
	for text, want := range map[string]string{
		"adapter: auto\ncolour: never\n": "line 2: field colour not found",
		"units: parsecs\n":               `units is "parsecs", want one of: metric, imperial`,
		"adapter: [1\n":                  "line",
	} {
		_, err := config.Load(write(t, text), noEnv)
		if err == nil || !strings.Contains(err.Error(), want) || errs.KindOf(err) != errs.Usage {
			t.Errorf("%q: got error %v, want a usage error with %q", text, err, want)
		}
	}
}

func TestMissingFile(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.yaml")
	if _, err := config.Load(missing, noEnv); errs.KindOf(err) != errs.Usage {
		t.Errorf("a file that was named and is missing: got %v, want a usage error", err)
	}
}

func TestEmptyFileIsFine(t *testing.T) {
	if _, err := config.Load(write(t, ""), noEnv); err != nil {
		t.Error(err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("adapter: sim:\nsignals: [a, b]\n")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = config.Load(write(t, text), noEnv)
	})
}
