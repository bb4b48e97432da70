package uds

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Reply is what a reply says.
type Reply struct {
	Service  obd.Service // of the request
	Positive bool
	Code     byte // the negative response code; 0 for a positive reply
	// Valid tells a well-formed message; what is certain of another one is still in Data.
	Valid bool
	// Unexpected tells that it does not answer the request: another service, sub-function or identifier.
	Unexpected bool
	Problem    string // what is wrong, for people; "" where nothing is
	// Data are the fields: *[Session], *[DTCReport], *[Identifiers], ... or *[Raw] of a service without
	// fields of its own; nil for a negative reply.
	Data any
}

// CodeName names the outcome: "positive response" or the negative response code of annex A.
func (r Reply) CodeName() string {
	if r.Positive {
		return "positive response"
	}
	return link.NRCName(r.Code)
}

// Raw are the bytes behind the service of a reply that has no fields of its own.
type Raw struct {
	Bytes Hex `json:"bytes,omitempty"`
}

// Knowledge is what a reply alone does not tell. The zero value knows nothing and forgives padding.
type Knowledge struct {
	// Length returns the data bytes of an identifier of services 22 and 19 (snapshots), less than 0 where
	// it is not known.
	Length func(did uint16) int
	// Extended returns the data bytes of an extended data record, less than 0 where it is not known.
	Extended func(dtc uint32, record byte) int
	// Strict takes zeros behind the last field for an error instead of padding.
	Strict bool
	// KeepZero keeps codes of all zeros, which most ECUs send as padding.
	KeepZero bool
}

func (k Knowledge) length(did uint16) int {
	if k.Length == nil {
		return -1
	}
	return k.Length(did)
}

func (k Knowledge) extended(dtc uint32, record byte) int {
	if k.Extended == nil {
		return -1
	}
	return k.Extended(dtc, record)
}

// padding tells that what is left may be padding.
func (k Knowledge) padding(rest []byte) bool {
	return len(rest) == 0 || !k.Strict && isZero(rest)
}

// Interpret is [Knowledge.Interpret] without any knowledge.
func Interpret(request, response []byte) (Reply, error) {
	return Knowledge{}.Interpret(request, response)
}

// Interpret says what a reply to a request means.
//
// Errors wrap [ErrMalformed] or [ErrUnexpected]; a negative response is a [link.NegativeReply]. The reply
// is filled as far as it can be in every case.
func (k Knowledge) Interpret(request, response []byte) (Reply, error) {
	if len(request) == 0 {
		return Reply{}, fmt.Errorf("interpret reply: the request is empty")
	}
	r := Reply{Service: obd.Service(request[0])}
	switch {
	case len(response) == 0:
		return r.broken("the reply is empty")
	case response[0] == byte(obd.ServiceNegativeReply):
		return r.negative(request, response)
	case !isReplyService(response[0]):
		return r.broken(fmt.Sprintf("%02X is not the service of a reply", response[0]))
	}
	r.Positive = true
	if response[0] != request[0]+0x40 {
		r.Valid = true
		return r.stray(fmt.Sprintf("service %02X was asked, %02X answered", request[0], response[0]-0x40))
	}
	a := answer{know: k, request: request, reader: reader{data: response[1:]}}
	r.Data = a.parse()
	r.Valid = a.problem == "" && !a.short && a.leftover() == ""
	switch {
	case a.short:
		return r.broken("the reply is too short")
	case a.problem != "":
		return r.broken(a.problem)
	case a.stray != "":
		return r.stray(a.stray)
	case !r.Valid:
		return r.broken(a.leftover())
	}
	return r, nil
}

func (r Reply) negative(request, response []byte) (Reply, error) {
	if len(response) < 3 {
		return r.broken("a negative response has three bytes")
	}
	r.Valid, r.Code = true, response[2]
	if response[1] != request[0] {
		return r.stray(fmt.Sprintf("service %02X was asked, %02X refused", request[0], response[1]))
	}
	return r, link.NegativeReply{Service: r.Service, Code: r.Code}
}

func (r Reply) broken(why string) (Reply, error) {
	r.Valid, r.Problem = false, why
	return r, fmt.Errorf("%w: %s", ErrMalformed, why)
}

func (r Reply) stray(why string) (Reply, error) {
	r.Unexpected, r.Problem = true, why
	return r, fmt.Errorf("%w: %s", ErrUnexpected, why)
}

// isReplyService tells the identifiers of positive responses: bit 6 set (clause 7.5), without 7F.
func isReplyService(b byte) bool { return b&0x40 != 0 && b != 0x7F }
