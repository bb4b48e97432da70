// Command pack turns the catalogue's YAML, its source, into the one file that is embedded: reading
// YAML takes far longer than a program may take to start. Run by go generate in internal/catalog.
package main

import (
	"fmt"
	"os"

	"github.com/fleetms/obdctl/internal/catalog"
)

func main() {
	packed, err := catalog.Pack(os.DirFS("data"))
	if err == nil {
		err = os.WriteFile("data/packed.bin", packed, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}
