package catalog

import (
	_ "embed" // the packed catalogue
	"encoding/json"
	"fmt"
	"sync"
)

//go:generate go run ./pack

// packed is what ./pack makes of data/*.yaml: the same commands in a form that is quick to read.
//
//go:embed data/packed.json
var packed []byte

var builtin = sync.OnceValue(func() *Catalog {
	var commands []Command
	if err := json.Unmarshal(packed, &commands); err != nil {
		panic(fmt.Sprintf("built-in catalogue: %v", err)) // cannot be: a test reads what is embedded
	}
	return New(commands...)
})

// Builtin returns the embedded catalogue of SAE J1979, parsed at the first call.
func Builtin() *Catalog { return builtin() }
