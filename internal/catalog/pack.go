package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
)

// Pack turns the commands of service*.yaml in data into JSON, one command a line.
func Pack(data fs.FS) ([]byte, error) {
	names, err := fs.Glob(data, "service*.yaml")
	if err != nil {
		return nil, fmt.Errorf("pack catalogue: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("[")
	for i, name := range names {
		text, err := fs.ReadFile(data, name)
		if err != nil {
			return nil, fmt.Errorf("pack catalogue: %w", err)
		}
		commands, err := parseYAML(text)
		if err != nil {
			return nil, fmt.Errorf("pack catalogue: %s:%w", name, err)
		}
		for j := range commands {
			commands[j].Source = ""
			line, err := json.Marshal(&commands[j])
			if err != nil {
				return nil, fmt.Errorf("pack catalogue: %s: %w", commands[j].String(), err)
			}
			if i+j > 0 {
				out.WriteString(",")
			}
			out.WriteString("\n")
			out.Write(line)
		}
	}
	out.WriteString("\n]\n")
	return out.Bytes(), nil
}
