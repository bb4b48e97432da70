package config

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/errs"
)

// parse reads the file by its nodes, so that a mistake has its line, and returns the values by setting.
func parse(path string, data []byte) (map[string]any, error) {
	root, err := document(path, data)
	if err != nil || root == nil {
		return nil, err
	}
	values := map[string]any{}
	return values, walk(path, "", root, values)
}

// document returns the top mapping, nil for an empty file.
func document(path string, data []byte) (*yaml.Node, error) {
	var doc yaml.Node
	err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&doc)
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, errs.New(errs.Usage, "configuration %s: %s", path, strings.TrimPrefix(err.Error(), "yaml: "))
	case len(doc.Content) == 0 || doc.Content[0].Tag == "!!null":
		return nil, nil
	case doc.Content[0].Kind != yaml.MappingNode:
		return nil, mistake(path, doc.Content[0], "settings are written as 'name: value'")
	}
	return doc.Content[0], nil
}

func walk(path, prefix string, node *yaml.Node, values map[string]any) error {
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		name := prefix + key.Value
		if isGroup(name) {
			if value.Kind != yaml.MappingNode {
				return mistake(path, value, name+" holds settings of its own, one a line and indented")
			}
			if err := walk(path, name+".", value, values); err != nil {
				return err
			}
			continue
		}
		s, err := Find(name)
		if err != nil {
			return mistake(path, key, "setting "+name+" is not known")
		}
		if _, twice := values[name]; twice {
			return mistake(path, key, name+" is set twice")
		}
		if values[name], err = s.decode(value); err != nil {
			return mistake(path, value, err.Error())
		}
	}
	return nil
}

// isGroup tells that settings stand below the name.
func isGroup(name string) bool {
	for _, s := range Settings() {
		if strings.HasPrefix(s.Name, name+".") {
			return true
		}
	}
	return false
}

// decode reads a node as the setting's value.
func (s Setting) decode(n *yaml.Node) (any, error) {
	if s.List {
		var list []string
		if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
			return []string{n.Value}, nil
		}
		if err := n.Decode(&list); err != nil {
			return nil, errors.New(s.Name + " is a list, such as [one, two]")
		}
		return list, nil
	}
	if n.Kind != yaml.ScalarNode {
		return nil, errors.New(s.Name + " is a single value")
	}
	if n.Tag == "!!null" {
		return s.zero(), nil
	}
	return s.read(n.Value)
}

func mistake(path string, at *yaml.Node, reason string) error {
	return errs.New(errs.Usage, "configuration %s: line %d: %s", path, at.Line, reason).WithHint("%s", known())
}
