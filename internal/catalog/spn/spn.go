// Package spn holds the suspect parameters of SAE J1939 as data: where they stand in their parameter group
// and how they scale, and the names of failure modes, addresses, functions and makers.
//
// The readable source is the data folder; `go generate` turns the YAML into the table that is embedded.
package spn

import (
	_ "embed" // the tables
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:generate go run ./tabulate

//go:embed table/signals.tsv
var signalsTable string

// Kind says how the bits of a parameter are read.
type Kind string

// The kinds.
const (
	Number Kind = ""      // raw * Scale + Offset
	Flag   Kind = "flag"  // two bits: off, on, error, not available
	State  Kind = "state" // an enumeration
	Text   Kind = "text"
)

// Parameter is one suspect parameter.
type Parameter struct {
	SPN   uint32
	ID    string // canonical signal: the short name of SAE J1979-DA where it is the same, "SPN100" elsewhere
	Short string // another short name, such as "ENG_OIL_PRESS"; may be empty
	Name  string
	PGN   uint32 // the group that holds it, 0 where the catalogue does not say
	Start int    // bits from the first one of the group, lowest first; -1 where not known
	Bits  int    // 0 where not known

	Scale, Offset float64
	Unit          string // UCUM
	Kind          Kind
	States        map[uint64]StateText
}

// StateText is one value of an enumeration.
type StateText struct{ Code, Text string }

// Group is one parameter group.
type Group struct {
	PGN        uint32
	Short      string
	Name       string
	Rate       time.Duration // how often it is broadcast; 0 on request
	Parameters []*Parameter  // in order of position
}

// Book is the catalogue. It never changes once made and can be used from several goroutines.
type Book struct {
	parameters map[uint32]*Parameter
	groups     map[uint32]*Group
	byName     map[string]*Parameter
}

var builtin = sync.OnceValue(func() *Book { return read(signalsTable) })

// Builtin returns the embedded catalogue, read at the first call.
func Builtin() *Book { return builtin() }

func read(table string) *Book {
	b := &Book{parameters: map[uint32]*Parameter{}, groups: map[uint32]*Group{}, byName: map[string]*Parameter{}}
	var g *Group
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case f[0] == "G" && len(f) == 5:
			g = &Group{PGN: number(f[1]), Short: f[2], Name: f[3], Rate: time.Duration(number(f[4])) * time.Millisecond}
			if g.PGN > 0 || g.Short != "" {
				b.groups[g.PGN] = g
			}
		case f[0] == "S" && len(f) == 11:
			b.add(g, f)
		case f[0] == "V" && len(f) == 5:
			if p := b.parameters[number(f[1])]; p != nil {
				if p.States == nil {
					p.States = map[uint64]StateText{}
				}
				p.States[uint64(number(f[2]))] = StateText{f[3], f[4]}
			}
		}
	}
	for _, g := range b.groups {
		slices.SortFunc(g.Parameters, func(x, y *Parameter) int { return x.Start - y.Start })
	}
	return b
}

func (b *Book) add(g *Group, f []string) {
	p := &Parameter{SPN: number(f[1]), ID: f[2], Short: f[3], Name: f[4], Unit: f[9], Kind: Kind(f[10])}
	p.Start, _ = strconv.Atoi(f[5])
	p.Bits, _ = strconv.Atoi(f[6])
	p.Scale, _ = strconv.ParseFloat(f[7], 64)
	p.Offset, _ = strconv.ParseFloat(f[8], 64)
	if p.ID == "" {
		p.ID = fmt.Sprintf("SPN%d", p.SPN)
	}
	if p.PGN = g.PGN; p.Start >= 0 {
		g.Parameters = append(g.Parameters, p)
	}
	b.parameters[p.SPN] = p
	for _, name := range []string{p.ID, p.Short, fmt.Sprintf("SPN%d", p.SPN)} {
		if name != "" {
			b.byName[name] = p
		}
	}
}

// number reads an embedded number; a test reads every line.
func number(s string) uint32 {
	n, _ := strconv.ParseUint(s, 10, 32)
	return uint32(n)
}

// Parameter returns a parameter by number, nil when not in the catalogue.
func (b *Book) Parameter(spn uint32) *Parameter { return b.parameters[spn] }

// Group returns a parameter group by number, nil when not in the catalogue.
func (b *Book) Group(pgn uint32) *Group { return b.groups[pgn] }

// Len returns the number of parameters.
func (b *Book) Len() int { return len(b.parameters) }

// Groups returns every group in order of number.
func (b *Book) Groups() []*Group {
	var out []*Group
	for _, g := range b.groups {
		out = append(out, g)
	}
	slices.SortFunc(out, func(x, y *Group) int { return int(x.PGN) - int(y.PGN) })
	return out
}

// Find returns a parameter by its canonical id, its short name, "SPN100", "spn 100" or "100"; nil for none.
func (b *Book) Find(name string) *Parameter {
	key := strings.ToUpper(strings.Join(strings.Fields(strings.ReplaceAll(name, ":", " ")), ""))
	if p := b.byName[key]; p != nil {
		return p
	}
	if n, err := strconv.ParseUint(key, 10, 32); err == nil {
		return b.parameters[uint32(n)]
	}
	return nil
}

// Search returns the parameters whose number, names or group contain every word, in order of number.
func (b *Book) Search(words string) []*Parameter {
	wanted := strings.Fields(strings.ToLower(words))
	var out []*Parameter
	for _, p := range b.parameters {
		text := strings.ToLower(fmt.Sprintf("%d %s %s %s", p.SPN, p.ID, p.Short, p.Name))
		if g := b.groups[p.PGN]; g != nil {
			text += strings.ToLower(fmt.Sprintf(" %d %s", g.PGN, g.Short))
		}
		if !slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(text, w) }) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(x, y *Parameter) int { return int(x.SPN) - int(y.SPN) })
	return out
}
