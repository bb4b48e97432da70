package spn

import (
	_ "embed" // the lists of names
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/fmis.tsv
var fmiTable string

//go:embed data/addresses.tsv
var addressTable string

//go:embed data/functions.tsv
var functionTable string

//go:embed data/makers.tsv
var makerTable string

//go:embed data/slots.tsv
var slotTable string

// tables are the lists of names by number; a line's fields behind the number.
type tables struct{ fmis, addresses, functions, makers, slots map[uint32][]string }

var names = sync.OnceValue(func() tables {
	return tables{list(fmiTable), list(addressTable), list(functionTable), list(makerTable), list(slotTable)}
})

func list(table string) map[uint32][]string {
	out := map[uint32][]string{}
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if n, err := strconv.ParseUint(f[0], 10, 32); err == nil {
			out[uint32(n)] = f[1:]
		}
	}
	return out
}

func first(m map[uint32][]string, n uint32) string {
	if f := m[n]; len(f) > 0 {
		return f[len(f)-1]
	}
	return ""
}

// FMI says what a failure mode identifier (0 to 31) means.
func FMI(n uint8) string { return first(names().fmis, uint32(n)) }

// Severity says how serious a failure mode is by itself: critical, medium, low or "".
func Severity(fmi uint8) string {
	if f := names().fmis[uint32(fmi)]; len(f) > 1 {
		return f[0]
	}
	return ""
}

// Address says whose preferred source address it is, "" for none.
func Address(sa uint8) string { return first(names().addresses, uint32(sa)) }

// Function says what a function of a NAME is; "" for those that depend on the industry group.
func Function(n uint8) string { return first(names().functions, uint32(n)) }

// Maker names a manufacturer code of a NAME, "" for none.
func Maker(code uint16) string { return first(names().makers, uint32(code)) }

// Industry names an industry group of a NAME.
func Industry(group uint8) string {
	groups := [...]string{"all", "on-highway", "agriculture and forestry", "construction", "marine", "industrial and stationary", "reserved", "reserved"}
	return groups[group&7]
}

// Slot is the scaling of a scaled test result.
type Slot struct {
	Scale, Offset float64
	Unit          string
}

// SlotOf returns a scaling by its number.
func SlotOf(n uint16) (Slot, bool) {
	f := names().slots[uint32(n)]
	if len(f) < 4 {
		return Slot{Scale: 1}, false
	}
	scale, _ := strconv.ParseFloat(f[0], 64)
	offset, _ := strconv.ParseFloat(f[1], 64)
	return Slot{scale, offset, f[2]}, true
}

// Explain describes a code: the parameter and what is wrong with it. known is false when the parameter is
// not in the catalogue.
func (b *Book) Explain(spn uint32, fmi uint8) (text string, known bool) {
	p := b.Parameter(spn)
	if p == nil {
		switch {
		case spn >= 520192 && spn <= 524287:
			return fmt.Sprintf("Maker's own parameter %d: %s", spn, FMI(fmi)), false
		}
		return fmt.Sprintf("Parameter %d: %s", spn, FMI(fmi)), false
	}
	return p.Name + ": " + FMI(fmi), true
}
