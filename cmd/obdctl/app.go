package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/config"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// app is one run of the program: where it reads and writes, and what was set.
type app struct {
	in     io.Reader
	out    io.Writer // as given; print goes through show
	err    io.Writer
	getenv func(string) string

	flags flags
	conf  config.Loaded
	keys  *keyRing
	held  *heldStore // the workstation's; nil where every command opens the database for itself
}

// flags are those that every command has.
type flags struct {
	adapter, config, record string
	db                      string
	protocol, units, color  string
	progress                string
	signals, codes          []string
	baud, spnMethod         int
	json, quiet, verbose    bool
	noSave                  bool
	skipReset               bool
}

func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if errors.Is(err, syscall.EPIPE) {
		return 0 // the reader had enough, as `| head` does
	}
	if verdict, ok := errors.AsType[interface {
		error
		code() int
	}](err); ok {
		return verdict.code()
	}
	if ctx.Err() != nil {
		err = errs.New(errs.Cancelled, "interrupted")
	}
	if _, fault := errors.AsType[*link.Fault](err); fault && errs.KindOf(err) == errs.Internal {
		err = errs.New(errs.Adapter, "%w", err)
	}
	a.fail(err)
	return errs.KindOf(err).ExitCode()
}

// fail says what went wrong and what to do next: to people on stderr, to programs on stdout.
func (a *app) fail(err error) {
	if _, told := errors.AsType[toldError](err); a.flags.json && !told {
		_ = writeLine(a.out, errorDocument{Schema: "obdctl.error/1", Error: describeError(err)}) // stderr follows
	}
	w := a.colored(a.err)
	line := text.T(text.Bad, "error:")
	printLine(w, text.C("obdctl:"), line, text.C("%s", err.Error()))
	if hint := errs.HintOf(err); hint != "" {
		printLine(w, text.C("obdctl:"), text.T(text.Warn, "hint:"), text.C("%s", hint))
	}
}

func printLine(w io.Writer, cells ...text.Cell) {
	p := text.NewPage(0)
	p.Line(0, cells...)
	_, _ = p.WriteTo(w) // there is nowhere left to report it
}

// show writes a page for people, in colour where that is wanted.
func (a *app) show(p *text.Page) error {
	_, err := p.WriteTo(a.colored(a.out))
	return err
}

// colored passes colours on only to a terminal that wants them (NO_COLOR, CLICOLOR, TERM, --color). The
// environment alone decides: asking tmux or the terminal would take longer than a whole frame.
func (a *app) colored(w io.Writer) io.Writer {
	profile := colorprofile.NoTTY
	if isTerminal(w) || a.getenv("CLICOLOR_FORCE") != "" {
		profile = min(colorprofile.Env(os.Environ()), colorprofile.ANSI)
	}
	switch a.colorChoice() {
	case "never":
		profile = colorprofile.NoTTY
	case "always":
		profile = colorprofile.ANSI
	}
	return &colorprofile.Writer{Forward: w, Profile: profile}
}

func (a *app) colorChoice() string {
	return a.flags.color
}

func (a *app) imperial() bool { return a.flags.units == "imperial" }

// textOptions are the page options of this run.
func (a *app) textOptions(all bool) text.Options {
	return text.Options{Imperial: a.imperial(), Width: a.width(), Zone: localZone(), All: all}
}

// width is the terminal's, or 100 columns where there is none, so that files read well.
func (a *app) width() int {
	if f, ok := a.out.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return 100
}

func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// settingFlags are the flags that lay a value over a setting, by flag.
var settingFlags = map[string]string{"adapter": "adapter", "units": "units", "color": "color", "db": "db", "theme": "theme"}

// configure reads the settings and lays the flags over them, before any command runs.
func (a *app) configure(cmd *cobra.Command, _ []string) error {
	if err := a.checkChoices(); err != nil {
		return err
	}
	given := map[string]any{}
	for flag, setting := range settingFlags {
		if f := cmd.Flags().Lookup(flag); f != nil && f.Changed {
			given[setting] = f.Value.String()
		}
	}
	conf, err := await(cmd.Context(), func() (config.Loaded, error) { return config.Load(a.flags.config, a.getenv, given) })
	if err != nil {
		return err
	}
	a.conf, a.keys = conf, &keyRing{}
	a.flags.adapter, a.flags.units, a.flags.color = conf.Adapter, conf.Units, conf.Color
	a.flags.signals = append(conf.Signals, a.flags.signals...)
	a.flags.codes = append(conf.Codes, a.flags.codes...)
	return nil
}

func (a *app) checkChoices() error {
	for _, c := range []struct{ flag, value, allowed string }{
		{"units", a.flags.units, "metric imperial"},
		{"color", a.flags.color, "auto always never"},
		{"progress", a.flags.progress, "auto plain none"},
	} {
		if !strings.Contains(" "+c.allowed+" ", " "+c.value+" ") {
			return errs.New(errs.Usage, "--%s %s is not known", c.flag, c.value).
				WithHint("use one of: %s", strings.ReplaceAll(c.allowed, " ", ", "))
		}
	}
	if m := a.flags.spnMethod; m < 0 || m > 3 {
		return errs.New(errs.Usage, "--spn-method %d is not known", m).
			WithHint("1, 2 or 3; codes without the conversion bit are read by method 4 in any case")
	}
	return nil
}
