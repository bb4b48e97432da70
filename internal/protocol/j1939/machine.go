package j1939

import (
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// Settings of a [Machine]; the zero value listens as tool 249 and answers transfers to it.
type Settings struct {
	Address uint8 // preferred; 0 means [Tool] unless Assigned: address 0 is the engine's
	Name    Name
	// Packets is how many data packets one CTS asks for and one RTS offers; 0 means 255.
	Packets uint8
	// Limit is the longest message in bytes taken by the extended transport protocol; 0 means 64 KiB.
	Limit int
	// Passive sends nothing at all, not even what a transfer to this address would need.
	Passive bool
	// Assigned takes the address as claimed already, for a network without address claim.
	Assigned bool
}

// Machine is one node: the transport protocol both ways, any number of transfers at once, address claim,
// and what it learned of the other nodes. It holds no clock and no bus: the caller passes frames and the
// time, sends what [Machine.Frames] returns and calls [Machine.Advance] when [Machine.Deadline] is reached.
//
// It is used by one goroutine at a time.
type Machine struct {
	set      Settings
	claim    claim
	incoming map[route]*incoming
	outgoing map[route]*outgoing
	order    []route // of incoming, oldest first
	nodes    [256]heard
	frames   []can.Frame
	messages []link.ParameterGroup
}

// route is one direction between two nodes; TP and ETP run side by side.
type route struct {
	from, to uint8
	extended bool
}

// heard is what is known of an address.
type heard struct {
	seen bool
	name uint64
}

// NewMachine returns a node that has sent nothing yet.
func NewMachine(s Settings) *Machine {
	if s.Address == 0 && !s.Assigned {
		s.Address = Tool
	}
	if s.Packets == 0 {
		s.Packets = anything
	}
	if s.Limit == 0 {
		s.Limit = 64 << 10
	}
	m := &Machine{set: s, incoming: map[route]*incoming{}, outgoing: map[route]*outgoing{}}
	m.claim = claim{address: s.Address, name: s.Name, done: s.Assigned}
	return m
}

// Handle takes one received frame. Frames that are not of SAE J1939 are left out.
func (m *Machine) Handle(now time.Time, f *can.Frame) {
	id, ok := ParseID(f.ID)
	if !ok || f.Remote {
		return
	}
	data := f.Payload()
	if id.Source < Null {
		m.nodes[id.Source].seen = true
	}
	switch id.PGN {
	case PGNTransport, PGNExtended:
		m.transport(now, id, data)
	case PGNTransportData, PGNExtendedData:
		m.packet(now, id, data)
	default:
		m.deliver(now, link.ParameterGroup{
			PGN: id.PGN, Source: id.Source, Destination: id.Destination, Priority: id.Priority,
			Data: append(make([]byte, 0, len(data)), data...),
		})
	}
}

// deliver hands out a message and acts on those that concern the node itself.
func (m *Machine) deliver(now time.Time, g link.ParameterGroup) {
	g.At = now
	switch g.PGN {
	case PGNAddressClaim:
		m.claimed(now, &g)
	case PGNRequest:
		m.requested(now, &g)
	}
	m.messages = append(m.messages, g)
}

// Advance acts on what is due: timeouts, the next packet of a broadcast, the end of a claim.
func (m *Machine) Advance(now time.Time) {
	for _, key := range slices.Clone(m.order) {
		if in := m.incoming[key]; in != nil && !now.Before(in.due) {
			m.overdue(now, key, in)
		}
	}
	for key, out := range m.outgoing {
		if !now.Before(out.due) {
			m.resume(now, key, out)
		}
	}
	m.claimDue(now)
}

// Deadline returns when [Machine.Advance] is due; false for never.
func (m *Machine) Deadline() (time.Time, bool) {
	var first time.Time
	earlier := func(t time.Time) {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for _, in := range m.incoming {
		earlier(in.due)
	}
	for _, out := range m.outgoing {
		earlier(out.due)
	}
	earlier(m.claim.due)
	return first, !first.IsZero()
}

// Frames returns what is to be sent now, in order, and forgets it. A passive node has none.
func (m *Machine) Frames() []can.Frame {
	out := m.frames
	m.frames = nil
	return out
}

// Messages returns the messages that became complete and forgets them.
func (m *Machine) Messages() []link.ParameterGroup {
	out := m.messages
	m.messages = nil
	return out
}

// Nodes returns the addresses heard of, in order.
func (m *Machine) Nodes() []link.Node {
	var out []link.Node
	for a, h := range m.nodes[:Null] {
		if h.seen && (uint8(a) != m.claim.address || !m.claim.done) {
			out = append(out, link.Node{Address: uint8(a), Name: h.name})
		}
	}
	return out
}

func (m *Machine) send(f can.Frame) {
	if !m.set.Passive {
		m.frames = append(m.frames, f)
	}
}
