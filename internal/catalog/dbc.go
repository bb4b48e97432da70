package catalog

import (
	"bytes"
	"fmt"
	"strings"

	"go.einride.tech/can/pkg/dbc"

	"github.com/fleetms/obdctl/internal/obd"
)

// dbcFile is a DBC file, its parts found by message and signal.
type dbcFile struct {
	messages []*dbc.MessageDef
	states   map[dbcSignal]map[uint64]State
	floats   map[dbcSignal]bool
	switches map[dbcSignal]dbcSwitch // SG_MUL_VAL_: which multiplexor, which of its values
	signals  int
}

type dbcSignal struct {
	message dbc.MessageID
	name    dbc.Identifier
}

type dbcSwitch struct {
	name dbc.Identifier
	in   []Range
}

// parseDBC reads the messages of a DBC file. A message that is an OBD reply (a multiplexor in the byte of
// the PID) becomes one command for each PID, any other a command without a service, known by its identifier.
func parseDBC(data []byte) ([]Command, error) {
	f := &dbcFile{
		states:   map[dbcSignal]map[uint64]State{},
		floats:   map[dbcSignal]bool{},
		switches: map[dbcSignal]dbcSwitch{},
	}
	data = f.readExtended(data)
	defs, err := parseDefs(data)
	if err != nil {
		return nil, err
	}
	for _, d := range defs {
		f.collect(d)
	}
	var commands []Command
	for _, m := range f.messages {
		if f.signals += len(m.Signals); f.signals > maxSignals {
			return nil, at(m.Pos.Line, "the file has more than %d signals", maxSignals)
		}
		c, err := f.commands(m)
		if err != nil {
			return nil, err
		}
		commands = append(commands, c...)
	}
	if len(commands) == 0 {
		return nil, at(1, "the file has no messages with signals")
	}
	return commands, nil
}

// parseDefs runs the parser; whatever it panics with is the file's fault.
func parseDefs(data []byte) (defs []dbc.Def, err error) {
	defer func() {
		if r := recover(); r != nil {
			defs, err = nil, at(1, "not a DBC file: %v", r)
		}
	}()
	p := dbc.NewParser("", data)
	if err := p.Parse(); err != nil {
		return nil, at(max(err.Position().Line, 1), "%s", err.Reason())
	}
	return p.Defs(), nil
}

func (f *dbcFile) collect(d dbc.Def) {
	switch d := d.(type) {
	case *dbc.MessageDef:
		if d.MessageID.Validate() == nil && len(d.Signals) > 0 {
			f.messages = append(f.messages, d)
		}
	case *dbc.ValueDescriptionsDef:
		if d.ObjectType != dbc.ObjectTypeSignal {
			return
		}
		states := make(map[uint64]State, len(d.ValueDescriptions))
		for _, v := range d.ValueDescriptions {
			if v.Value >= 0 && v.Value == float64(uint64(v.Value)) {
				states[uint64(v.Value)] = State{Code: v.Description, Text: v.Description}
			}
		}
		f.states[dbcSignal{d.MessageID, d.SignalName}] = states
	case *dbc.SignalValueTypeDef:
		f.floats[dbcSignal{d.MessageID, d.SignalName}] = d.SignalValueType != dbc.SignalValueTypeInt
	}
}

// signal turns one signal of a message into ours.
func (f *dbcFile) signal(m *dbc.MessageDef, d *dbc.SignalDef) (Signal, error) {
	key := dbcSignal{m.MessageID, d.Name}
	s := Signal{
		ID: string(d.Name), Name: words(string(d.Name)),
		Length: int(min(d.Size, maxBytes*8)), Signed: d.IsSigned, LittleEndian: !d.IsBigEndian,
		Mul: d.Factor, Div: 1, Add: d.Offset, Min: d.Minimum, Max: d.Maximum, Support: -1,
	}
	s.Start = dbcStart(d)
	switch {
	case f.floats[key]:
		s.Kind, s.Signed = Float, false
	case len(f.states[key]) > 0 && d.Factor == 1 && d.Offset == 0:
		s.Kind, s.States = Enum, f.states[key]
	}
	if s.Kind != Enum {
		var known bool
		if s.Unit, known = dbcUnit(d.Unit); !known {
			s.Name += " (" + d.Unit + ")"
		}
	}
	if s.Mul == 0 || bad(s.Mul) || bad(s.Add) {
		return s, at(d.Pos.Line, "signal %s: the factor must be a number other than 0", d.Name)
	}
	if err := s.check(); err != nil {
		return s, at(d.Pos.Line, "signal %s: %v", d.Name, err)
	}
	return s, nil
}

// dbcStart counts the start bit as [Signal.Start] does: DBC gives a big-endian signal's most significant
// bit, numbered within its byte from the least significant one.
func dbcStart(d *dbc.SignalDef) int {
	bit := int(min(d.StartBit, maxBytes*8))
	if d.IsBigEndian {
		return bit&^7 + 7 - bit&7
	}
	return bit
}

// conditions returns the multiplexors that select a signal, the nearest first.
func (f *dbcFile) conditions(m *dbc.MessageDef, d *dbc.SignalDef) []Condition {
	const deepest = 8
	var all []Condition
	for range deepest {
		if !d.IsMultiplexed {
			return all
		}
		s, named := f.switches[dbcSignal{m.MessageID, d.Name}]
		if !named || len(s.in) == 0 {
			s.in = []Range{{d.MultiplexerSwitch, d.MultiplexerSwitch}}
		}
		on := multiplexor(m, s.name)
		if on == nil || on == d {
			return all
		}
		all = append(all, Condition{Start: dbcStart(on), Length: int(min(on.Size, 64)), LittleEndian: !on.IsBigEndian, In: s.in})
		d = on
	}
	return all
}

// multiplexor finds the named signal, or the message's one multiplexor where the file names none.
func multiplexor(m *dbc.MessageDef, name dbc.Identifier) *dbc.SignalDef {
	for i := range m.Signals {
		if s := &m.Signals[i]; s.Name == name || name == "" && s.IsMultiplexerSwitch {
			return s
		}
	}
	return nil
}

// words turns EngineSpeed and engine_speed into what people read.
func words(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(name, "_", " "))
}

// reply is the address that sends the message.
func reply(m *dbc.MessageDef) obd.Address {
	if m.MessageID.IsExtended() {
		return obd.CAN29(m.MessageID.ToCAN())
	}
	return obd.CAN11(m.MessageID.ToCAN())
}

// source is where the message stands, for [Command.Source].
func source(m *dbc.MessageDef) string { return fmt.Sprint(m.Pos.Line) }

// isDBC tells a DBC file by the keyword that it starts with.
func isDBC(start []byte) bool {
	for _, keyword := range []string{"VERSION", "NS_", "BS_", "BU_", "BO_", "CM_", "BA_"} {
		if bytes.HasPrefix(start, []byte(keyword)) {
			return true
		}
	}
	return false
}
