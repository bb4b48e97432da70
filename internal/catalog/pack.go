package catalog

import (
	"fmt"
	"io/fs"
)

// Pack reads data/*.yaml and returns it in the form that the program embeds.
func Pack(data fs.FS) ([]byte, error) {
	d, err := readData(data)
	if err != nil {
		return nil, fmt.Errorf("pack catalogue: %w", err)
	}
	return d.pack(), nil
}

// readData reads the YAML of the catalogue.
func readData(data fs.FS) (*contents, error) {
	names, err := fs.Glob(data, "service*.yaml")
	if err != nil {
		return nil, err
	}
	var d contents
	for _, name := range names {
		commands, err := parseFS(data, name, parseYAML)
		if err != nil {
			return nil, err
		}
		for i := range commands {
			commands[i].Source = ""
		}
		d.commands = append(d.commands, commands...)
	}
	if d.aliases, err = parseFS(data, "aliases.yaml", parseAliases); err != nil {
		return nil, err
	}
	d.presets, err = parseFS(data, "presets.yaml", parsePresets)
	return &d, err
}

func parseFS[T any](data fs.FS, name string, parse func([]byte) (T, error)) (T, error) {
	text, err := fs.ReadFile(data, name)
	if err != nil {
		var none T
		return none, err
	}
	parsed, err := parse(text)
	if err != nil {
		return parsed, fmt.Errorf("%s:%w", name, err)
	}
	return parsed, nil
}
