package main

import (
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/module"
	"github.com/fleetms/obdctl/internal/errs"
)

// makerNamed finds a maker's table by a part of its name; the empty name is none.
func makerNamed(name string) (module.Maker, error) {
	if name == "" {
		return module.Maker{}, nil
	}
	var names []string
	for _, m := range module.Builtin() {
		if strings.Contains(strings.ToLower(m.Name), strings.ToLower(name)) {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return module.Maker{}, errs.New(errs.Usage, "there is no table for %q", name).WithHint("tables: %s", strings.Join(names, "; "))
}
