package iso13400

import (
	"encoding/binary"
	"fmt"
)

// EntityStatus asks an entity for its state.
type EntityStatus struct{}

// Type returns 4001.
func (EntityStatus) Type() Type { return TypeEntityStatus }

// Append appends nothing.
func (EntityStatus) Append(b []byte) []byte { return b }

// Node is the kind of an entity.
type Node byte

// The kinds.
const (
	Gateway    Node = 0x00
	SimpleNode Node = 0x01
)

// String names the kind.
func (n Node) String() string {
	switch n {
	case Gateway:
		return "gateway"
	case SimpleNode:
		return "node"
	}
	return fmt.Sprintf("reserved kind %02X", byte(n))
}

// EntityStatusReply is the state of an entity.
type EntityStatusReply struct {
	Node    Node
	Sockets byte // that can be open at the same time
	Open    byte
	// MaxData is the longest message in bytes that the entity takes, where it says so.
	MaxData    uint32
	HasMaxData bool
}

// Type returns 4002.
func (EntityStatusReply) Type() Type { return TypeEntityStatusReply }

// Append appends 3 or 7 bytes.
func (e EntityStatusReply) Append(b []byte) []byte {
	b = append(b, byte(e.Node), e.Sockets, e.Open)
	if e.HasMaxData {
		b = binary.BigEndian.AppendUint32(b, e.MaxData)
	}
	return b
}

func parseEntityStatusReply(b []byte) EntityStatusReply {
	e := EntityStatusReply{Node: Node(b[0]), Sockets: b[1], Open: b[2]}
	if len(b) > 3 {
		e.MaxData, e.HasMaxData = binary.BigEndian.Uint32(b[3:]), true
	}
	return e
}

// PowerMode asks whether the vehicle is ready for diagnosis.
type PowerMode struct{}

// Type returns 4003.
func (PowerMode) Type() Type { return TypePowerMode }

// Append appends nothing.
func (PowerMode) Append(b []byte) []byte { return b }

// Power is the diagnostic power mode.
type Power byte

// The modes.
const (
	PowerNotReady     Power = 0x00
	PowerReady        Power = 0x01
	PowerNotSupported Power = 0x02
)

// String names the mode.
func (p Power) String() string {
	switch p {
	case PowerNotReady:
		return "not ready"
	case PowerReady:
		return "ready"
	case PowerNotSupported:
		return "not supported"
	}
	return fmt.Sprintf("reserved mode %02X", byte(p))
}

// PowerModeReply answers [PowerMode].
type PowerModeReply struct{ Mode Power }

// Type returns 4004.
func (PowerModeReply) Type() Type { return TypePowerModeReply }

// Append appends one byte.
func (p PowerModeReply) Append(b []byte) []byte { return append(b, byte(p.Mode)) }
