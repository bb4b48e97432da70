// Command tabulate makes the embedded table of trouble codes from the readable data.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fleetms/obdctl/internal/catalog/dtc/source"
)

func main() {
	if err := run("data", "table"); err != nil {
		fmt.Fprintln(os.Stderr, "tabulate:", err)
		os.Exit(1)
	}
}

// run reads the folder from and writes the tables into the folder to.
func run(from, to string) error {
	entries, err := source.Read(os.DirFS(from))
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	failures, err := source.FailureTable(os.DirFS(from))
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	codes, advice := source.Tables(entries)
	for name, table := range map[string][]byte{"codes": codes, "advice": advice, "failure": failures} {
		if err := os.WriteFile(filepath.Join(to, name+".tsv"), table, 0o644); err != nil {
			return err
		}
	}
	return nil
}
