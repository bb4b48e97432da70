package main

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/tui"
	"github.com/fleetms/obdctl/tui/screen"
)

// workFlags are those of the workstation.
type workFlags struct{ theme, page string }

func (a *app) workstation() *cobra.Command {
	var f workFlags
	cmd := &cobra.Command{
		Use:   "tui",
		Short: "The workstation in the terminal; the same as obdctl without arguments",
		Long: `tui opens the workstation: connect, scan, codes, freeze frames, live values, garage,
history and trips, by keys or mouse. Press ? for help on any page, : for every command. With --adapter it connects at once.`,
		Example: "  obdctl\n  obdctl tui --adapter sim:\n  obdctl tui --theme light",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !a.canDraw() {
				return errs.New(errs.Unsupported, "the workstation needs a terminal that can move its cursor").
					WithHint("'obdctl scan' and 'obdctl live' work everywhere")
			}
			return a.work(cmd.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.theme, "theme", "", "auto, dark, light, contrast or none (default: the configuration's)")
	cmd.Flags().StringVar(&f.page, "page", "", "the page to open first, such as garage")
	completeFlag(cmd, "theme", "auto", "dark", "light", "contrast", "none")
	return cmd
}

// canDraw tells that both ends are a terminal which can move its cursor.
func (a *app) canDraw() bool {
	return isTerminal(a.in) && isTerminal(a.out) && a.getenv("TERM") != "dumb"
}

// work runs the workstation until it is left. What it records is finished then, also after a panic.
func (a *app) work(ctx context.Context, f workFlags) error {
	look, err := a.look()
	if err != nil {
		return err
	}
	if a.conf.Key == "prompt" { // the terminal is free to ask now and not later
		_, done, err := a.tenant(ctx)
		if err = firstError(err, closing(done)); err != nil {
			return err
		}
	}
	quiet := *a
	quiet.flags.quiet = true // nothing may write beside the screens
	quiet.held = &heldStore{}
	defer quiet.held.close() // after a panic; else it is closed below, with its error
	var program *tea.Program
	b := newBay(ctx, &quiet, func(m tea.Msg) { program.Send(m) })
	defer b.close()
	model := tui.New(ctx, tui.Options{
		Pages: b.pages(ctx), First: f.page, Look: look, Theme: a.theme(f), ASCII: !a.speaksUnicode(), Quit: b.close,
	})
	program = tea.NewProgram(model, tea.WithContext(ctx), tea.WithInput(a.in), tea.WithOutput(a.out),
		tea.WithColorProfile(a.profile()), tea.WithoutSignalHandler())
	_, err = program.Run()
	b.close() // whatever it still keeps needs the database
	err = firstError(err, quiet.held.close())
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return errs.New(errs.Internal, "the workstation stopped: %w", err).WithHint("what was recorded is kept; please report the lines above")
	case ctx.Err() != nil:
		return errs.New(errs.Cancelled, "interrupted")
	}
	return err
}

func closing(f func() error) error {
	if f == nil {
		return nil
	}
	return f()
}

// look is language, units and zone by the settings.
func (a *app) look() (screen.Look, error) {
	words, err := lang.Get(a.conf.Language)
	if err != nil {
		return screen.Look{}, errs.New(errs.Usage, "%w", err)
	}
	zone := localZone()
	if a.conf.Zone != "" {
		if zone, err = time.LoadLocation(a.conf.Zone); err != nil {
			return screen.Look{}, errs.New(errs.Usage, "zone: %w", err)
		}
	}
	return screen.Look{Words: words, Imperial: a.imperial(), Zone: zone, Linear: a.conf.Linear}, nil
}

func (a *app) theme(f workFlags) string {
	switch {
	case f.theme != "":
		return f.theme
	case a.flags.color == "never" || a.getenv("NO_COLOR") != "" && a.flags.color != "always":
		return "none"
	case a.conf.Theme != "":
		return a.conf.Theme
	}
	return "auto"
}

// profile is what colours the terminal shows, by the environment alone: asking the terminal takes longer than a
// whole frame. Weight and underline stay where there are none.
func (a *app) profile() colorprofile.Profile {
	return max(colorprofile.Env(os.Environ()), colorprofile.ASCII)
}

// speaksUnicode tells that the terminal shows signs beyond ASCII.
func (a *app) speaksUnicode() bool {
	if runtime.GOOS == "windows" {
		return true
	}
	if a.getenv("TERM") == "linux" {
		return false // the console's font has no braille
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(a.getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return runtime.GOOS == "darwin"
}
