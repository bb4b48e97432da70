package link

import (
	"context"
	"fmt"
	"time"
)

// Network is a SAE J1939 network as one node sees it that has claimed an address. A [Link] over J1939 is
// also a Network; its Exchange carries nothing, because J1939 has parameter groups instead of services.
//
// A Network is used by one goroutine at a time.
type Network interface {
	// Request asks destination (255 for all) for a parameter group by PGN 59904 and returns what the
	// nodes answer: the group itself, once per source, or an acknowledgement that refuses it as a
	// [*Refusal] in Err. It waits the 1.25 s of SAE J1939-21 (T3) at most after the last progress.
	//
	// Errors: ErrNoReply, a [*Fault], ctx.Err().
	Request(ctx context.Context, pgn uint32, destination uint8) ([]ParameterGroup, error)
	// Listen yields every parameter group that is heard, transport protocol messages put together,
	// until yield returns false or ctx ends; the end of ctx is no error.
	Listen(ctx context.Context, yield func(ParameterGroup) bool) error
	// Nodes lists the claimed addresses heard of, with their NAME of SAE J1939-81.
	Nodes(ctx context.Context) ([]Node, error)
}

// ParameterGroup is one complete message of SAE J1939-21.
type ParameterGroup struct {
	PGN         uint32 // 18 bits; the destination is not part of it
	Source      uint8
	Destination uint8 // 255 for all
	Priority    uint8
	Data        []byte
	At          time.Time
	Err         error // a refusal, or a transfer that was cut short; Data then holds what is certain
}

// Node is one claimed address.
type Node struct {
	Address uint8
	Name    uint64 // the 64-bit NAME, 0 when the node never claimed
}

// Acknowledgements of PGN 59392 (SAE J1939-21, 5.4.4).
const (
	AckPositive      = 0
	AckNegative      = 1 // not supported
	AckAccessDenied  = 2
	AckCannotRespond = 3 // busy, ask again later
)

// Refusal is an acknowledgement that is not positive.
type Refusal struct {
	PGN    uint32
	Source uint8
	Code   uint8
}

func (r *Refusal) Error() string {
	words := "not supported"
	switch r.Code {
	case AckAccessDenied:
		words = "access denied"
	case AckCannotRespond:
		words = "cannot respond now"
	}
	return fmt.Sprintf("address %d refused PGN %d: %s", r.Source, r.PGN, words)
}
