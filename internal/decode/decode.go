// Package decode turns captured replies into words, with no car and no adapter: replies whose request is
// known, adapter text, and candump logs.
package decode

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// Decoder decodes replies by a catalogue. It keeps nothing between two calls.
type Decoder struct {
	Catalog *catalog.Catalog
	Book    *dtc.Book
	// Protocol is the line that the replies came from; unknown means guessed from each text.
	Protocol obd.Protocol
	// DIDBytes and RecordBytes are lengths that the caller knows: of data identifiers (services 22 and 19)
	// and of extended data records (service 19).
	DIDBytes    map[uint16]int
	RecordBytes map[byte]int
	// SPNMethod is the SPN conversion method (1 to 3) of trucks' codes with the conversion bit set; 0 means 3.
	SPNMethod uint8
	// Strict takes zeros behind the last field of a reply of ISO 14229-1 for an error, not for padding.
	Strict bool
}

// Result is what one input said; docs/schema.md describes its JSON, obdctl.decode/1.
type Result struct {
	Schema  string `json:"schema"`
	Line    int    `json:"line"`
	Input   string `json:"input"`
	Request string `json:"request,omitempty"` // hexadecimal, where known

	ECUs      []obd.Address       `json:"ecus,omitempty"`
	Replies   []Message           `json:"replies,omitempty"` // as they came, put together
	Signals   []obd.Reading       `json:"signals,omitempty"`
	Codes     []obd.DTC           `json:"codes,omitempty"`
	Monitors  []obd.MonitorStatus `json:"monitors,omitempty"`
	Tests     []obd.MonitorTest   `json:"tests,omitempty"`
	Info      []Info              `json:"info,omitempty"`
	Supported []Supported         `json:"supported,omitempty"`
	Text      []string            `json:"text,omitempty"` // an adapter's own answers, such as a version
	UDS       []Exchange          `json:"uds,omitempty"`  // replies of ISO 14229-1, field by field
	J1939     *GroupMessage       `json:"j1939,omitempty"`

	// Error is the first failure; Errors lists all where there is more than one.
	Error  *Failure  `json:"error,omitempty"`
	Errors []Failure `json:"errors,omitempty"`
}

// Message is one reply put together from its frames.
type Message struct {
	ECU  obd.Address `json:"ecu,omitzero"`
	Data string      `json:"data"` // hexadecimal, from the response service identifier on
}

// Info is one answer of service 09.
type Info struct {
	ECU        obd.Address `json:"ecu,omitzero"`
	Type       uint8       `json:"info_type"`
	VIN        string      `json:"vin,omitempty"`
	CalIDs     []string    `json:"calibration_ids,omitempty"`
	CVNs       []string    `json:"cvns,omitempty"`
	Name       string      `json:"name,omitempty"`
	ESN        string      `json:"engine_serial,omitempty"`
	Regulation string      `json:"exhaust_regulation,omitempty"`
	InUse      *obd.InUse  `json:"in_use,omitempty"`
}

// Supported is one bitmap of supported PIDs.
type Supported struct {
	ECU     obd.Address `json:"ecu,omitzero"`
	Service obd.Service `json:"service"`
	IDs     []int       `json:"ids"`
}

// Failure is the typed reason why something could not be decoded.
type Failure struct {
	Kind    string      `json:"kind"` // "adapter", "negative", "incomplete", "malformed", "unknown", "input"
	ECU     obd.Address `json:"ecu,omitzero"`
	Text    string      `json:"text,omitempty"` // the adapter's word: "NO DATA"
	NRC     *uint8      `json:"nrc,omitempty"`
	Message string      `json:"message"`
}

// Text decodes adapter text (or frames, one a line) that answers request; a zero request means unknown,
// and the reply itself then tells the service.
func (d *Decoder) Text(raw string, request catalog.Request) Result {
	a := text.Clean([]byte(raw), "")
	format := d.format(a, request)
	var r Result
	replies := text.Replies(a, format, request.Data)
	for _, reply := range replies {
		if !from(reply.ECU, request.Reply) {
			continue
		}
		d.Reply(&r, format.Protocol, request, reply)
	}
	if c := a.Condition(); c != "" {
		r.fail(Failure{Kind: "adapter", Text: string(c), Message: "the adapter said " + string(c)})
	}
	if len(replies) == 0 && r.Error == nil && !d.bare(&r, a, request) {
		d.leftover(&r, a, request)
	}
	return r
}

// format is how the text is laid out: as the caller or the request says, else as it looks. Where no line
// gives a guess anything to go by, identifiers that belong to diagnostics speak for CAN with headers.
func (d *Decoder) format(a text.Answer, request catalog.Request) text.Format {
	if _, extended := request.Header.Extension(); extended {
		// The byte behind the identifier hides the control byte from a guess.
		f := text.Format{Protocol: obd.CAN11x500, Headers: true, Extended: true}
		if request.Header.IsCAN29() {
			f.Protocol = obd.CAN29x500
		}
		return f
	}
	f := text.Guess(a)
	if d.Protocol != obd.ProtocolUnknown {
		f.Protocol = d.Protocol
	}
	if f.Protocol == obd.ProtocolUnknown && len(a.Lines) > 0 {
		switch line := strings.ToUpper(a.Lines[0].Text); {
		case strings.HasPrefix(line, "18DA") && len(line) > 8:
			f.Protocol, f.Headers = obd.CAN29x500, true
		case strings.HasPrefix(line, "7") && len(line)%2 == 1 && len(line) > 3 && isHex(line):
			f.Protocol, f.Headers = obd.CAN11x500, true
		}
	}
	return f
}

// from tells whether a reply may be the wanted control unit's. An address extension is the tester's own in
// a reply (ISO 15765-2 clause 10.3.4), so it does not count.
func from(ecu, wanted obd.Address) bool {
	return wanted == obd.Functional || ecu == obd.Functional || ecu.ID() == wanted.ID()
}

// leftover explains text that held no reply to the request.
func (d *Decoder) leftover(r *Result, a text.Answer, request catalog.Request) {
	for _, l := range a.Lines {
		r.Text = append(r.Text, l.Text)
	}
	_, isVersion := a.Version()
	_, isVoltage := a.Voltage()
	switch {
	case a.OK(), isVersion, isVoltage: // an adapter's answer about itself
	case len(r.Text) == 0:
		r.fail(Failure{Kind: "input", Message: "nothing to decode"})
	case len(request.Data) > 0:
		r.fail(Failure{Kind: "unknown", Message: "no reply to the request in this text"})
	default:
		r.fail(Failure{Kind: "unknown", Message: "not a reply that can be decoded"})
	}
}

// Reply adds to r what one control unit's message says.
func (d *Decoder) Reply(r *Result, p obd.Protocol, request catalog.Request, reply link.Reply) {
	if reply.ECU != obd.Functional {
		r.ECUs = append(r.ECUs, reply.ECU)
	}
	if len(reply.Data) > 0 {
		r.Replies = append(r.Replies, Message{ECU: reply.ECU, Data: Hex(reply.Data)})
	}
	d.exchange(r, request, reply)
	if n, ok := reply.Negative(); ok {
		code := n.Code
		r.fail(Failure{Kind: "negative", ECU: reply.ECU, NRC: &code, Message: n.Error()})
		return
	}
	if fault, ok := errors.AsType[*link.Fault](reply.Err); ok {
		r.fail(Failure{Kind: "adapter", ECU: reply.ECU, Text: fault.Text, Message: "the adapter marked a line: " + fault.Text})
	} else if reply.Err != nil {
		r.fail(Failure{Kind: "incomplete", ECU: reply.ECU, Message: reply.Err.Error()})
	}
	if len(reply.Data) == 0 {
		return
	}
	found := r.facts()
	err := d.message(r, p, request, reply) // of an incomplete reply, what is certain
	if err == nil && len(reply.Data) == 1 && r.facts() == found && !emptyIsFine(reply.Data[0]) {
		err = errors.New("the reply ends behind its service")
	}
	if err != nil && reply.Err == nil {
		kind := "malformed"
		if errors.Is(err, errUnknown) {
			kind = "unknown"
		}
		r.fail(Failure{Kind: kind, ECU: reply.ECU, Message: err.Error()})
	}
}

// facts counts what the result holds.
func (r *Result) facts() int {
	return len(r.Signals) + len(r.Codes) + len(r.Monitors) + len(r.Tests) + len(r.Info) + len(r.Supported) + len(r.Text)
}

// emptyIsFine tells the services whose reply may hold nothing: lists of codes, and clearing.
func emptyIsFine(service byte) bool {
	switch service {
	case 0x43, 0x44, 0x47, 0x4A, 0x54:
		return true
	}
	return false
}

func (r *Result) fail(f Failure) {
	if r.Error == nil {
		r.Error = &f
		return
	}
	if r.Errors == nil {
		r.Errors = []Failure{*r.Error}
	}
	r.Errors = append(r.Errors, f)
}

// message sorts one positive response by its service.
func (d *Decoder) message(r *Result, p obd.Protocol, request catalog.Request, reply link.Reply) error {
	if isRequest(reply.Data[0]) {
		return fmt.Errorf("%02X is the service of a request, not of a reply: %w", reply.Data[0], errUnknown)
	}
	service := obd.Service(reply.Data[0] &^ 0x40)
	switch service {
	case obd.ServiceStoredCodes, obd.ServicePendingCodes, obd.ServicePermanent:
		return d.codes(r, p, service, reply)
	case obd.ServiceMonitorTests:
		return d.tests(r, p, reply)
	case obd.ServiceOxygenTests:
		test, err := j1979.ParseOxygenTest(reply.ECU, reply.Data)
		if err == nil {
			r.Tests = append(r.Tests, test)
		}
		return err
	case obd.ServiceVehicleInfo:
		return d.info(r, p, reply)
	case obd.ServiceClear:
		r.Text = append(r.Text, "cleared")
		return nil
	}
	if handled, err := d.uds(r, p, request, reply); handled {
		return err
	}
	return d.signals(r, request, reply)
}

func (d *Decoder) codes(r *Result, p obd.Protocol, service obd.Service, reply link.Reply) error {
	kinds := map[obd.Service]obd.CodeKind{
		obd.ServiceStoredCodes: obd.Stored, obd.ServicePendingCodes: obd.Pending, obd.ServicePermanent: obd.Permanent,
	}
	codes, err := j1979.ParseCodes(p, reply.Data)
	for _, code := range codes {
		c := obd.DTC{Code: code, ECU: reply.ECU, Kind: kinds[service]}
		d.Book.Fill(&c)
		r.Codes = append(r.Codes, c)
	}
	return err
}

func (d *Decoder) tests(r *Result, p obd.Protocol, reply link.Reply) error {
	if d.bitmap(r, reply) {
		return nil
	}
	tests, err := j1979.ParseMonitorTests(p, reply.ECU, reply.Data)
	r.Tests = append(r.Tests, tests...)
	return err
}

func (d *Decoder) info(r *Result, p obd.Protocol, reply link.Reply) error {
	if d.bitmap(r, reply) {
		return nil
	}
	i, err := j1979.ParseInfo(p, reply.Data)
	if err != nil {
		return err
	}
	r.Info = append(r.Info, Info{
		ECU: reply.ECU, Type: i.Type, VIN: i.VIN, CalIDs: i.CalIDs, CVNs: i.CVNs,
		Name: i.Name, ESN: i.ESN, Regulation: i.Regulation, InUse: i.InUse,
	})
	return nil
}

// bitmap reads a reply whose id is 00, 20, 40...: what is supported.
func (d *Decoder) bitmap(r *Result, reply link.Reply) bool {
	if len(reply.Data) < 2 || reply.Data[1]&0x1F != 0 {
		return false
	}
	service, base, bits, err := j1979.ParseSupported(reply.Data)
	if err != nil {
		return false
	}
	s := Supported{ECU: reply.ECU, Service: service, IDs: []int{}}
	for i := range 32 {
		if id := int(base) + i + 1; id <= 0xFF && bits&(1<<(31-i)) != 0 {
			s.IDs = append(s.IDs, id)
		}
	}
	r.Supported = append(r.Supported, s)
	return true
}

func readings(dst []obd.Reading, values []catalog.Value, ecu obd.Address) []obd.Reading {
	for _, v := range values {
		dst = append(dst, v.Reading(time.Time{}, ecu))
	}
	return dst
}

// Hex returns the request as JSON shows it.
func Hex(data []byte) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range data {
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}
