package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

var extensions = []string{".yaml", ".yml", ".json", ".dbc"}

// LoadFile reads the signals of one file: our own YAML form, an OBDb v3 signal set (JSON) or a DBC
// file, told apart by their content; of a folder those of [LoadDir]. Errors are of kind [errs.BadInput] and
// read "file:line: reason".
func LoadFile(path string) ([]Command, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return LoadDir(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.New(errs.BadInput, "%w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return nil, errs.New(errs.BadInput, "%w", err)
	}
	if len(data) > maxFileBytes {
		return nil, errs.New(errs.BadInput, "%s:1: the file is larger than %d MiB", path, maxFileBytes>>20)
	}
	return Parse(path, data)
}

// Parse reads the content of a signal file; name stands in errors and in [Command.Source].
func Parse(name string, data []byte) ([]Command, error) {
	commands, err := parser(data)(data)
	if line, ok := errors.AsType[*lineError](err); ok {
		return nil, errs.New(errs.BadInput, "%s:%d: %s", name, line.line, line.reason).
			WithHint("docs/adding-a-pid.md describes the forms that signal files may have")
	}
	if err != nil {
		return nil, errs.New(errs.BadInput, "%s:1: %w", name, err)
	}
	for i := range commands {
		commands[i].Source = fmt.Sprintf("%s:%s", name, commands[i].Source)
	}
	settle(commands)
	return commands, nil
}

// LoadDir reads every signal file below a folder (.yaml, .yml, .json, .dbc) in the order of their names.
func LoadDir(path string) ([]Command, error) {
	var all []Command
	err := filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return errs.New(errs.BadInput, "%w", err)
		}
		if !d.Type().IsRegular() || !slices.Contains(extensions, strings.ToLower(filepath.Ext(file))) {
			return nil
		}
		commands, err := LoadFile(file)
		all = append(all, commands...)
		return err
	})
	if err == nil && len(all) == 0 {
		err = errs.New(errs.BadInput, "%s holds no signal files", path).
			WithHint("signal files end in .yaml, .yml, .json or .dbc")
	}
	return all, err
}

// parser tells the forms apart: JSON starts with a brace, DBC with a keyword.
func parser(data []byte) func([]byte) ([]Command, error) {
	start := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if bytes.HasPrefix(start, []byte("{")) {
		return parseOBDb
	}
	if isDBC(start) {
		return parseDBC
	}
	return parseYAML
}
