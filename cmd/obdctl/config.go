package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/config"
	"github.com/fleetms/obdctl/internal/errs"
)

func (a *app) config() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "What is set once: adapter, units, language, shop, database",
		Long: `config shows and changes the settings. Each comes from the configuration file, from an environment
variable or from a flag; a later one wins.`,
		Example: `  obdctl config show
  obdctl config set shop.name "Two Brothers Garage"
  obdctl config set units imperial
  obdctl config path`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(a.configShow(), a.configGet(), a.configSet(), a.configPath())
	return cmd
}

// settingDocument is one setting in JSON.
type settingDocument struct {
	Name    string        `json:"name"`
	Value   string        `json:"value"`
	Origin  config.Origin `json:"origin"`
	Env     string        `json:"environment"`
	Text    string        `json:"text"`
	Allowed []string      `json:"allowed,omitempty"`
}

type settingsDocument struct {
	Schema   string            `json:"schema"`
	Path     string            `json:"path"`
	Exists   bool              `json:"exists"`
	Settings []settingDocument `json:"settings"`
}

func (a *app) configShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Every setting with its value and where it comes from",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.flags.json {
				return writeJSON(a.out, a.settings())
			}
			return a.show(text.Settings(a.conf.Path, a.conf.Exists, a.settingRows(), a.textOptions(false)))
		},
	}
}

func (a *app) settings() settingsDocument {
	doc := settingsDocument{Schema: "obdctl.settings/1", Path: a.conf.Path, Exists: a.conf.Exists}
	for _, s := range config.Settings() {
		doc.Settings = append(doc.Settings, settingDocument{
			Name: s.Name, Value: a.conf.Value(s.Name), Origin: a.conf.Origins[s.Name], Env: s.Env(), Text: s.Text, Allowed: s.Allowed,
		})
	}
	return doc
}

func (a *app) settingRows() []text.Setting {
	var rows []text.Setting
	for _, s := range a.settings().Settings {
		rows = append(rows, text.Setting{Name: s.Name, Value: s.Value, Origin: string(s.Origin), Env: s.Env, Text: s.Text})
	}
	return rows
}

func (a *app) configGet() *cobra.Command {
	return &cobra.Command{
		Use:   "get NAME",
		Short: "The value of one setting",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := config.Find(args[0])
			if err != nil {
				return err
			}
			if a.flags.json {
				doc := a.settings()
				doc.Settings = slices.DeleteFunc(doc.Settings, func(d settingDocument) bool { return d.Name != s.Name })
				return writeJSON(a.out, doc)
			}
			_, err = fmt.Fprintln(a.out, a.conf.Value(s.Name))
			return err
		},
		ValidArgsFunction: completeSetting,
	}
}

func (a *app) configSet() *cobra.Command {
	return &cobra.Command{
		Use:   "set NAME VALUE",
		Short: "Write a setting into the configuration file",
		Long: `set writes one setting into the file and leaves everything else in it alone, comments too. Lists are
written with commas; an empty value removes the setting.`,
		Example: `  obdctl config set adapter tcp://192.168.0.10:35000
  obdctl config set shop.color "#1A5FB4"
  obdctl config set signals ""`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := config.Set(a.flags.config, args[0], args[1]); err != nil {
				return err
			}
			if env := os.Getenv(config.Setting{Name: args[0]}.Env()); env != "" {
				a.notice(true, fmt.Sprintf("%s is set too and wins over the file", config.Setting{Name: args[0]}.Env()))
			}
			return nil
		},
		ValidArgsFunction: completeSetting,
	}
}

func completeSetting(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var words []string
	for _, s := range config.Settings() {
		switch {
		case len(args) == 0:
			words = append(words, s.Name+"\t"+s.Text)
		case len(args) == 1 && s.Name == args[0]:
			words = s.Allowed
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) configPath() *cobra.Command {
	return &cobra.Command{
		Use:   "path",
		Short: "Where the configuration file is",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.conf.Path == "" {
				return errs.New(errs.Internal, "the place of the configuration is not known")
			}
			if a.flags.json {
				return writeJSON(a.out, map[string]any{"schema": "obdctl.path/1", "path": a.conf.Path, "exists": a.conf.Exists})
			}
			_, err := fmt.Fprintln(a.out, a.conf.Path)
			return err
		},
	}
}
