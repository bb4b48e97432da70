// Package module knows where makers put their control units: request and reply addresses of brakes, airbag,
// body and the rest, as data in data/*.yaml.
//
// The addresses are those seen in public on several models; a car need not have a unit at each of them.
package module

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/obd"
)

//go:embed data/*.yaml
var files embed.FS

// Maker is one maker's table.
type Maker struct {
	Name    string
	WMI     []string // world manufacturer identifiers: the first two or three characters of a VIN
	Modules []Module
}

// Module is one place where a control unit may answer.
type Module struct {
	Request obd.Address // where requests go
	Reply   obd.Address // where it answers
	System  string      // a stable word: engine, transmission, abs, airbag, steering, body, cluster, gateway, ...
	Name    string      // for people
}

// table is one file of data.
type table struct {
	Maker   string   `yaml:"maker"`
	WMI     []string `yaml:"wmi"`
	Offset  string   `yaml:"reply_offset"` // hexadecimal, added to the request's identifier; may be negative
	Modules []place  `yaml:"modules"`
}

type place struct {
	Request string `yaml:"request"`
	Reply   string `yaml:"reply"` // where the offset does not hold
	System  string `yaml:"system"`
	Name    string `yaml:"name"`
}

var builtin = sync.OnceValue(func() []Maker {
	makers, err := Load(files)
	if err != nil {
		panic(err) // cannot be: a test reads what is embedded
	}
	return makers
})

// Builtin returns the embedded tables in order of their makers' names.
func Builtin() []Maker { return slices.Clone(builtin()) }

// Load reads data/*.yaml.
func Load(from fs.FS) ([]Maker, error) {
	paths, err := fs.Glob(from, "data/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("load modules: %w", err)
	}
	var makers []Maker
	for _, path := range paths {
		data, err := fs.ReadFile(from, path)
		if err != nil {
			return nil, fmt.Errorf("load modules: %w", err)
		}
		m, err := parse(data)
		if err != nil {
			return nil, fmt.Errorf("load modules: %s: %w", path, err)
		}
		makers = append(makers, m)
	}
	slices.SortFunc(makers, func(a, b Maker) int { return strings.Compare(a.Name, b.Name) })
	return makers, nil
}

// ForVIN returns the table of the maker of a car; false where there is none.
func ForVIN(vin string) (Maker, bool) {
	best, length := Maker{}, 0
	for _, m := range builtin() {
		for _, wmi := range m.WMI {
			if len(wmi) > length && strings.HasPrefix(vin, wmi) {
				best, length = m, len(wmi)
			}
		}
	}
	return best, length > 0
}

func parse(data []byte) (Maker, error) {
	var t table
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&t); err != nil {
		return Maker{}, err
	}
	m := Maker{Name: t.Maker, WMI: t.WMI}
	for _, p := range t.Modules {
		module, err := p.module(t.Offset)
		if err != nil {
			return Maker{}, fmt.Errorf("module %q: %w", p.Name, err)
		}
		m.Modules = append(m.Modules, module)
	}
	return m, nil
}
