// Command tabulate turns the readable data of package spn into the table that is embedded.
package main

import (
	"fmt"
	"os"

	"github.com/fleetms/obdctl/internal/catalog/spn/source"
)

func main() {
	table, err := source.Table(os.DirFS("data"))
	if err == nil {
		err = os.WriteFile("table/signals.tsv", table, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tabulate:", err)
		os.Exit(1)
	}
}
