package catalog

import (
	"fmt"
	"math"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// lineError is what a loader says of one line of its file.
type lineError struct {
	line   int
	reason string
}

func (e *lineError) Error() string { return fmt.Sprintf("%d: %s", e.line, e.reason) }

func at(line int, format string, args ...any) error {
	return &lineError{line, fmt.Sprintf(format, args...)}
}

// reader takes the value of one key.
type reader func(v *yaml.Node) error

// others is the key of the reader that takes every key without a reader of its own.
const others = "*"

// readMapping hands the value of each key to its reader; unknown keys and keys given twice are errors.
func readMapping(n *yaml.Node, what string, readers map[string]reader) error {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		return at(n.Line, "%s must be a mapping of key: value", what)
	}
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		read, known := readers[key.Value]
		if !known {
			read, known = readers[others]
		}
		switch {
		case !known:
			return at(key.Line, "%s has no key %q", what, key.Value)
		case seen[key.Value]:
			return at(key.Line, "%s has the key %q twice", what, key.Value)
		}
		seen[key.Value] = true
		if err := read(resolve(n.Content[i+1])); err != nil {
			return err
		}
	}
	return nil
}

// readList hands each element to read.
func readList(n *yaml.Node, what string, read reader) error {
	if n.Kind != yaml.SequenceNode {
		return at(n.Line, "%s must be a list", what)
	}
	for _, e := range n.Content {
		if err := read(resolve(e)); err != nil {
			return err
		}
	}
	return nil
}

// resolve follows an alias to its anchor.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func readText(to *string, most int) reader {
	return func(n *yaml.Node) error {
		if n.Kind != yaml.ScalarNode {
			return at(n.Line, "want a text")
		}
		if len(n.Value) > most {
			return at(n.Line, "text longer than %d bytes", most)
		}
		*to = n.Value
		return nil
	}
}

func readInt(to *int, least, most int) reader {
	return func(n *yaml.Node) error {
		v, err := strconv.Atoi(n.Value)
		if err != nil || v < least || v > most {
			return at(n.Line, "%q is not a whole number from %d to %d", n.Value, least, most)
		}
		*to = v
		return nil
	}
}

func readFloat(to *float64) reader {
	return func(n *yaml.Node) error {
		v, err := strconv.ParseFloat(n.Value, 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return at(n.Line, "%q is not a number", n.Value)
		}
		*to = v
		return nil
	}
}

func readBool(to *bool) reader {
	return func(n *yaml.Node) error {
		v, err := strconv.ParseBool(n.Value)
		if err != nil {
			return at(n.Line, "%q is neither true nor false", n.Value)
		}
		*to = v
		return nil
	}
}

// readHex reads hexadecimal digits without a prefix, as the standards write services and PIDs.
func readHex(digits int, to func(v uint64, digits int)) reader {
	return func(n *yaml.Node) error {
		v, err := strconv.ParseUint(n.Value, 16, 64)
		if err != nil || len(n.Value) > digits || len(n.Value)%2 != 0 {
			return at(n.Line, "%q is not %d hexadecimal digits", n.Value, digits)
		}
		to(v, len(n.Value))
		return nil
	}
}
