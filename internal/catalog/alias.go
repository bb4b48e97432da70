package catalog

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Canonical returns the canonical id of a signal that others call name: the id itself in any case, an SPN
// of SAE J1939 ("SPN 190"), a name from data/aliases.yaml or one of the catalogue's own. Case, blanks,
// punctuation and a unit in brackets at the end do not matter.
func (c *Catalog) Canonical(name string) (id string, ok bool) {
	if _, s := c.Find(strings.TrimSpace(name)); s != nil {
		return s.ID, true
	}
	if id, ok := c.aliases[plain(name)]; ok {
		return id, true
	}
	id, ok = c.names()[plain(name)]
	return id, ok
}

// ownNames returns the names of all signals; a name that two different signals have means neither.
func (c *Catalog) ownNames() map[string]string {
	names := make(map[string]string, len(c.bySignal))
	for _, cmd := range c.commands {
		for i := range cmd.Signals {
			s := &cmd.Signals[i]
			key := plain(s.Name)
			if id, taken := names[key]; taken && id != s.ID {
				names[key] = ""
				continue
			}
			names[key] = s.ID
		}
	}
	for key, id := range names {
		if id == "" {
			delete(names, key)
		}
	}
	return names
}

// plain reduces a name to what tells names apart: its letters and digits, in lower case, without a unit in
// brackets at the end.
func plain(name string) string {
	name = strings.TrimSpace(name)
	if strings.HasSuffix(name, ")") || strings.HasSuffix(name, "]") {
		if i := strings.LastIndexAny(name, "(["); i > 0 && !strings.HasSuffix(strings.ToLower(name), "(obd)") {
			name = name[:i]
		}
	}
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case r < 0x80:
			return -1
		}
		return r
	}, name)
}

// parseAliases reads data/aliases.yaml into plain name -> canonical id.
func parseAliases(data []byte) (map[string]string, error) {
	root, err := yamlRoot(data)
	if err != nil {
		return nil, err
	}
	aliases := map[string]string{}
	if root.Kind != yaml.MappingNode {
		return nil, at(root.Line, "aliases must be a mapping of canonical id: {spn, names}")
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		id := root.Content[i].Value
		add := func(name string, line int) error {
			if other, taken := aliases[plain(name)]; taken {
				return at(line, "%q means %s already", name, other)
			}
			aliases[plain(name)] = id
			return nil
		}
		err := readMapping(root.Content[i+1], "an alias", map[string]reader{
			"spn": func(n *yaml.Node) error {
				return readList(n, "spn", func(n *yaml.Node) error {
					if _, err := strconv.ParseUint(n.Value, 10, 19); err != nil {
						return at(n.Line, "%q is not an SPN", n.Value)
					}
					return add("SPN "+n.Value, n.Line)
				})
			},
			"names": func(n *yaml.Node) error {
				return readList(n, "names", func(n *yaml.Node) error { return add(n.Value, n.Line) })
			},
		})
		if err != nil {
			return nil, err
		}
	}
	return aliases, nil
}
