package catalog

import (
	"go.einride.tech/can/pkg/dbc"

	"github.com/fleetms/obdctl/internal/obd"
)

// commands turns one message into commands.
func (f *dbcFile) commands(m *dbc.MessageDef) ([]Command, error) {
	whole := Command{Name: words(string(m.Name)), Length: int(m.Size), Reply: reply(m), Source: source(m)}
	byPID := map[request]*Command{}
	var order []request
	for i := range m.Signals {
		s, err := f.signal(m, &m.Signals[i])
		if err != nil {
			return nil, err
		}
		mux := f.conditions(m, &m.Signals[i])
		pid, ok := obdRequest(mux)
		if !ok {
			s.Mux = mux
			whole.add(s)
			continue
		}
		c := byPID[pid]
		if c == nil {
			c = &Command{Service: pid.service, ID: pid.id, IDBytes: 1, Reply: whole.Reply, Source: whole.Source}
			if pid.service == obd.ServiceReadByID {
				c.IDBytes = 2
			}
			byPID[pid] = c
			order = append(order, pid)
		}
		if s.Start -= 8 * (2 + c.IDBytes); s.Start < 0 {
			return nil, at(m.Signals[i].Pos.Line, "signal %s lies before the data of its PID", s.ID)
		}
		c.add(s)
	}
	if len(byPID) == 0 {
		return []Command{whole}, nil
	}
	commands := make([]Command, 0, len(order))
	for _, pid := range order {
		c := byPID[pid]
		c.Name, c.Length = c.Signals[0].Name, c.need()
		commands = append(commands, *c)
	}
	return commands, nil
}

func (c *Command) add(s Signal) {
	if c.Signal(s.ID) == nil {
		c.Signals = append(c.Signals, s)
	}
}

// obdRequest tells that the multiplexors of a signal are the service and the PID or DID of an OBD reply
// in a single frame: length in byte 0, service in byte 1, PID in byte 2 or DID in bytes 2 and 3.
func obdRequest(mux []Condition) (request, bool) {
	var r request
	for _, c := range mux {
		if len(c.In) != 1 || c.In[0].From != c.In[0].To {
			return r, false
		}
		value := c.In[0].From
		if c.LittleEndian && c.Length > 8 {
			return r, false
		}
		switch {
		case c.Start == 16 && c.Length == 8:
			r.id = uint16(value)
		case c.Start == 16 && c.Length == 16:
			r.id, r.service = uint16(value), obd.ServiceReadByID
		case c.Start/8 == 1 && c.Length <= 8:
			r.service = obd.Service(value) &^ 0x40
		default:
			return r, false
		}
	}
	if len(mux) > 0 && r.service == 0 {
		r.service = obd.ServiceCurrentData
	}
	return r, len(mux) > 0 && (len(mux) > 1 || mux[0].Start == 16)
}
