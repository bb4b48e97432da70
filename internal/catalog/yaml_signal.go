package catalog

import (
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readSignal reads one signal of c and appends it.
func (d *document) readSignal(c *Command, n *yaml.Node) error {
	if d.signals++; d.signals > maxSignals {
		return at(n.Line, "the file has more than %d signals", maxSignals)
	}
	s := Signal{Name: c.Name, Mul: 1, Div: 1, Support: -1}
	l := layout{bits: -1}
	readers := map[string]reader{
		"id":            readText(&s.ID, maxName),
		"name":          readText(&s.Name, maxName),
		"unit":          readText(&s.Unit, maxName),
		"at":            readText(&l.at, maxName),
		"start":         readInt(&s.Start, 0, maxBytes*8),
		"bits":          readInt(&l.bits, 1, maxBytes*8),
		"kind":          readText(&l.kind, maxName),
		"order":         readText(&l.order, maxName),
		"signed":        readBool(&s.Signed),
		"scale":         s.readScale,
		"offset":        readFloat(&s.Add),
		"range":         l.readRange,
		"clamp":         readBool(&s.Clamp),
		"states":        func(n *yaml.Node) error { return d.readStates(&s, n) },
		"support":       readText(&l.support, maxName),
		"when":          readText(&l.when, maxName),
		"not_available": s.readNotAvailable,
	}
	if err := readMapping(n, "a signal", readers); err != nil {
		return err
	}
	if err := l.apply(&s); err != nil {
		return at(n.Line, "signal %s: %v", s.ID, err)
	}
	if c.Signal(s.ID) != nil {
		return at(n.Line, "signal %s stands twice in the command", s.ID)
	}
	c.Signals = append(c.Signals, s)
	return nil
}

// readScale reads "0.1" or "100/255".
func (s *Signal) readScale(n *yaml.Node) error {
	mul, div, _ := strings.Cut(n.Value, "/")
	var err error
	if s.Mul, err = strconv.ParseFloat(mul, 64); err == nil && div != "" {
		s.Div, err = strconv.ParseFloat(div, 64)
	}
	if err != nil || bad(s.Mul) || bad(s.Div) || s.Mul == 0 || s.Div == 0 {
		return at(n.Line, "scale %q is not a number or a fraction such as 100/255", n.Value)
	}
	return nil
}

func bad(f float64) bool { return math.IsNaN(f) || math.IsInf(f, 0) }

// readNotAvailable reads raw values (255) and ranges of them (251-255), decimal or 0x.
func (s *Signal) readNotAvailable(n *yaml.Node) error {
	return readList(n, "not_available", func(n *yaml.Node) error {
		r, err := parseRange(n.Value)
		if err != nil {
			return at(n.Line, "%q is not a raw value or a range such as 251-255", n.Value)
		}
		s.NotAvailable = append(s.NotAvailable, r)
		return nil
	})
}

func parseRange(text string) (Range, error) {
	from, to, ranged := strings.Cut(text, "-")
	a, err := strconv.ParseUint(from, 0, 64)
	if err != nil || !ranged {
		return Range{a, a}, err
	}
	b, err := strconv.ParseUint(to, 0, 64)
	if err == nil && b < a {
		err = strconv.ErrRange
	}
	return Range{a, b}, err
}

// readTables reads the state tables that signals of the file name.
func (d *document) readTables(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return at(n.Line, "states must be a mapping of name: table")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		table, err := readTable(resolve(n.Content[i+1]))
		if err != nil {
			return err
		}
		d.states[n.Content[i].Value] = table
	}
	return nil
}

// readStates takes a table by its name or as it stands.
func (d *document) readStates(s *Signal, n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		table, err := readTable(n)
		s.States = table
		return err
	}
	table, ok := d.states[n.Value]
	if !ok {
		return at(n.Line, "no table %q stands under states above", n.Value)
	}
	s.States = table
	return nil
}

// readTable reads raw: CODE or raw: [CODE, what it means].
func readTable(n *yaml.Node) (map[uint64]State, error) {
	if n.Kind != yaml.MappingNode {
		return nil, at(n.Line, "a state table must be a mapping of raw value: [CODE, meaning]")
	}
	table := make(map[uint64]State, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], resolve(n.Content[i+1])
		raw, err := strconv.ParseUint(key.Value, 0, 64)
		if err != nil {
			return nil, at(key.Line, "%q is not a raw value", key.Value)
		}
		if _, twice := table[raw]; twice {
			return nil, at(key.Line, "raw value %d stands twice", raw)
		}
		switch {
		case v.Kind == yaml.ScalarNode:
			table[raw] = State{v.Value, v.Value}
		case v.Kind == yaml.SequenceNode && len(v.Content) == 2:
			table[raw] = State{v.Content[0].Value, v.Content[1].Value}
		default:
			return nil, at(v.Line, "a state is CODE or [CODE, what it means]")
		}
	}
	return table, nil
}
