package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/decode"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/importer"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
	"github.com/fleetms/obdctl/internal/scan"
)

// interpreter decodes the raw traffic of one imported file.
type interpreter struct {
	decoder  *decode.Decoder
	header   obd.Address  // that AT SH has set
	headers  string       // "ATH0" or "ATH1" as it was said last, "" when it was not
	protocol obd.Protocol // as the adapter told it
	asks     bool         // the dialogue asked for trouble codes
	bus      *busFeed
}

// Exchange decodes the answer to one command. What an adapter says about itself, and refusals, are no readings
// and no mistakes.
func (p *interpreter) Exchange(x importer.Exchange) importer.Decoded {
	compact := strings.ToUpper(strings.Join(strings.Fields(x.Sent), ""))
	if strings.HasPrefix(compact, "AT") || strings.HasPrefix(compact, "ST") {
		p.setting(compact, x.Received)
		return importer.Decoded{}
	}
	data, err := hex.DecodeString(compact[:len(compact)/2*2])
	if err != nil || len(data) == 0 || len(data) > 8 {
		return importer.Decoded{}
	}
	if s := obd.Service(data[0]); s == obd.ServiceStoredCodes || s == obd.ServicePendingCodes {
		p.asks = true
	}
	r := p.answer(x.Received, catalog.Request{Header: p.header, Data: data})
	r.Request = decode.Hex(data)
	return decoded(r, x.Line)
}

// answer decodes adapter text as the settings say that it is laid out, and as it looks where nothing was said.
func (p *interpreter) answer(received []byte, request catalog.Request) decode.Result {
	a := text.Clean(received, "")
	f := text.Guess(a)
	if p.headers != "ATH0" || !f.Headers {
		return p.decoder.Text(string(received), request)
	}
	f = text.Format{Protocol: obd.CAN11x500}
	if p.protocol != obd.ProtocolUnknown {
		f.Protocol = p.protocol
	}
	var r decode.Result
	for _, reply := range text.Replies(a, f, request.Data) {
		p.decoder.Reply(&r, f.Protocol, request, reply)
	}
	return r
}

// setting follows whom requests go to and how answers are laid out.
func (p *interpreter) setting(command string, answer []byte) {
	switch {
	case command == "ATH0", command == "ATH1":
		p.headers = command
	case command == "ATDPN":
		if found, _, ok := text.Clean(answer, "").ProtocolNumber(); ok {
			p.protocol = found
		}
	case strings.HasPrefix(command, "ATSH"):
		r, err := catalog.ParseRequest(strings.TrimPrefix(command, "ATSH") + ".0100")
		p.header = r.Header
		if err != nil {
			p.header = obd.Functional
		}
	case command == "ATZ", command == "ATWS", command == "ATD", strings.HasPrefix(command, "ATSP"), strings.HasPrefix(command, "ATTP"):
		p.header = obd.Functional
		if command[2] != 'S' && command[2] != 'T' {
			p.headers = "" // its default differs between adapters
		}
	}
}

// decoded keeps of a result what an import wants: values of the moment, the VIN, and what was broken.
func decoded(r decode.Result, line int) importer.Decoded {
	var d importer.Decoded
	if !strings.HasPrefix(r.Request, "02") { // a freeze frame is no value of the moment
		d.Readings = r.Signals
	}
	for _, i := range r.Info {
		if i.VIN != "" {
			d.VIN = i.VIN
		}
	}
	failures := r.Errors
	if len(failures) == 0 && r.Error != nil {
		failures = []decode.Failure{*r.Error}
	}
	for _, f := range failures {
		if f.Kind == "malformed" || f.Kind == "incomplete" {
			d.Problems = append(d.Problems, importer.Problem{Line: line, Reason: f.Message})
		}
	}
	return d
}

// Frame decodes frames of diagnostics, and those that a signal set knows by their identifier. What else is on a
// bus only looks like a message now and then.
func (p *interpreter) Frame(line int, f can.Frame) importer.Decoded {
	from := obd.CAN11(f.ID.Raw())
	if f.ID.IsExtended() {
		from = obd.CAN29(f.ID.Raw())
	}
	if f.Remote || !isDiagnosticFrame(f.ID) && len(p.decoder.Catalog.Match(obd.Functional, from, 0, 0)) == 0 {
		return importer.Decoded{}
	}
	if p.bus == nil {
		p.bus = feedBus(p.decoder)
	}
	return p.bus.frame(line, f)
}

func isDiagnosticFrame(id can.ID) bool {
	if id.IsExtended() {
		return id.Raw()>>16 == 0x18DA || id.Raw()>>16 == 0x18DB
	}
	return id.Raw() >= 0x700
}

// End decodes what was open when the log ended.
func (p *interpreter) End() importer.Decoded {
	if p.bus == nil {
		return importer.Decoded{}
	}
	return p.bus.end()
}

// busFeed hands frames to a decoder that reads a stream, one at a time, so that what a frame says is known
// before the next one.
type busFeed struct {
	lines  chan string
	wants  chan struct{}
	ended  chan struct{}
	rest   string
	found  importer.Decoded
	number []int // lines of the file, by lines of the stream
	base   int   // line of the stream that number begins with
}

func feedBus(d *decode.Decoder) *busFeed {
	b := &busFeed{lines: make(chan string), wants: make(chan struct{}), ended: make(chan struct{}), base: 1}
	go func() {
		defer close(b.ended)
		_ = d.Stream(b, catalog.Request{}, func(r decode.Result) error { // only emit could fail
			more := decoded(r, b.lineOf(r.Line))
			b.found.Readings = append(b.found.Readings, more.Readings...)
			b.found.Problems = append(b.found.Problems, more.Problems...)
			if more.VIN != "" {
				b.found.VIN = more.VIN
			}
			return nil
		})
	}()
	<-b.wants
	return b
}

// Read gives the decoder one line when it asks for more, which tells that it is through with the one before.
func (b *busFeed) Read(p []byte) (int, error) {
	if b.rest == "" {
		b.wants <- struct{}{}
		line, ok := <-b.lines
		if !ok {
			return 0, io.EOF
		}
		b.rest = line
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// remembered is how many lines back a message may have begun.
const remembered = 4096

func (b *busFeed) frame(line int, f can.Frame) importer.Decoded {
	if len(b.number) >= 2*remembered {
		b.number = b.number[:copy(b.number, b.number[remembered:])]
		b.base += remembered
	}
	b.number = append(b.number, line)
	id := fmt.Sprintf("%03X", f.ID.Raw())
	if f.ID.IsExtended() {
		id = fmt.Sprintf("%08X", f.ID.Raw())
	}
	b.lines <- fmt.Sprintf("(%d.%06d) can0 %s#%X\n", f.At.Unix(), f.At.Nanosecond()/1000, id, f.Payload())
	<-b.wants
	return b.take()
}

func (b *busFeed) lineOf(line int) int {
	if i := line - b.base; i >= 0 && i < len(b.number) {
		return b.number[i]
	}
	return 0
}

func (b *busFeed) take() importer.Decoded {
	d := b.found
	b.found = importer.Decoded{}
	return d
}

func (b *busFeed) end() importer.Decoded {
	close(b.lines)
	<-b.ended
	return b.take()
}

// diagnoseFor bounds the replay of one dialogue.
const diagnoseFor = 30 * time.Second

var unsafeName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// Diagnose makes the scan that a dialogue was, by playing it back to a tester.
func (p *interpreter) Diagnose(ctx context.Context, name string, content []byte) (*obd.Scan, error) {
	if !p.asks {
		return nil, nil
	}
	folder, err := os.MkdirTemp("", "obdctl-import-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := folder + "/" + unsafeName.ReplaceAllString(name[max(0, len(name)-80):], "_") + ".rec"
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, diagnoseFor)
	defer cancel()
	l, err := adapters.Open(ctx, "replay:"+path, adapters.Options{Allow: link.ReadOnly(), Protocol: p.decoder.Protocol, NoRecovery: true})
	if err != nil {
		return nil, err
	}
	defer l.Close()
	return p.scan(ctx, l, name)
}

func (p *interpreter) scan(ctx context.Context, l link.Link, name string) (*obd.Scan, error) {
	clock := adapters.ClockOf(l)
	tester := diag.New(l, p.decoder.Catalog, p.decoder.Book, diag.Options{Now: clock.Now})
	o := scan.Options{Tool: obd.Tool{Name: "obdctl", Version: buildVersion()}, Address: "import:" + name, Now: clock.Now, NewID: func() (uuid.UUID, error) { return clock.NewID(), nil }}
	if clock.Source() != "system" {
		o.Clock = obd.Clock{Source: clock.Source(), Offset: "+00:00"}
	}
	s, err := scan.Run(ctx, tester, o)
	if s == nil || len(s.Complete) == 0 {
		return nil, err
	}
	return s, nil
}
