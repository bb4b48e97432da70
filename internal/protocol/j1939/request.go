package j1939

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// RequestFrame builds a request for a parameter group (PGN 59904, SAE J1939-21, 5.4.2).
func RequestFrame(from, to uint8, pgn uint32) can.Frame {
	f := can.Frame{ID: ID{Priority: 6, PGN: PGNRequest, Source: from, Destination: to}.CAN(), Len: 3}
	putPGN(f.Data[:3], pgn)
	return f
}

// ParseRequest returns the group that a request asks for.
func ParseRequest(data []byte) (uint32, error) {
	if len(data) < 3 {
		return 0, short("request", data, 3)
	}
	return getPGN(data), nil
}

// Acknowledgement is PGN 59392 (SAE J1939-21, 5.4.4).
type Acknowledgement struct {
	Control  uint8  `json:"control"`  // link.AckPositive and the others
	Function uint8  `json:"function"` // group function value, 255 for none
	Address  uint8  `json:"address"`  // who asked; 255 from nodes of before 2006
	PGN      uint32 `json:"pgn"`
}

// ParseAcknowledgement reads an acknowledgement. Of one that is cut short the control byte is returned with the
// error.
func ParseAcknowledgement(data []byte) (Acknowledgement, error) {
	if len(data) < 8 {
		var k Acknowledgement
		if len(data) > 0 {
			k.Control = data[0]
		}
		return k, short("acknowledgement", data, 8)
	}
	return Acknowledgement{Control: data[0], Function: data[1], Address: data[4], PGN: getPGN(data[5:])}, nil
}

// Bytes returns the message.
func (a Acknowledgement) Bytes() []byte {
	out := []byte{a.Control, 0xFF, 0xFF, 0xFF, a.Address, 0, 0, 0}
	if a.Function != 0 {
		out[1] = a.Function
	}
	putPGN(out[5:], a.PGN)
	return out
}

// Name says the kind of acknowledgement in words.
func (a Acknowledgement) Name() string {
	switch a.Control {
	case link.AckPositive:
		return "acknowledged"
	case link.AckNegative:
		return "not supported"
	case link.AckAccessDenied:
		return "access denied"
	case link.AckCannotRespond:
		return "cannot respond now"
	}
	return fmt.Sprintf("reserved acknowledgement %d", a.Control)
}
