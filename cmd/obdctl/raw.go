package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// never are the services that no confirmation opens: programming a control unit is not this tool's work.
var never = []obd.Service{0x34, 0x35, 0x36, 0x37, 0x38, 0x3D}

func (a *app) raw() *cobra.Command {
	var allow []string
	var yes bool
	cmd := &cobra.Command{
		Use:   "raw [LINE...]",
		Short: "Talk to the adapter by hand, with what could change the car refused",
		Long: `raw sends lines to the adapter and shows its answers: AT and ST commands, and requests in hexadecimal.
Lines come from the command line, from standard input, or from you (exit with Ctrl-D or 'exit').

Requests that could change the car are refused, and so are commands that would make the adapter send them
by itself or change it for good. --allow opens named services after a confirmation; programming
(services 34 to 38 and 3D) is never open.`,
		Example: `  obdctl raw ATI ATRV 0100
  obdctl raw --adapter sim:
  obdctl raw --allow 2F                  # asks you to confirm`,
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := a.allowed(cmd.Context(), allow, yes)
			if err != nil {
				return err
			}
			return a.console(cmd.Context(), list, args)
		},
	}
	cmd.Flags().StringSliceVar(&allow, "allow", nil, "services to open, hexadecimal, such as 04 or 2F")
	cmd.Flags().BoolVar(&yes, "yes", false, "confirm --allow: I know what these services do to this car")
	return cmd
}

func (a *app) allowed(ctx context.Context, services []string, yes bool) (link.Allow, error) {
	list := link.ReadOnly()
	for _, s := range services {
		n, err := strconv.ParseUint(s, 16, 8)
		if err != nil {
			return list, errs.New(errs.Usage, "--allow %s is not a service in hexadecimal", s)
		}
		if slices.Contains(never, obd.Service(n)) {
			return list, errs.New(errs.Denied, "service %s programs control units and is never open", s)
		}
		list = list.With(obd.Service(n))
	}
	if len(services) == 0 {
		return list, nil
	}
	warning := fmt.Sprintf("Services %s can change the car: erase data, move actuators, alter its configuration.\n"+
		"Only go on with the car standing, and when you know what each request does.", strings.Join(services, ", "))
	return list, a.confirm(ctx, yes, warning, "ALLOW")
}

func (a *app) console(ctx context.Context, allow link.Allow, lines []string) error {
	protocol, err := a.protocol()
	if err != nil {
		return err
	}
	options, closeRecord, err := a.wayIn(allow, protocol)
	if err != nil {
		return err
	}
	port, err := adapters.OpenPort(ctx, a.flags.adapter, options)
	if err != nil {
		return firstError(err, closeRecord())
	}
	stop := context.AfterFunc(ctx, func() { port.Close() }) // wakes a wait for the adapter at once
	defer stop()
	c, err := elm327.Attach(ctx, port, elm327.Options{SkipReset: a.flags.skipReset})
	if err == nil {
		err = a.talk(ctx, c, lines)
	}
	return firstError(err, port.Close(), closeRecord())
}

// rawAnswer is one line of `raw --json`.
type rawAnswer struct {
	Schema string        `json:"schema"`
	Sent   string        `json:"sent"`
	Answer []string      `json:"answer"`
	Error  *errorDetails `json:"error,omitempty"`
}

func (a *app) talk(ctx context.Context, c link.Console, lines []string) error {
	if len(lines) > 0 {
		for _, l := range lines {
			if err := a.sendLine(ctx, c, l); err != nil {
				return err
			}
		}
		return nil
	}
	if isTerminal(a.in) && isTerminal(a.out) {
		return a.interactive(ctx, c)
	}
	in := bufio.NewScanner(interruptible(ctx, a.in))
	for in.Scan() {
		if l := strings.TrimSpace(in.Text()); l != "" {
			if err := a.sendLine(ctx, c, l); err != nil {
				return err
			}
		}
	}
	return firstError(ctx.Err(), in.Err())
}

// sendLine sends one line and shows the answer. A refusal ends a script.
func (a *app) sendLine(ctx context.Context, c link.Console, line string) error {
	answer, err := c.Command(ctx, line)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if a.flags.json {
		r := rawAnswer{Schema: "obdctl.raw/1", Sent: line, Answer: []string{}}
		if answer != "" {
			r.Answer = strings.Split(answer, "\n")
		}
		if err != nil {
			d := describeError(err)
			r.Error = &d
		}
		if err != nil {
			err = told(err)
		}
		return firstError(writeLine(a.out, r), err)
	}
	for l := range strings.SplitSeq(answer, "\n") {
		fmt.Fprintln(a.out, text.Printable(l))
	}
	return err
}

// interactive edits lines with history; a refusal is shown and the console goes on.
func (a *app) interactive(ctx context.Context, c link.Console) error {
	in := a.in.(*os.File) // isTerminal has seen that
	old, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return fmt.Errorf("set up terminal: %w", err)
	}
	defer func() { _ = term.Restore(int(in.Fd()), old) }() // a terminal that is gone needs no restoring
	screen := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, a.out}, "> ")
	fmt.Fprintln(screen, "AT and ST commands or hexadecimal requests; exit with Ctrl-D.")
	for ctx.Err() == nil {
		line, err := screen.ReadLine()
		if errors.Is(err, io.EOF) {
			return nil // Ctrl-D
		}
		if err != nil {
			return err
		}
		line = strings.TrimSpace(line)
		if line == "exit" || line == "quit" {
			return nil
		}
		if line == "" {
			continue
		}
		answer, err := c.Command(ctx, line)
		for l := range strings.SplitSeq(answer, "\n") {
			fmt.Fprintln(screen, text.Printable(l))
		}
		if err != nil {
			fmt.Fprintln(screen, "error: "+err.Error())
		}
		if link.IsLost(err) {
			return err
		}
	}
	return ctx.Err()
}
