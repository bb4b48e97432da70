// Package config reads what a person set once: the configuration file and the environment. Flags are
// laid over it by the command line, which hands plain values on.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/errs"
)

// Config is the whole configuration. Zero values mean "not set".
type Config struct {
	Adapter string   `yaml:"adapter"` // address, "auto" when empty
	Units   string   `yaml:"units"`   // metric or imperial
	Color   string   `yaml:"color"`   // auto, always or never
	Signals []string `yaml:"signals"` // files or folders with signal sets
	Codes   []string `yaml:"codes"`   // CSV files with trouble codes
}

// maxSize bounds the file: a configuration is a page, not a data set.
const maxSize = 1 << 20

// DefaultPath is where the file stands when nobody says otherwise: the XDG configuration folder.
func DefaultPath() string { return filepath.Join(xdg.ConfigHome, "obdctl", "config.yaml") }

// StateDir is where things are remembered that can be learned again: adapters' report cards, scans
// saved before codes are cleared.
func StateDir() string { return filepath.Join(xdg.StateHome, "obdctl") }

// Load reads the file at path ("" for DefaultPath, which may be missing) and then the environment:
// OBDCTL_ADAPTER, OBDCTL_UNITS and OBDCTL_COLOR win over the file.
func Load(path string, getenv func(string) string) (Config, error) {
	var c Config
	explicit := path != ""
	if !explicit {
		path = DefaultPath()
	}
	data, err := readBounded(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !explicit:
	case err != nil:
		return c, errs.New(errs.Usage, "read configuration: %w", err)
	default:
		if c, err = parse(path, data); err != nil {
			return c, err
		}
	}
	for name, field := range map[string]*string{"OBDCTL_ADAPTER": &c.Adapter, "OBDCTL_UNITS": &c.Units, "OBDCTL_COLOR": &c.Color} {
		if v := getenv(name); v != "" {
			*field = v
		}
	}
	return c, c.validate()
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err == nil && len(data) > maxSize {
		err = fmt.Errorf("%s is larger than 1 MiB", path)
	}
	return data, err
}

func parse(path string, data []byte) (Config, error) {
	var c Config
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		reason := strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:\n  ", "")
		return c, errs.New(errs.Usage, "configuration %s: %s", path, strings.ReplaceAll(reason, " in type config.Config", "")).
			WithHint("known settings: adapter, units, color, signals, codes")
	}
	return c, nil
}

func (c Config) validate() error {
	for _, choice := range []struct{ name, value, allowed string }{
		{"units", c.Units, "metric imperial"},
		{"color", c.Color, "auto always never"},
	} {
		if choice.value != "" && !contains(choice.allowed, choice.value) {
			return errs.New(errs.Usage, "setting %s is %q, want one of: %s", choice.name, choice.value,
				strings.ReplaceAll(choice.allowed, " ", ", "))
		}
	}
	return nil
}

func contains(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}
