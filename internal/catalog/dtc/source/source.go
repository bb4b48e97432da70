// Package source reads the readable form of the trouble code catalogue: families of codes, kinds of
// fault and topics of advice, as YAML. It runs when the table is made and in tests, never in the tool.
package source

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/obd"
)

// Entry is one code with everything that the catalogue says of it.
type Entry struct {
	Code        string
	Description string
	System      string
	Severity    string // critical, high, medium, low; "" without advice
	Where       string // "cylinder 1", "bank 1 sensor 2" or ""
	Family      int    // entries with the same number are one family
	Note        string
	Advice      Advice
	Related     []string // named in the topic; else the family's neighbours are meant
}

// Advice is what a driver feels and what a mechanic looks at first.
type Advice struct {
	Feels  string   `yaml:"feels"`
	Causes []string `yaml:"causes"`
	Checks []string `yaml:"checks"`
}

// Known tells that the advice says something.
func (a Advice) Known() bool { return a.Feels != "" }

// Read reads the catalogue's data folder and returns its entries in the order of their codes.
func Read(fsys fs.FS) ([]Entry, error) {
	b, err := readBook(fsys)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(fsys, "codes/*.yaml")
	if err != nil {
		return nil, err
	}
	byCode := map[string]Entry{}
	for _, name := range names {
		var families []family
		if err := decode(fsys, name, &families); err != nil {
			return nil, err
		}
		for i, f := range families {
			entries, err := b.entries(f)
			if err != nil {
				return nil, fmt.Errorf("%s: family %d: %w", name, i+1, err)
			}
			for _, e := range entries {
				if _, twice := byCode[e.Code]; twice {
					return nil, fmt.Errorf("%s: %s stands twice", name, e.Code)
				}
				byCode[e.Code] = e
			}
		}
	}
	return sorted(byCode), b.unused()
}

func sorted(byCode map[string]Entry) []Entry {
	entries := make([]Entry, 0, len(byCode))
	for _, code := range slices.Sorted(maps.Keys(byCode)) {
		entries = append(entries, byCode[code])
	}
	return entries
}

func decode(fsys fs.FS, name string, into any) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", path.Base(name), err)
	}
	return nil
}

// checkCode tells that code is a five-character code in capitals.
func checkCode(code string) error {
	if _, _, err := obd.ParseDTC(code); err != nil {
		return err
	}
	if code != strings.ToUpper(code) {
		return fmt.Errorf("code %q: want capitals", code)
	}
	return nil
}
