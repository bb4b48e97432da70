package decode

import (
	"encoding/hex"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// Exchange is a reply of ISO 14229-1 field by field, as the standard names them, beside what it means.
type Exchange struct {
	ECU      obd.Address `json:"ecu,omitzero"`
	Service  obd.Service `json:"service"` // of the request
	Positive bool        `json:"positive"`
	NRC      *uint8      `json:"nrc,omitempty"`
	Outcome  string      `json:"outcome"` // "positive response" or the name of the negative response code
	Valid    bool        `json:"valid"`   // well-formed
	Answers  bool        `json:"answers"` // it answers the request
	Problem  string      `json:"problem,omitempty"`
	Data     any         `json:"data,omitempty"` // by service, see docs/uds.md
}

// exchange takes a reply apart where it is one of ISO 14229-1. Services up to 0F and 21 are of other
// standards.
func (d *Decoder) exchange(r *Result, request catalog.Request, reply link.Reply) {
	if len(reply.Data) == 0 || reply.Err != nil && !isNegative(reply.Data) {
		return
	}
	asked, ok := askedOf(request.Data, reply.Data)
	if !ok {
		return
	}
	said, _ := d.knowledge().Interpret(asked, reply.Data) // what is wrong with it stands in said
	x := Exchange{
		ECU: reply.ECU, Service: said.Service, Positive: said.Positive, Valid: said.Valid,
		Answers: said.Valid && !said.Unexpected, Problem: said.Problem, Data: said.Data,
	}
	switch {
	case said.Positive, said.Code != 0:
		x.Outcome = said.CodeName()
	}
	if !said.Positive && said.Code != 0 {
		x.NRC = &said.Code
	}
	r.UDS = append(r.UDS, x)
}

func isNegative(data []byte) bool { return data[0] == byte(obd.ServiceNegativeReply) }

// askedOf is the request that a reply is held against: the one that is known, else the least that the
// reply tells of it.
func askedOf(request, reply []byte) ([]byte, bool) {
	if len(request) > 0 {
		return request, uds.Known(obd.Service(request[0]))
	}
	switch {
	case isNegative(reply) && len(reply) > 1:
		return reply[1:2], uds.Known(obd.Service(reply[1]))
	case isRequest(reply[0]):
		return nil, false
	}
	service := obd.Service(reply[0] &^ 0x40)
	return impliedBy(service, reply), uds.Known(service)
}

// impliedBy returns what a positive reply repeats of its request, in the request's order.
func impliedBy(service obd.Service, reply []byte) []byte {
	asked := []byte{byte(service)}
	switch {
	case uds.HasSubFunction(service), service == uds.TransferData, service == uds.RequestFileTransfer:
		return append(asked, reply[1:min(2, len(reply))]...)
	case service == uds.ReadByIdentifier, service == uds.ReadScaling, service == uds.WriteByIdentifier:
		return append(asked, reply[1:min(3, len(reply))]...)
	}
	return asked
}

// knowledge is what the catalogue and the caller know of lengths.
func (d *Decoder) knowledge() uds.Knowledge {
	return uds.Knowledge{
		Strict: d.Strict, Length: d.didLength,
		Extended: func(_ uint32, record byte) int {
			if n, ok := d.RecordBytes[record]; ok {
				return n
			}
			return -1
		},
	}
}

// didLength is the length of a data identifier, less than 0 where nobody knows it.
func (d *Decoder) didLength(did uint16) int {
	if n, ok := d.DIDBytes[did]; ok {
		return n
	}
	if n := d.pidLength(did); n >= 0 {
		return n
	}
	if c := d.Catalog.Command(uds.ReadByIdentifier, did); c != nil && c.Length > 0 {
		return c.Length
	}
	return -1
}

// bare takes text that holds no reply to a request of ISO 14229-1 as one message without header: an answer
// of another service, or one whose first bytes look like a header.
func (d *Decoder) bare(r *Result, a text.Answer, request catalog.Request) bool {
	if len(request.Data) == 0 || !uds.Known(obd.Service(request.Data[0])) || len(a.Lines) != 1 || request.Reply != obd.Functional {
		return false
	}
	data, err := hex.DecodeString(strings.ReplaceAll(a.Lines[0].Text, " ", ""))
	if err != nil || len(data) == 0 {
		return false
	}
	d.exchange(r, request, link.Reply{Data: data})
	x := r.UDS[len(r.UDS)-1]
	if x.Answers {
		d.Reply(r, d.Protocol, request, link.Reply{Data: data})
		r.UDS = r.UDS[:1]
		return true
	}
	r.Text = append(r.Text, a.Lines[0].Text)
	r.fail(Failure{Kind: "malformed", Message: x.Problem})
	return true
}
