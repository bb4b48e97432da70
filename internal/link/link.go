// Package link holds the three seams to a car: a [Port] carries bytes, a [Bus] carries CAN frames, a
// [Link] carries diagnostic messages. Protocols turn the first two into the third; the diagnosis
// speaks only to a Link.
package link

import (
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Link exchanges diagnostic messages with a vehicle (external test equipment of ISO 15031-5 / ISO 14229-1).
//
// A Link is used by one goroutine at a time.
type Link interface {
	// Exchange sends one request and returns the replies of every ECU, one per ECU in order of
	// arrival, response-pending (NRC 78) and busy (NRC 21) already waited out, duplicates dropped,
	// replies to other requests parked or dropped.
	//
	// Errors: ErrNoReply when no ECU answered in time; a [*Fault] when the adapter or the line
	// reported one; ctx.Err(). Replies that came before an error are returned with it. The link can be
	// used again after ErrNoReply and after a Fault whose Lost is false.
	Exchange(ctx context.Context, req Request) ([]Reply, error)
	// Describe says what is at the other end; it sends nothing.
	Describe() Description
	Close() error
}

// Request is one diagnostic message to one or all ECUs.
type Request struct {
	// Target is where the message goes: obd.Functional for all ECUs, otherwise the address that the
	// wanted ECU ANSWERS at, as found in [Reply.ECU]; the link derives the request address
	// (obd.Address.Request) unless Header is set.
	Target obd.Address
	// Header overrides the request address, for ECUs whose reply address does not follow from it.
	Header obd.Address
	// Data is the message: service identifier and parameters, without padding.
	Data []byte
	// Frames is the known total number of frames of all replies together, 0 when not known. A link may
	// use it to stop waiting early (the ELM327's count digit); a wrong number cuts replies.
	Frames int
	// Slow asks for the longest waiting time: clearing codes, routines, memory-heavy reads.
	Slow bool
}

// Service returns the request's service identifier.
func (r Request) Service() obd.Service {
	if len(r.Data) == 0 {
		return 0
	}
	return obd.Service(r.Data[0])
}

// Reply is one ECU's answer.
type Reply struct {
	ECU    obd.Address
	Data   []byte    // from the response service identifier on (request + 0x40, or 7F SID NRC), padding removed
	Frames int       // how many frames (lines) it took, for [Request.Frames]
	At     time.Time // when its last byte came
	// Err is set when this ECU's answer could not be read in full (a missing frame, a wrong checksum,
	// response pending without an end); Data then holds what is certain, possibly nothing.
	Err error
}

// Negative returns the reply as a negative response, if it is one.
func (r Reply) Negative() (NegativeReply, bool) {
	if len(r.Data) >= 3 && r.Data[0] == byte(obd.ServiceNegativeReply) {
		return NegativeReply{ECU: r.ECU, Service: obd.Service(r.Data[1]), Code: r.Data[2]}, true
	}
	return NegativeReply{}, false
}

// Description is what is known about a link's other end.
type Description struct {
	Adapter  obd.Adapter
	Protocol obd.Protocol
	// Baud is the serial speed in use, 0 when there is none.
	Baud int
	// MaxRequest is the longest request in bytes that a single Exchange can carry.
	MaxRequest int
	// CountDigit tells that Request.Frames shortens the wait.
	CountDigit bool
}

// Voltmeter is a Link whose adapter can measure the vehicle's supply voltage (AT RV).
type Voltmeter interface {
	SupplyVoltage(ctx context.Context) (float64, error)
}

// Console is a Link whose adapter takes text commands.
type Console interface {
	// Command sends one line and returns the adapter's text up to the prompt, lines separated by "\n".
	// Whatever it may have changed (headers, filters, protocol) is set again before the next Exchange.
	Command(ctx context.Context, line string) (string, error)
}

// ErrNoReply says that no ECU answered in time.
var ErrNoReply = errors.New("no reply from any ECU")

// Fault is a failure that the adapter or the line reported.
type Fault struct {
	// Text is the adapter's own word in capitals, such as "CAN ERROR" or "BUFFER FULL"; "" for none.
	Text string
	// Lost tells that the adapter is gone and the link must be opened again.
	Lost bool
	Err  error // what lies below, may be nil
}

func (f *Fault) Error() string {
	s := "adapter fault"
	if f.Lost {
		s = "adapter lost"
	}
	if f.Text != "" {
		s += ": " + f.Text
	}
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

func (f *Fault) Unwrap() error { return f.Err }

// IsLost tells whether err means that the link must be opened again.
func IsLost(err error) bool {
	f, ok := errors.AsType[*Fault](err)
	return ok && f.Lost
}
