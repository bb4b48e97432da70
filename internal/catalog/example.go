package catalog

import (
	"encoding/hex"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// read reads {bytes: 1A F8, values: {RPM: 1726}}.
func (e *Example) read(n *yaml.Node) error {
	return readMapping(n, "example", map[string]reader{
		"bytes": func(n *yaml.Node) error {
			data, err := hex.DecodeString(strings.Join(strings.Fields(n.Value), ""))
			if err != nil || len(data) > maxBytes {
				return at(n.Line, "example bytes %q are not pairs of hexadecimal digits", n.Value)
			}
			e.Data = data
			return nil
		},
		"values": func(n *yaml.Node) error {
			if n.Kind != yaml.MappingNode {
				return at(n.Line, "example values must be a mapping of signal: value")
			}
			e.Values = make(map[string]any, len(n.Content)/2)
			for i := 0; i+1 < len(n.Content); i += 2 {
				e.Values[n.Content[i].Value] = scalar(resolve(n.Content[i+1]))
			}
			return nil
		},
	})
}

// scalar returns a plain number as one and everything else, quoted numbers too, as text.
func scalar(n *yaml.Node) any {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 && n.Tag != "!!null" {
		if v, err := strconv.ParseFloat(n.Value, 64); err == nil && !bad(v) {
			return v
		}
	}
	if n.Tag == "!!null" {
		return nil
	}
	return n.Value
}
