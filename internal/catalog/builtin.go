package catalog

import (
	_ "embed" // the packed catalogue
	"sync"
)

//go:generate go run ./pack

// packed is what ./pack makes of data/*.yaml: the same, in a form that is read in about a millisecond.
//
//go:embed data/packed.bin
var packed []byte

var builtin = sync.OnceValue(func() *Catalog {
	d, err := unpack(packed)
	if err != nil {
		panic(err) // cannot be: a test reads what is embedded
	}
	return d.catalog()
})

// Builtin returns the embedded catalogue of SAE J1979, read at the first call.
func Builtin() *Catalog { return builtin() }
