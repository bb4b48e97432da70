package catalog

import (
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/fleetms/obdctl/internal/obd"
)

// Catalog is a set of commands, looked up by request, by signal or by who asks whom. It never changes
// once made, so any number of goroutines may use it.
type Catalog struct {
	commands  []*Command
	byRequest map[request][]*Command // the most recent first
	bySignal  map[string]place       // lower-case id -> the first that has it
	aliases   map[string]string      // plain foreign name -> id
	names     func() map[string]string
	presets   []Preset
}

type request struct {
	service obd.Service
	id      uint16
}

type place struct {
	command *Command
	signal  *Signal
}

// New returns a catalogue of commands.
func New(commands ...Command) *Catalog { return (&Catalog{}).With(commands...) }

// With returns a catalogue that has more commands. A later command goes before an earlier one that
// answers the same request from the same address; signal ids stay with whom had them first.
func (c *Catalog) With(more ...Command) *Catalog {
	n := &Catalog{
		commands:  make([]*Command, 0, len(c.commands)+len(more)),
		byRequest: make(map[request][]*Command, len(c.commands)+len(more)),
		bySignal:  make(map[string]place, len(c.bySignal)+2*len(more)),
		aliases:   c.aliases,
		presets:   c.presets,
	}
	n.names = sync.OnceValue(n.ownNames)
	n.commands = append(n.commands, c.commands...)
	for i := range more {
		n.commands = append(n.commands, &more[i])
	}
	for _, v := range slices.Backward(n.commands) {
		k := v.request()
		n.byRequest[k] = append(n.byRequest[k], v)
	}
	for _, cmd := range n.commands {
		for i := range cmd.Signals {
			key := strings.ToLower(cmd.Signals[i].ID)
			if _, taken := n.bySignal[key]; !taken {
				n.bySignal[key] = place{cmd, &cmd.Signals[i]}
			}
		}
	}
	return n
}

// request is the key of the command; service 02 shares the PIDs of service 01.
func (c *Command) request() request { return request{sharing(c.Service), c.ID} }

func sharing(s obd.Service) obd.Service {
	if s == obd.ServiceFreezeFrame {
		return obd.ServiceCurrentData
	}
	return s
}

// Command returns the OBD command that every ECU answers, or nil when it is unknown. Service 02 shares
// the PIDs of service 01.
func (c *Catalog) Command(s obd.Service, id uint16) *Command {
	for _, cmd := range c.byRequest[request{sharing(s), id}] {
		if cmd.Header == obd.Functional && cmd.Reply == obd.Functional {
			return cmd
		}
	}
	return nil
}

// Length returns the number of data bytes behind the id that SAE J1979-DA gives a PID, 0 when the PID
// is unknown or its length varies.
func (c *Catalog) Length(s obd.Service, pid byte) int {
	if cmd := c.Command(s, uint16(pid)); cmd != nil {
		return cmd.Length
	}
	return 0
}

// Find returns the signal with that canonical id, in any case, and the command that holds it; nil, nil
// when there is none.
func (c *Catalog) Find(signal string) (*Command, *Signal) {
	p := c.bySignal[strings.ToLower(signal)]
	return p.command, p.signal
}

// All yields every command in the order in which they were given.
func (c *Catalog) All() iter.Seq[*Command] {
	return func(yield func(*Command) bool) {
		for _, cmd := range c.commands {
			if !yield(cmd) {
				return
			}
		}
	}
}
