package main

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

func (a *app) pid() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pid",
		Short: "PIDs and signals: list what there is, read some once",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.pidList(), a.pidRead())
	return cmd
}

// listed is one signal of `pid list --json`.
type listed struct {
	Request string  `json:"request"`
	Signal  string  `json:"signal"`
	Name    string  `json:"name"`
	Unit    string  `json:"unit,omitempty"`
	Min     float64 `json:"min"`
	Max     float64 `json:"max"`
}

func (a *app) pidList() *cobra.Command {
	var onlySupported bool
	cmd := &cobra.Command{
		Use:     "list [WORD...]",
		Short:   "Every signal that can be read, or those that match",
		Example: "  obdctl pid list\n  obdctl pid list oxygen\n  obdctl pid list --supported --adapter sim:",
		RunE: func(cmd *cobra.Command, args []string) error {
			cat, err := a.catalog(cmd.Context())
			if err != nil {
				return err
			}
			keep := func(*catalog.Command) bool { return true }
			if onlySupported {
				if keep, err = a.supportedBy(cmd); err != nil {
					return err
				}
			}
			return a.showSignals(collect(cat, keep, args))
		},
	}
	cmd.Flags().BoolVar(&onlySupported, "supported", false, "only what the connected vehicle has")
	return cmd
}

// supportedBy asks the vehicle; of the person's own signal sets what is beyond service 01 is kept: no bitmap
// tells of it.
func (a *app) supportedBy(cmd *cobra.Command) (func(*catalog.Command) bool, error) {
	s, err := a.dial(cmd.Context(), link.ReadOnly())
	if err != nil {
		return nil, err
	}
	support, _, err := s.tester.Supported(cmd.Context(), obd.ServiceCurrentData)
	if err = firstError(err, s.done()); err != nil {
		return nil, err
	}
	return func(c *catalog.Command) bool {
		if c.Service == obd.ServiceCurrentData {
			return support.Any(byte(c.ID))
		}
		return c.Source != ""
	}, nil
}

func collect(cat *catalog.Catalog, keep func(*catalog.Command) bool, words []string) []listed {
	rows := []listed{}
	for c := range cat.All() {
		if !keep(c) {
			continue
		}
		for i := range c.Signals {
			s := &c.Signals[i]
			haystack := strings.ToLower(strings.Join([]string{c.String(), c.Name, s.ID, s.Name}, " "))
			if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(haystack, strings.ToLower(w)) }) {
				continue
			}
			rows = append(rows, listed{Request: c.String(), Signal: s.ID, Name: s.Name, Unit: s.Unit, Min: s.Min, Max: s.Max})
		}
	}
	return rows
}

func (a *app) showSignals(rows []listed) error {
	if a.flags.json {
		return writeJSON(a.out, map[string]any{"schema": "obdctl.signals/1", "signals": rows})
	}
	if len(rows) == 0 {
		return errs.New(errs.BadInput, "no signal matches").WithHint("use fewer or more general words")
	}
	p := text.NewPage(a.width())
	var cells [][]text.Cell
	for _, r := range rows {
		cells = append(cells, []text.Cell{
			text.T(text.Faint, "%s", r.Request), text.T(text.Strong, "%s", r.Signal),
			text.C("%s", unit.Symbol(r.Unit)), text.C("%s", r.Name),
		})
	}
	p.Table(0, cells)
	return a.show(p)
}

// values is what `pid read --json` writes.
type values struct {
	Schema   string        `json:"schema"`
	Readings []obd.Reading `json:"readings"`
	Unread   []obd.Unread  `json:"unread"`
}

func (a *app) pidRead() *cobra.Command {
	return &cobra.Command{
		Use:               "read PID|SIGNAL...",
		Short:             "Read some PIDs or signals once, from every control unit that has them",
		Example:           "  obdctl pid read 0C 05\n  obdctl pid read RPM ECT --json\n  obdctl pid read --signals my.yaml MY_SIGNAL",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: completeSignals,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.dial(cmd.Context(), link.ReadOnly())
			if err != nil {
				return err
			}
			v, err := a.readOnce(cmd, s, args)
			err = firstError(err, s.done())
			if err != nil && len(v.Readings) == 0 {
				return err
			}
			if len(v.Readings) == 0 {
				err = errs.New(errs.Unsupported, "the vehicle answered none of them").
					WithHint("'obdctl pid list --supported' shows what it has")
			}
			return firstError(a.showValues(v), told(err))
		},
	}
}

// showValues shows what was read, be it a part.
func (a *app) showValues(v values) error {
	if a.flags.json {
		return writeJSON(a.out, v)
	}
	if len(v.Readings) == 0 {
		return nil
	}
	p := text.NewPage(a.width())
	p.Table(0, text.ReadingRows(v.Readings, a.imperial(), severalECUs(v.Readings)))
	return a.show(p)
}

func severalECUs(all []obd.Reading) bool {
	return slices.ContainsFunc(all, func(r obd.Reading) bool { return r.ECU != all[0].ECU })
}

func (a *app) readOnce(cmd *cobra.Command, s *session, args []string) (values, error) {
	v := values{Schema: "obdctl.values/1", Readings: []obd.Reading{}, Unread: []obd.Unread{}}
	var pids []byte
	var wants []diag.Want
	for _, arg := range args {
		if b, err := hex.DecodeString(arg); err == nil && len(b) == 1 {
			pids = append(pids, b[0])
			continue
		}
		w, err := wantsOf(s.tester, 0, arg)
		if err != nil {
			return v, err
		}
		wants = append(wants, w...)
	}
	for _, w := range wants {
		readings, missed, err := s.tester.Ask(cmd.Context(), w.Command)
		if err != nil {
			return v, err
		}
		v.Unread = append(v.Unread, missed...)
		for _, r := range readings {
			if slices.Contains(w.Signals, r.Signal) {
				v.Readings = append(v.Readings, r)
			}
		}
	}
	if len(pids) > 0 {
		readings, missed, err := s.tester.Read(cmd.Context(), pids...)
		v.Readings, v.Unread = append(v.Readings, readings...), append(v.Unread, missed...)
		return v, err
	}
	return v, nil
}
