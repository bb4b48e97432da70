package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

const commandedTestsConsequences = `Each node is told by DM7 to send the last results of its tests. No test is started by that, but it is a command
and no request, and what a node makes of it is up to its maker.`

// commandedTests is what `j1939 tests --json` writes.
type commandedTests struct {
	Schema string            `json:"schema"`
	Tests  []obd.MonitorTest `json:"tests"`
	Unread []obd.Unread      `json:"unread"`
}

// testsOptions are the flags of `j1939 tests`.
type testsOptions struct {
	iKnow      string
	yes, force bool
}

func (a *app) j1939Tests() *cobra.Command {
	var o testsOptions
	cmd := &cobra.Command{
		Use:   "tests",
		Short: "Test results of nodes that give them only by command (DM7)",
		Long: commandedTestsConsequences + `

'obdctl tests' requests the results (DM30), which sends no command; many nodes refuse that. This command asks for every
parameter that a node lists with test results (DM24), by test 247, and needs a vehicle that stands.`,
		Example: "  obdctl j1939 tests --i-know tests\n  obdctl j1939 tests --i-know tests --yes --json     # for scripts",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.commandTests(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.iKnow, "i-know", "", "say that you know what the command does: its own `NAME`, tests")
	f.BoolVar(&o.yes, "yes", false, "confirm without being asked, for scripts")
	f.BoolVar(&o.force, "engine-state-unknown", false, "go on although the vehicle does not tell whether it stands")
	return cmd
}

func (a *app) commandTests(ctx context.Context, o testsOptions) error {
	if o.iKnow != "tests" {
		return errs.New(errs.Denied, "%s", commandedTestsConsequences).WithHint("if you know what it does, repeat with --i-know tests")
	}
	if err := a.confirm(ctx, o.yes, commandedTestsConsequences, "GO"); err != nil {
		return err
	}
	var standing link.Latch // closed until the vehicle is known to stand
	s, err := a.dial(ctx, link.ReadOnly().BehindPGN(&standing, link.PGNCommandTest))
	if err != nil {
		return err
	}
	tests, missed, err := a.testsOf(ctx, s, &standing, o.force)
	if err := firstError(err, s.done()); err != nil {
		return err
	}
	if a.flags.json {
		return writeJSON(a.out, commandedTests{Schema: "obdctl.tests/1", Tests: tests, Unread: append([]obd.Unread{}, missed...)})
	}
	options := a.textOptions(true)
	return a.show(text.Tests(&obd.Scan{Tests: tests, Unread: missed, Complete: []obd.Step{obd.StepTests}}, options))
}

func (a *app) testsOf(ctx context.Context, s *session, standing *link.Latch, force bool) ([]obd.MonitorTest, []obd.Unread, error) {
	if _, _, err := s.tester.Supported(ctx, obd.ServiceCurrentData); err != nil {
		return nil, nil, err
	}
	if err := s.tester.Stationary(ctx, force); err != nil {
		return nil, nil, err
	}
	standing.Open()
	return s.tester.CommandedTests(ctx)
}
