package catalog

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/obd"
)

// obdbCommand is one entry of an OBDb v3 signal set before its addresses are known. The keys that say
// how to talk to an ECU (flow control, timeouts, rates) are the adapter's business and left alone.
type obdbCommand struct {
	command       Command
	hdr, rax      string
	eax, tst, pri uint64
	extended      bool
	signals       *yaml.Node
}

// parseOBDb reads an OBDb v3 signal set. Keys that it does not know are passed over: the form grows.
func parseOBDb(data []byte) ([]Command, error) {
	root, err := parseJSON(data)
	if err != nil {
		return nil, err
	}
	var list *yaml.Node
	err = readMapping(root, "the signal set", map[string]reader{
		"commands": func(n *yaml.Node) error { list = n; return nil },
		others:     pass,
	})
	if err != nil {
		return nil, err
	}
	if list == nil {
		return nil, at(root.Line, "the signal set has no commands")
	}
	var commands []Command
	signals := 0
	err = readList(list, "commands", func(n *yaml.Node) error {
		c, err := readOBDbCommand(n)
		if err != nil {
			return err
		}
		if signals += len(c.Signals); signals > maxSignals {
			return at(n.Line, "the file has more than %d signals", maxSignals)
		}
		commands = append(commands, c)
		return nil
	})
	return commands, err
}

func pass(*yaml.Node) error { return nil }

func readOBDbCommand(n *yaml.Node) (Command, error) {
	o := obdbCommand{tst: 0xF1, pri: 0x18}
	o.command.Source = strconv.Itoa(n.Line)
	err := readMapping(n, "a command", map[string]reader{
		"hdr":     readText(&o.hdr, 8),
		"rax":     readText(&o.rax, 8),
		"eax":     readHex(2, func(v uint64, _ int) { o.eax, o.extended = v, true }),
		"tst":     readHex(2, func(v uint64, _ int) { o.tst = v }),
		"pri":     readHex(2, func(v uint64, _ int) { o.pri = v }),
		"din":     readHex(2, func(v uint64, _ int) { o.command.Session = byte(v) }),
		"cmd":     o.readRequest,
		"filter":  o.readYears,
		"signals": func(n *yaml.Node) error { o.signals = n; return nil },
		others:    pass,
	})
	if err != nil {
		return Command{}, err
	}
	switch {
	case o.hdr == "":
		return Command{}, at(n.Line, "the command has no hdr")
	case o.command.Service == 0:
		return Command{}, at(n.Line, "the command has no cmd")
	case o.signals == nil:
		return Command{}, at(n.Line, "the command has no signals")
	}
	if err := o.address(); err != nil {
		return Command{}, at(n.Line, "%v", err)
	}
	err = readList(o.signals, "signals", func(n *yaml.Node) error { return readOBDbSignal(&o.command, n) })
	if len(o.command.Signals) > 0 {
		o.command.Name = o.command.Signals[0].Name
	}
	return o.command, err
}

// readRequest reads {"22": "F190"}: the service and the id.
func (o *obdbCommand) readRequest(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		return at(n.Line, `cmd is one service and its id, such as {"22": "F190"}`)
	}
	c := &o.command
	if err := readHex(2, func(v uint64, _ int) { c.Service = obd.Service(v) })(n.Content[0]); err != nil {
		return err
	}
	return readHex(4, func(v uint64, digits int) { c.ID, c.IDBytes = uint16(v), digits/2 })(n.Content[1])
}

// readYears reads the model years of a command.
func (o *obdbCommand) readYears(n *yaml.Node) error {
	const first, last = 1900, 9999
	y := &o.command.Years
	return readMapping(n, "filter", map[string]reader{
		"from": readInt(&y.From, first, last),
		"to":   readInt(&y.To, first, last),
		"years": func(n *yaml.Node) error {
			return readList(n, "years", func(n *yaml.Node) error {
				y.Also = append(y.Also, 0)
				return readInt(&y.Also[len(y.Also)-1], first, last)(n)
			})
		},
		others: pass,
	})
}

// address turns hdr, rax, eax, tst and pri into addresses, as [ParseRequest] does.
func (o *obdbCommand) address() error {
	var err error
	c := &o.command
	if c.Header, err = requestAddress(o.hdr, o.pri, o.tst); err != nil {
		return err
	}
	if c.Reply, err = replyAddress(o.rax, len(o.hdr), o.pri, o.tst); err != nil {
		return err
	}
	if o.extended && c.Header != obd.Functional {
		c.Header = c.Header.WithExtension(byte(o.eax))
	}
	if broadcast(c.Header) {
		c.Header = obd.Functional
	}
	return nil
}

// readOBDbSignal reads one signal of c and appends it. Of two signals with one id the first is kept.
func readOBDbSignal(c *Command, n *yaml.Node) error {
	s := Signal{Mul: 1, Div: 1, Support: -1}
	f := obdbFormat{signal: &s}
	var format *yaml.Node
	err := readMapping(n, "a signal", map[string]reader{
		"id":   readText(&s.ID, maxName),
		"name": readText(&s.Name, maxName),
		"fmt":  func(n *yaml.Node) error { format = n; return nil },
		others: pass,
	})
	if err != nil {
		return err
	}
	if s.ID == "" || format == nil {
		return at(n.Line, "the signal needs an id and a fmt")
	}
	if err := f.read(format); err != nil {
		return err
	}
	if err := f.apply(); err != nil {
		return at(n.Line, "signal %s: %v", s.ID, err)
	}
	if c.Signal(s.ID) != nil {
		c.Conflicts = append(c.Conflicts, s.ID+" stands twice in the command; the first is used")
		return nil
	}
	s.ID = strings.TrimSpace(s.ID)
	c.Signals = append(c.Signals, s)
	return nil
}
