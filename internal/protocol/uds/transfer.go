package uds

import "github.com/fleetms/obdctl/internal/obd"

// The services of programming. This package builds none of their requests, and the guard lets none of
// them pass; what other programs sent is read where a log holds it.
const (
	RequestDownload     obd.Service = 0x34
	RequestUpload       obd.Service = 0x35
	TransferData        obd.Service = 0x36
	RequestTransferExit obd.Service = 0x37
)

// TransferAccepted is the reply to services 34 and 35.
type TransferAccepted struct {
	LengthFormat byte `json:"length_format"` // the upper four bits count the bytes of the next field
	MaxBlock     Hex  `json:"max_block"`     // bytes of one request of service 36, its two of header included
}

func (a *answer) transferAccepted() any {
	t := &TransferAccepted{LengthFormat: a.byte()}
	t.MaxBlock = a.counted(t.LengthFormat >> 4)
	return t
}

// counted takes a number of so many bytes, of which there must be one.
func (a *answer) counted(n byte) Hex {
	if n == 0 && !a.short && a.problem == "" {
		a.problem = "a length of no bytes"
	}
	return Hex(a.take(int(n)))
}

// Transferred is the reply to service 36.
type Transferred struct {
	Sequence byte `json:"sequence"` // repeats the request's block
	Record   Hex  `json:"record,omitempty"`
}

func (a *answer) transferred() any {
	t := &Transferred{Sequence: a.byte()}
	if len(a.request) > 1 {
		a.same("block", uint32(a.request[1]), uint32(t.Sequence))
	}
	t.Record = a.rest()
	return t
}
