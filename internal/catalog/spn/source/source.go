// Package source reads the readable form of the SPN catalogue: parameter groups and their signals as YAML.
package source

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// section is one parameter group, or parameters without one.
type section struct {
	Group *struct {
		PGN         uint32
		Short, Name string
		Rate        int
	}
	Signals []signal
}

type signal struct {
	SPN    uint32
	ID     string
	Short  string
	Name   string
	At     string
	Bits   int
	Scale  float64
	Offset float64
	Unit   string
	Kind   string
}

// Table returns the embedded form: a line "G" for each group, a line "S" for each of its signals behind it,
// and a line "V" for each state of a signal, fields separated by tabs.
func Table(data fs.FS) ([]byte, error) {
	names, err := fs.Glob(data, "*.yaml")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	// States last: they belong to signals of any file.
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	var out bytes.Buffer
	for _, name := range names {
		text, err := fs.ReadFile(data, name)
		if err != nil {
			return nil, err
		}
		write := writeSections
		if rank(name) > 0 {
			write = writeStates
		}
		if err := write(&out, text); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return out.Bytes(), nil
}

func rank(name string) int {
	if name == "states.yaml" {
		return 1
	}
	return 0
}

func writeSections(out *bytes.Buffer, text []byte) error {
	var sections []section
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&sections); err != nil {
		return err
	}
	for _, s := range sections {
		if g := s.Group; g != nil {
			fmt.Fprintf(out, "G\t%d\t%s\t%s\t%d\n", g.PGN, g.Short, g.Name, g.Rate)
		} else {
			fmt.Fprintln(out, "G\t0\t\t\t0")
		}
		for _, x := range s.Signals {
			start, err := position(x.At)
			if err != nil {
				return fmt.Errorf("SPN %d: %w", x.SPN, err)
			}
			if x.Scale == 0 {
				x.Scale = 1
			}
			fmt.Fprintf(out, "S\t%d\t%s\t%s\t%s\t%d\t%d\t%v\t%v\t%s\t%s\n",
				x.SPN, x.ID, x.Short, x.Name, start, x.Bits, x.Scale, x.Offset, x.Unit, x.Kind)
		}
	}
	return nil
}

// position turns "3.5" (byte and bit, counted from 1) into bits from the first; -1 for none.
func position(at string) (int, error) {
	if at == "" {
		return -1, nil
	}
	text, low, found := strings.Cut(at, ".")
	octet, err := strconv.Atoi(text)
	if err != nil || octet < 1 {
		return 0, fmt.Errorf("position %q", at)
	}
	bit := 1
	if found {
		if bit, err = strconv.Atoi(low); err != nil || bit < 1 || bit > 8 {
			return 0, fmt.Errorf("position %q", at)
		}
	}
	return (octet-1)*8 + bit - 1, nil
}

func writeStates(out *bytes.Buffer, text []byte) error {
	var states map[uint32]map[uint64][2]string
	if err := yaml.Unmarshal(text, &states); err != nil {
		return err
	}
	for _, spn := range sortedKeys(states) {
		for _, raw := range sortedKeys(states[spn]) {
			s := states[spn][raw]
			fmt.Fprintf(out, "V\t%d\t%d\t%s\t%s\n", spn, raw, s[0], s[1])
		}
	}
	return nil
}

func sortedKeys[K uint32 | uint64, V any](m map[K]V) []K {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
