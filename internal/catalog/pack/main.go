// Command pack turns the catalogue's YAML, its source, into the one file that is embedded (reading YAML
// takes far longer than a program may take to start) and into docs/signals.md. Run by go generate in
// internal/catalog.
package main

import (
	"fmt"
	"os"

	"github.com/fleetms/obdctl/internal/catalog"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	data := os.DirFS("data")
	packed, err := catalog.Pack(data)
	if err != nil {
		return err
	}
	page, err := catalog.Page(data)
	if err != nil {
		return err
	}
	if err := os.WriteFile("data/packed.bin", packed, 0o644); err != nil {
		return err
	}
	return os.WriteFile("../../docs/signals.md", page, 0o644)
}
