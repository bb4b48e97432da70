package catalog

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// coder writes the catalogue into bytes or reads it from them: one description serves both ways, so that
// they cannot differ. Each text and each table of states stands once; later uses name it by number.
type coder struct {
	data    []byte // what is left to read, or what has been written
	writing bool
	failed  bool // the data ended too early or names what is not there

	texts  []string
	tables []map[uint64]State
	index  map[string]uint64 // of texts and tables, when writing
}

func (c *coder) uint(v *uint64) {
	if c.writing {
		c.data = binary.AppendUvarint(c.data, *v)
		return
	}
	read, n := binary.Uvarint(c.data)
	if n <= 0 {
		c.failed, c.data, *v = true, nil, 0
		return
	}
	*v, c.data = read, c.data[n:]
}

// count is the length of a list; when reading it is never more than there are bytes left.
func (c *coder) count(n int) int {
	v := uint64(n)
	c.uint(&v)
	if !c.writing && v > uint64(len(c.data)) {
		c.failed, v = true, 0
	}
	return int(v)
}

func (c *coder) int(v *int) {
	u := uint64(*v)<<1 ^ uint64(*v>>63)
	c.uint(&u)
	*v = int(u>>1) ^ -int(u&1)
}

// float writes a number with its bytes turned round: those of round numbers are then small.
func (c *coder) float(v *float64) {
	u := bits.ReverseBytes64(math.Float64bits(*v))
	c.uint(&u)
	*v = math.Float64frombits(bits.ReverseBytes64(u))
}

func (c *coder) bool(v *bool) {
	var u uint64
	if *v {
		u = 1
	}
	c.uint(&u)
	*v = u == 1
}

// place returns, when writing, the number of a text or table: a new one comes at the end.
func (c *coder) place(kind string, v any, end int) uint64 {
	if !c.writing {
		return 0
	}
	key := fmt.Sprint(kind, v)
	n, known := c.index[key]
	if !known {
		n = uint64(end)
		c.index[key] = n
	}
	return n
}

func (c *coder) text(v *string) {
	n := c.place("t", *v, len(c.texts))
	c.uint(&n)
	switch {
	case n < uint64(len(c.texts)):
		*v = c.texts[n]
		return
	case n > uint64(len(c.texts)):
		c.failed = true
		return
	}
	size := c.count(len(*v))
	if c.writing {
		c.data = append(c.data, *v...)
	} else {
		*v, c.data = string(c.data[:size]), c.data[size:]
	}
	c.texts = append(c.texts, *v)
}

func (c *coder) states(v *map[uint64]State) {
	n := c.place("s", *v, len(c.tables))
	c.uint(&n)
	switch {
	case n < uint64(len(c.tables)):
		*v = c.tables[n]
		return
	case n > uint64(len(c.tables)):
		c.failed = true
		return
	}
	keys := slices.Sorted(maps.Keys(*v))
	size := c.count(len(keys))
	table := *v
	if !c.writing && size > 0 {
		table = make(map[uint64]State, size)
	}
	for i := range size {
		var key uint64
		if c.writing {
			key = keys[i]
		}
		state := table[key]
		c.uint(&key)
		c.text(&state.Code)
		c.text(&state.Text)
		table[key] = state
	}
	*v = table
	c.tables = append(c.tables, table)
}

// list codes the length of a list and then each element.
func list[T any](c *coder, v *[]T, code func(*T)) {
	n := c.count(len(*v))
	if !c.writing && n > 0 {
		*v = make([]T, n)
	}
	for i := range n {
		code(&(*v)[i])
	}
}

// number codes any kind of whole number.
func number[T ~uint8 | ~uint16 | ~uint64](c *coder, v *T) {
	u := uint64(*v)
	c.uint(&u)
	*v = T(u)
}

func (c *coder) address(v *obd.Address) { number(c, v) }
