package j1939

import (
	"encoding/binary"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// claim is this node's own address (SAE J1939-81, 4.4).
type claim struct {
	address uint8
	name    Name
	done    bool // claimed; requests may be sent
	lost    bool // no address is left
	due     time.Time
	answer  bool // at due: say that no address could be claimed
}

// Claim claims the preferred address, once. The addresses from 0 to 127 and from 248 to 253 may be used
// at once; the others wait 250 ms for an objection.
func (m *Machine) Claim(now time.Time) {
	if m.claim.done || m.claim.lost || !m.claim.due.IsZero() {
		return
	}
	m.takeFree()
	m.announce(now)
}

func (m *Machine) announce(now time.Time) {
	c := &m.claim
	m.send(m.claimFrame(c.address))
	if c.address >= 128 && c.address <= 247 {
		c.due = now.Add(ClaimIn)
		return
	}
	c.done, c.due = true, time.Time{}
}

// Claimed tells the address in use; ready is false before the claim is settled and once it was lost.
func (m *Machine) Claimed() (address uint8, ready bool) { return m.claim.address, m.claim.done }

// Lost tells that another node took the address and no other one is left.
func (m *Machine) Lost() bool { return m.claim.lost }

func (m *Machine) claimFrame(from uint8) can.Frame {
	f := can.Frame{ID: ID{Priority: 6, PGN: PGNAddressClaim, Source: from, Destination: Global}.CAN(), Len: 8}
	binary.LittleEndian.PutUint64(f.Data[:], m.claim.name.Number())
	return f
}

// claimed takes another node's claim: it is remembered, and one for our own address is contested.
func (m *Machine) claimed(now time.Time, g *link.ParameterGroup) {
	if len(g.Data) < 8 {
		return
	}
	theirs := binary.LittleEndian.Uint64(g.Data)
	if g.Source < Null {
		m.nodes[g.Source] = heard{seen: true, name: theirs}
	}
	c := &m.claim
	if g.Source != c.address || !c.done && c.due.IsZero() || c.lost || m.set.Assigned {
		return
	}
	if c.name.Number() < theirs {
		m.send(m.claimFrame(c.address))
		return
	}
	c.done = false
	if c.name.Arbitrary && m.takeNext() {
		m.announce(now)
		return
	}
	c.lost, c.answer = true, true
	// A pseudo-random delay of 0 to 153 ms keeps the nodes that lost together apart (4.4.2.3).
	c.due = now.Add(time.Duration(c.name.Number()%256) * 600 * time.Microsecond)
}

// takeFree leaves the preferred address where another node was heard there already.
func (m *Machine) takeFree() {
	if m.nodes[m.claim.address].seen && m.claim.name.Arbitrary {
		m.takeNext()
	}
}

// takeNext picks a free address: the second tool's, then those for nodes that choose by themselves.
func (m *Machine) takeNext() bool {
	if !m.nodes[ToolNext].seen && m.claim.address != ToolNext {
		m.claim.address = ToolNext
		return true
	}
	for a := uint8(128); a <= 247; a++ {
		if !m.nodes[a].seen && a != m.claim.address {
			m.claim.address = a
			return true
		}
	}
	return false
}

func (m *Machine) claimDue(now time.Time) {
	c := &m.claim
	if c.due.IsZero() || now.Before(c.due) {
		return
	}
	c.due = time.Time{}
	if c.answer {
		c.answer = false
		m.send(m.claimFrame(Null))
		return
	}
	c.done = !c.lost
}

// requested answers a request for our own claim; nothing else is served here.
func (m *Machine) requested(now time.Time, g *link.ParameterGroup) {
	c := &m.claim
	if len(g.Data) < 3 || g.Destination != Global && g.Destination != c.address || m.set.Assigned {
		return
	}
	pgn := getPGN(g.Data)
	switch {
	case pgn == PGNAddressClaim && c.done:
		m.send(m.claimFrame(c.address))
	case pgn == PGNAddressClaim && c.lost:
		c.answer, c.due = true, now.Add(time.Duration(c.name.Number()%256)*600*time.Microsecond)
	case g.Destination == c.address && c.done:
		m.refuse(g.Source, pgn)
	}
}

// refuse says that this node does not have the group that it was asked for alone.
func (m *Machine) refuse(to uint8, pgn uint32) {
	a := Acknowledgement{Control: link.AckNegative, Address: to, PGN: pgn}
	f := can.Frame{ID: ID{Priority: 6, PGN: PGNAcknowledge, Source: m.claim.address, Destination: Global}.CAN(), Len: 8}
	copy(f.Data[:], a.Bytes())
	m.send(f)
}
