// Package config reads what a person set once: the configuration file and the environment. Flags are
// laid over it by the command line, which hands plain values on.
package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"

	"github.com/fleetms/obdctl/internal/errs"
)

// maxSize bounds the file: a configuration is a page, not a data set.
const maxSize = 1 << 20

// Origin says where a value comes from.
type Origin string

// The origins, each winning over those before it.
const (
	FromDefault     Origin = "default"
	FromFile        Origin = "file"
	FromEnvironment Origin = "environment"
	FromFlag        Origin = "flag"
)

// Loaded is the configuration with where each value comes from.
type Loaded struct {
	Config
	Path    string            // of the file
	Exists  bool              // the file is there
	Origins map[string]Origin // by setting
	values  *koanf.Koanf
}

// Value returns a setting as text; lists are joined by commas.
func (l Loaded) Value(name string) string {
	if s, err := Find(name); err == nil && s.List {
		return strings.Join(l.values.Strings(name), ",")
	}
	return l.values.String(name)
}

// Load reads the file at path ("" for [DefaultPath], which may be missing), then the environment, then flags
// that were given, by setting. Mistakes are of kind errs.Usage and name the file and line, or the variable.
func Load(path string, getenv func(string) string, flags map[string]any) (Loaded, error) {
	l := Loaded{Path: path, Origins: map[string]Origin{}, values: koanf.New(".")}
	explicit := path != ""
	if !explicit {
		l.Path = DefaultPath()
	}
	defaults := map[string]any{}
	for _, s := range Settings() {
		defaults[s.Name] = s.zero()
	}
	if err := l.lay(confmap.Provider(defaults, "."), FromDefault); err != nil {
		return l, err
	}
	data, err := readBounded(l.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !explicit:
	case err != nil:
		return l, errs.New(errs.Usage, "read configuration: %w", err)
	default:
		l.Exists = true
		values, err := parse(l.Path, data)
		if err != nil {
			return l, err
		}
		if err := l.lay(confmap.Provider(values, "."), FromFile); err != nil {
			return l, err
		}
	}
	if err := l.layEnvironment(getenv); err != nil {
		return l, err
	}
	if err := l.lay(confmap.Provider(flags, "."), FromFlag); err != nil {
		return l, err
	}
	if err := l.values.Unmarshal("", &l.Config); err != nil {
		return l, errs.New(errs.Usage, "configuration %s: %w", l.Path, err)
	}
	return l, nil
}

// lay puts a layer over what is there and notes whose values it holds.
func (l *Loaded) lay(p koanf.Provider, from Origin) error {
	layer := koanf.New(".")
	if err := layer.Load(p, nil); err != nil {
		return errs.New(errs.Usage, "read %s settings: %w", from, err)
	}
	for _, s := range Settings() {
		if layer.Exists(s.Name) {
			l.Origins[s.Name] = from
		}
	}
	return l.values.Merge(layer)
}

// layEnvironment takes the variables of the settings that are set and not empty.
func (l *Loaded) layEnvironment(getenv func(string) string) error {
	byName := map[string]Setting{}
	var set []string
	for _, s := range Settings() {
		if v := getenv(s.Env()); v != "" {
			if _, err := s.read(v); err != nil {
				return errs.New(errs.Usage, "%s: %w", s.Env(), err)
			}
			byName[s.Env()] = s
			set = append(set, s.Env()+"="+v)
		}
	}
	return l.lay(env.Provider(".", env.Opt{
		EnvironFunc: func() []string { return set },
		TransformFunc: func(k, v string) (string, any) {
			s := byName[k]
			value, _ := s.read(v) // checked above
			return s.Name, value
		},
	}), FromEnvironment)
}

// Find returns a setting by its name; the error names the nearest one.
func Find(name string) (Setting, error) {
	all := Settings()
	if i := slices.IndexFunc(all, func(s Setting) bool { return s.Name == name }); i >= 0 {
		return all[i], nil
	}
	return Setting{}, errs.New(errs.Usage, "setting %q is not known", name).WithHint("%s", known())
}

func known() string {
	var names []string
	for _, s := range Settings() {
		names = append(names, s.Name)
	}
	return "known settings: " + strings.Join(names, ", ")
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
