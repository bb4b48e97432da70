package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/errs"
)

const rootLong = `obdctl reads cars and trucks: through any ELM327-class adapter, over CAN,
Ethernet, Bluetooth or a pass-thru device. It finds the adapter and the protocol
by itself, asks every control unit, and says what the answers mean.

What could change the car is sent only after you confirmed it, by the few
commands that say so: 'dtc clear', 'control', 'uds', 'raw --allow', 'can send'.

Adapters (--adapter, OBDCTL_ADAPTER, or 'adapter:' in the configuration):
  auto                                  look for one (the default)
  serial:///dev/ttyUSB0?baud=38400      a serial port; the speed may be left out
  serial://COM5                         the same on Windows
  tcp://192.168.0.10:35000              a Wi-Fi adapter
  ble://NAME                            Bluetooth Low Energy
  rfcomm://AA:BB:CC:DD:EE:FF            classic Bluetooth, Linux
  can://can0?bitrate=500000             a CAN interface, Linux
  slcan:///dev/ttyACM0?bitrate=500000   a CAN adapter on a serial port (LAWICEL)
  j2534://auto                          a pass-thru device, Windows
  doip://192.168.0.30                   a vehicle on Ethernet
  sim:                                  a simulated car; see 'obdctl sim list'
  replay:FILE                           a recording, or a candump, .asc or .trc log`

const exitCodes = `Exit codes:
  0    read (what could not be read is listed)
  1    a defect of obdctl or an unknown error
  2    wrong flags, arguments or configuration
  3    no adapter: none found, port busy or not permitted
  4    no vehicle: the adapter works, nothing answers
  5    adapter fault: it misbehaves or was lost
  6    input that cannot be understood
  7    refused: read-only, not confirmed, engine running
  8    not supported by this platform, adapter or vehicle
  9    batch: a job failed
  10   --fail-on: what was asked for was found
  130  interrupted`

func (a *app) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "obdctl",
		Short: "Read and understand cars through OBD-II",
		Long:  rootLong + "\n\n" + exitCodes,
		Example: `  obdctl                                   # the workstation, on a terminal
  obdctl scan                              # one complete diagnosis
  obdctl scan --adapter sim:               # the same of a simulated car
  obdctl dtc explain P0301                 # what a code means, no car needed
  obdctl live RPM ECT SHRTFT1              # watch values
  obdctl scan --record car.obdrec          # keep every byte; replay:car.obdrec reads it again`,
		Version:           buildVersion(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: a.configure,
		Args:              cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.canDraw() && !a.flags.json {
				return a.work(cmd.Context(), workFlags{})
			}
			return cmd.Help()
		},
	}
	cmd.SetVersionTemplate("obdctl {{.Version}}\n")
	cmd.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError(c, err) })
	a.persistentFlags(cmd)
	cmd.AddGroup(
		&cobra.Group{ID: "car", Title: "Read a car:"},
		&cobra.Group{ID: "shop", Title: "What was kept:"},
		&cobra.Group{ID: "desk", Title: "Without a car:"},
		&cobra.Group{ID: "tools", Title: "Adapters and tools:"},
	)
	for _, sub := range []struct {
		group string
		cmds  []*cobra.Command
	}{
		{"car", []*cobra.Command{a.workstation(), a.scan(), a.dtc(), a.freeze(), a.monitors(), a.tests(), a.info(), a.pid(), a.live(), a.control(), a.modules(), a.watchBay()}},
		{"shop", []*cobra.Command{a.vehicle(), a.history(), a.compare(), a.predict(), a.model(), a.outcome(), a.trip(), a.driver(), a.search(), a.note(), a.order(), a.customer(), a.file(), a.batch(), a.importFiles(), a.db(), a.export(), a.plot()}},
		{"desk", []*cobra.Command{a.decode(), a.report(), a.sim()}},
		{"tools", []*cobra.Command{a.adapter(), a.can(), a.raw(), a.uds(), a.j1939(), a.config(), a.schema(), a.version()}},
	} {
		for _, c := range sub.cmds {
			c.GroupID = sub.group
			cmd.AddCommand(c)
		}
	}
	cmd.AddCommand(a.man(cmd))
	usageEverywhere(cmd)
	return cmd
}

func (a *app) persistentFlags(cmd *cobra.Command) {
	f := cmd.PersistentFlags()
	f.StringVarP(&a.flags.adapter, "adapter", "a", "auto", "address of the adapter, see 'obdctl --help'")
	f.StringVar(&a.flags.protocol, "protocol", "", "diagnostic line, such as can11-500 (default: found by the adapter)")
	f.IntVar(&a.flags.baud, "raise-baud", 0, "raise a serial line to this speed, such as 500000, if the adapter can")
	f.BoolVar(&a.flags.skipReset, "skip-reset", false, "do not reset the adapter first; some Bluetooth clones drop the line on ATZ")
	f.IntVar(&a.flags.spnMethod, "spn-method", 0, "how old trucks write SPNs: `1`, 2 or 3, where their codes carry the conversion bit (default 3)")
	f.StringVar(&a.flags.record, "record", "", "write every byte of the dialogue to `FILE`")
	f.StringSliceVar(&a.flags.signals, "signals", nil, "signal sets: own YAML, OBDb v3 JSON or DBC, `FILE|DIR`")
	f.StringSliceVar(&a.flags.codes, "codes", nil, "own trouble codes, CSV `FILE`")
	f.StringVar(&a.flags.units, "units", "metric", "metric or imperial, for text only")
	f.StringVar(&a.flags.color, "color", "auto", "auto, always or never")
	f.StringVar(&a.flags.progress, "progress", "auto", "auto, plain or none")
	f.StringVar(&a.flags.db, "db", "", "database `FILE` (default: 'obdctl db path'; also OBDCTL_DB)")
	f.StringVar(&a.flags.config, "config", "", "configuration `FILE` (default: obdctl/config.yaml in the XDG configuration folder)")
	f.BoolVar(&a.flags.json, "json", false, "JSON instead of text, see docs/schema.md")
	f.BoolVarP(&a.flags.quiet, "quiet", "q", false, "no progress and no notices")
	f.BoolVarP(&a.flags.verbose, "verbose", "v", false, "say what the adapter does")
	for name, words := range map[string][]string{
		"adapter":  {"auto", "serial://", "tcp://", "ble://", "rfcomm://", "can://", "slcan://", "j2534://", "doip://", "sim:", "replay:"},
		"units":    {"metric", "imperial"},
		"color":    {"auto", "always", "never"},
		"progress": {"auto", "plain", "none"},
		"protocol": protocolNames(),
	} {
		completeFlag(cmd, name, words...)
	}
}

// completeFlag offers words for a flag's value. That the flag is not defined is a defect which every start
// would show.
func completeFlag(cmd *cobra.Command, name string, words ...string) {
	offer := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	if err := cmd.RegisterFlagCompletionFunc(name, offer); err != nil {
		panic(err)
	}
}

// usageEverywhere turns cobra's own argument errors into usage errors with a hint.
func usageEverywhere(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError(c, suggest(c, args, err))
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		usageEverywhere(sub)
	}
}

// suggest adds the command that was probably meant; NoArgs leaves that out.
func suggest(c *cobra.Command, args []string, err error) error {
	if !c.HasSubCommands() || len(args) == 0 {
		return err
	}
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("%w; did you mean %s", err, strings.Join(near, " or "))
	}
	return err
}

func usageError(c *cobra.Command, err error) error {
	return errs.New(errs.Usage, "%w", err).WithHint("see '%s --help'", c.CommandPath())
}
