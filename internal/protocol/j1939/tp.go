package j1939

import (
	"encoding/binary"
	"fmt"

	"github.com/fleetms/obdctl/internal/can"
)

// Sizes of the transport protocol.
const (
	packetBytes   = 7
	MaxTransport  = 1785    // 255 packets
	maxExtended   = 7 << 24 // ETP: 2^24-1 packets
	maxTPSessions = 256     // of other nodes and ours, put together at once
)

// Control bytes of TP.CM and ETP.CM.
const (
	tpRTS    = 16
	tpCTS    = 17
	tpEnd    = 19
	tpBAM    = 32
	tpAbort  = 255
	etpRTS   = 20
	etpCTS   = 21
	etpDPO   = 22 // data packet offset
	etpEnd   = 23
	anything = 255 // "no limit" for packets per CTS
)

// Abort is the end of a transfer that one side gave up (SAE J1939-21, table 7).
type Abort struct {
	PGN    uint32
	Reason uint8
	Ours   bool // this node gave up
}

// The reasons that this package gives.
const (
	abortBusy       = 1
	abortResources  = 2
	abortTimeout    = 3
	abortCTSEarly   = 4
	abortRetries    = 5
	abortUnexpected = 6
	abortSequence   = 7
	abortTooLong    = 9
)

var abortNames = map[uint8]string{
	1:   "already in a transfer and cannot take another one",
	2:   "resources needed elsewhere",
	3:   "timeout",
	4:   "clear to send during a transfer",
	5:   "too many retransmissions",
	6:   "unexpected data packet",
	7:   "wrong sequence number",
	8:   "sequence number sent twice",
	9:   "message too long",
	10:  "unexpected data packet offset",
	11:  "offset announces more packets than were cleared",
	12:  "wrong data packet offset",
	13:  "unexpected data packet offset or other reason",
	14:  "clear to send for another parameter group",
	15:  "clear to send beyond the end of the message",
	250: "another reason",
	251: "reason left to the parameter group",
	252: "reserved reason",
	253: "reserved reason",
	254: "error",
	255: "no reason given",
}

// AbortName says a reason in words.
func AbortName(reason uint8) string {
	if s, ok := abortNames[reason]; ok {
		return s
	}
	return "reserved reason"
}

func (a *Abort) Error() string {
	who := "other side"
	if a.Ours {
		who = "this side"
	}
	return fmt.Sprintf("transfer of PGN %d ended by the %s: %s (%d)", a.PGN, who, AbortName(a.Reason), a.Reason)
}

// packets returns how many data packets carry so many bytes.
func packets(size int) int { return (size + packetBytes - 1) / packetBytes }

func putPGN(to []byte, pgn uint32) { to[0], to[1], to[2] = byte(pgn), byte(pgn>>8), byte(pgn>>16) }

func getPGN(from []byte) uint32 {
	return uint32(from[0]) | uint32(from[1])<<8 | uint32(from[2])<<16
}

// control builds a TP.CM or ETP.CM frame: control byte, four bytes and the group.
func control(from, to, priority uint8, extended bool, pgn uint32, head [5]byte) can.Frame {
	id := ID{Priority: priority, PGN: PGNTransport, Source: from, Destination: to}
	if extended {
		id.PGN = PGNExtended
	}
	f := can.Frame{ID: id.CAN(), Len: 8}
	copy(f.Data[:], head[:])
	putPGN(f.Data[5:8], pgn)
	return f
}

func rts(size int, most uint8) [5]byte {
	return [5]byte{tpRTS, byte(size), byte(size >> 8), byte(packets(size)), most}
}

func bam(size int) [5]byte {
	return [5]byte{tpBAM, byte(size), byte(size >> 8), byte(packets(size)), 0xFF}
}

func cts(count, next int, extended bool) [5]byte {
	if extended {
		return [5]byte{etpCTS, byte(count), byte(next), byte(next >> 8), byte(next >> 16)}
	}
	return [5]byte{tpCTS, byte(count), byte(next), 0xFF, 0xFF}
}

func endOfMessage(size int, extended bool) [5]byte {
	if extended {
		head := [5]byte{etpEnd}
		binary.LittleEndian.PutUint32(head[1:], uint32(size))
		return head
	}
	return [5]byte{tpEnd, byte(size), byte(size >> 8), byte(packets(size)), 0xFF}
}

func abort(reason uint8) [5]byte { return [5]byte{tpAbort, reason, 0xFF, 0xFF, 0xFF} }
