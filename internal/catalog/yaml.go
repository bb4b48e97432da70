package catalog

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/obd"
)

// Bounds of one file, far above any real one.
const (
	maxFileBytes = 16 << 20
	maxSignals   = 100_000
	maxName      = 2_000
)

// document is one file in our own form: a head with what its commands share, and the commands.
type document struct {
	head     Command
	states   map[string]map[uint64]State
	commands []Command
	signals  int
}

// parseYAML reads one file of our own form; docs/adding-a-pid.md describes it.
func parseYAML(data []byte) ([]Command, error) {
	root, err := yamlRoot(data)
	if err != nil || root == nil {
		return nil, err
	}
	d := &document{states: map[string]map[uint64]State{}}
	var list *yaml.Node
	readers := d.head.shared()
	readers["states"] = d.readTables
	readers["commands"] = func(n *yaml.Node) error { list = n; return nil }
	if err := readMapping(root, "the file", readers); err != nil {
		return nil, err
	}
	if list == nil {
		return nil, at(root.Line, "the file has no commands")
	}
	err = readList(list, "commands", d.readCommand)
	return d.commands, err
}

// yamlRoot parses one document; nil for an empty one.
func yamlRoot(data []byte) (*yaml.Node, error) {
	var n yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&n); errors.Is(err, io.EOF) {
		return nil, at(1, "the file is empty")
	} else if err != nil {
		return nil, yamlError(err)
	}
	if len(n.Content) == 0 {
		return nil, at(1, "the file is empty")
	}
	return n.Content[0], nil
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

// yamlError turns "yaml: line 3: reason" into a line and a reason.
func yamlError(err error) error {
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	line, _ := strconv.Atoi(m[1])
	return at(max(line, 1), "%s", text[len(m[0]):])
}

// shared returns the readers of the keys that stand in a file's head or in a command.
func (c *Command) shared() map[string]reader {
	return map[string]reader{
		"service": readHex(2, func(v uint64, _ int) { c.Service = obd.Service(v) }),
		"header":  readAddress(&c.Header),
		"reply":   readAddress(&c.Reply),
		"session": readHex(2, func(v uint64, _ int) { c.Session = byte(v) }),
		"years":   c.Years.read,
	}
}

func readAddress(to *obd.Address) reader {
	return func(n *yaml.Node) error {
		a, err := obd.ParseAddress(n.Value)
		if err != nil {
			return at(n.Line, "%v", err)
		}
		*to = a
		return nil
	}
}

func (y *Years) read(n *yaml.Node) error {
	const first, last = 1980, 2200
	return readMapping(n, "years", map[string]reader{
		"from": readInt(&y.From, first, last),
		"to":   readInt(&y.To, first, last),
		"also": func(n *yaml.Node) error {
			return readList(n, "also", func(n *yaml.Node) error {
				y.Also = append(y.Also, 0)
				return readInt(&y.Also[len(y.Also)-1], first, last)(n)
			})
		},
	})
}

func (d *document) readCommand(n *yaml.Node) error {
	c := d.head
	c.Source = strconv.Itoa(n.Line)
	var signals, example *yaml.Node
	identified := false
	readers := c.shared()
	readers["id"] = readHex(4, func(v uint64, digits int) { c.ID, c.IDBytes, identified = uint16(v), digits/2, true })
	readers["name"] = readText(&c.Name, maxName)
	readers["length"] = readInt(&c.Length, 0, maxBytes)
	readers["signals"] = func(n *yaml.Node) error { signals = n; return nil }
	readers["example"] = func(n *yaml.Node) error { example = n; return nil }
	if err := readMapping(n, "a command", readers); err != nil {
		return err
	}
	switch {
	case c.Service == 0:
		return at(n.Line, "the command has no service")
	case signals == nil:
		return at(n.Line, "the command has no signals")
	case identified && c.IDBytes == 2 && c.Service < 0x10:
		return at(n.Line, "service %02X takes a one-byte id", byte(c.Service))
	}
	if err := readList(signals, "signals", func(n *yaml.Node) error { return d.readSignal(&c, n) }); err != nil {
		return err
	}
	if c.Length == 0 && !c.varies() {
		c.Length = c.need()
	}
	if example != nil {
		if err := c.Example.read(example); err != nil {
			return err
		}
	}
	d.commands = append(d.commands, c)
	return nil
}

// varies tells that a signal takes all bytes to the end of the reply.
func (c *Command) varies() bool {
	for i := range c.Signals {
		if c.Signals[i].Length == 0 {
			return true
		}
	}
	return false
}
