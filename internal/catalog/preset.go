package catalog

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Preset is a named group of signals to read together.
type Preset struct {
	Name    string
	Title   string
	Signals []string // canonical ids, the most telling first
}

// Presets returns the groups in the order of their file.
func (c *Catalog) Presets() []Preset { return slices.Clone(c.presets) }

// Preset returns the group with that name.
func (c *Catalog) Preset(name string) (Preset, bool) {
	for _, p := range c.presets {
		if p.Name == name {
			return p, true
		}
	}
	return Preset{}, false
}

// parsePresets reads data/presets.yaml.
func parsePresets(data []byte) ([]Preset, error) {
	root, err := yamlRoot(data)
	if err != nil {
		return nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, at(root.Line, "presets must be a mapping of name: {title, signals}")
	}
	var presets []Preset
	for i := 0; i+1 < len(root.Content); i += 2 {
		p := Preset{Name: root.Content[i].Value}
		err := readMapping(root.Content[i+1], "a preset", map[string]reader{
			"title": readText(&p.Title, maxName),
			"signals": func(n *yaml.Node) error {
				return readList(n, "signals", func(n *yaml.Node) error {
					p.Signals = append(p.Signals, n.Value)
					return nil
				})
			},
		})
		if err != nil {
			return nil, err
		}
		presets = append(presets, p)
	}
	return presets, nil
}
