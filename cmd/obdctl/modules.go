package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog/module"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// modulesFound is what `modules --json` writes.
type modulesFound struct {
	Schema  string        `json:"schema"`
	VIN     string        `json:"vin,omitempty"`
	Maker   string        `json:"maker,omitempty"` // whose table was used
	Modules []diag.Module `json:"modules"`
}

// moduleSearch is what `modules` was given.
type moduleSearch struct {
	diag.Discovery
	maker string
}

func (a *app) modules() *cobra.Command {
	var o moduleSearch
	cmd := &cobra.Command{
		Use:   "modules",
		Short: "Find control units beyond the engine: brakes, airbag, body (read-only)",
		Long: `modules asks at the legislated addresses and at those where the car's maker puts its control units, which the VIN
tells, and lists who answers with part numbers, and with --dtc the trouble codes.

It only reads (services 3E, 22 and 19), at a rate that gateways stand. Units on a bus of their own are seen only
where the gateway passes requests on. Not finding one does not mean that the car has none.`,
		Example: "  obdctl modules\n  obdctl modules --dtc --maker ford",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.findModules(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.Codes, "dtc", false, "read the trouble codes of each unit")
	f.BoolVar(&o.Sweep, "sweep", false, "try every 11-bit address from 700 to 7EF too; takes half a minute")
	f.StringVar(&o.maker, "maker", "", "use the table of this maker, whatever the VIN says; a part of the name is enough")
	f.Float64Var(&o.Rate, "rate", 10, "requests per second at most")
	f.Float64Var(&o.MinVolts, "min-volts", 11.8, "stop below this supply voltage; 0 for no watch")
	return cmd
}

func (a *app) findModules(ctx context.Context, o moduleSearch) error {
	if o.Rate <= 0 {
		return errs.New(errs.Usage, "--rate %g is no rate", o.Rate)
	}
	named, err := makerNamed(o.maker)
	if err != nil {
		return err
	}
	s, err := a.dial(ctx, link.ReadOnly())
	if err != nil {
		return err
	}
	document, err := a.modulesOver(ctx, s, o, named)
	if err == nil || len(document.Modules) > 0 {
		err = firstError(a.showModules(document), told(err))
	}
	return firstError(err, s.done())
}

func (a *app) modulesOver(ctx context.Context, s *session, o moduleSearch, maker module.Maker) (modulesFound, error) {
	out := modulesFound{Schema: "obdctl.modules/1", Modules: []diag.Module{}}
	if _, _, err := s.tester.Supported(ctx, obd.ServiceCurrentData); err != nil {
		return out, err
	}
	units, _, err := s.tester.VIN(ctx)
	if err != nil {
		return out, err
	}
	for _, u := range units {
		if out.VIN == "" {
			out.VIN = u.VIN
		}
	}
	if maker.Name == "" {
		maker, _ = module.ForVIN(out.VIN)
	}
	out.Maker, o.Places = maker.Name, maker.Modules
	o.Progress = func(place module.Module, nth, of int) {
		a.notice(false, fmt.Sprintf("%d of %d: %s at %s", nth, of, place.Name, place.Request))
	}
	found, err := s.tester.Discover(ctx, o.Discovery)
	if found != nil {
		out.Modules = found
	}
	if err == nil && len(found) == 0 {
		err = errs.New(errs.NoVehicle, "no control unit answered").WithHint("switch the ignition on and try again")
	}
	return out, err
}

func (a *app) showModules(m modulesFound) error {
	if a.flags.json {
		return writeJSON(a.out, m)
	}
	return a.show(text.Modules(m.VIN, m.Maker, m.Modules))
}
