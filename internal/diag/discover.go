package diag

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/module"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// Module is a control unit that was found, beyond the engine's too.
type Module struct {
	ECU     obd.ECU      `json:"ecu"`
	Request obd.Address  `json:"request,omitzero"` // where it is asked
	System  string       `json:"system,omitempty"` // abs, airbag, body, ...
	Name    string       `json:"name,omitempty"`   // what stands at this address in cars of the maker
	Codes   []obd.DTC    `json:"codes"`
	Unread  []obd.Unread `json:"unread,omitempty"`
}

// Discovery says what [Tester.Discover] looks for. It only reads: 3E, 22 and 19.
type Discovery struct {
	Places []module.Module // where units may be; the legislated addresses are always tried
	// Rate is the most requests per second, 0 for 10: gateways take more for an attack.
	Rate     float64
	MinVolts float64 // ends the search when the supply falls below it; 0 for no watch
	Codes    bool    // read the trouble codes too
	// Sweep tries every 11-bit address from 700 to 7EF as well, with the answer eight above.
	Sweep bool
	// Progress, if set, is told before each place is tried.
	Progress func(place module.Module, nth, of int)
}

// Discover looks for control units at the legislated addresses and at those of the maker's table, in order of
// address. With an error the list holds what was found until then.
func (t *Tester) Discover(ctx context.Context, o Discovery) ([]Module, error) {
	s := &search{tester: t, options: o, pause: time.Duration(float64(time.Second) / gentleRate)}
	if o.Rate > 0 {
		s.pause = time.Duration(float64(time.Second) / o.Rate)
	}
	places, err := s.places(ctx)
	var found []Module
	for i, place := range places {
		if err == nil && i%watchEvery == 0 {
			err = t.watchVoltage(ctx, o.MinVolts)
		}
		if err != nil {
			break
		}
		if o.Progress != nil {
			o.Progress(place, i+1, len(places))
		}
		var m *Module
		if m, err = s.visit(ctx, place); m != nil {
			found = append(found, *m)
		}
	}
	slices.SortFunc(found, func(a, b Module) int { return cmp.Compare(a.ECU.Address, b.ECU.Address) })
	return found, err
}

// search is one discovery under way.
type search struct {
	tester  *Tester
	options Discovery
	pause   time.Duration
	last    time.Time
}

// places are those who answer when all are asked, the legislated addresses, and the maker's table; each once.
func (s *search) places(ctx context.Context) ([]module.Module, error) {
	t := s.tester
	places := slices.Clone(s.options.Places)
	add := func(ecu obd.Address) {
		if !slices.ContainsFunc(places, func(p module.Module) bool { return p.Reply == ecu }) {
			places = append(places, module.Module{Reply: ecu, Request: ecu.Request()})
		}
	}
	for i := range uint32(legislatedECUs) {
		if t.protocol().IsCAN() && !t.protocol().Is29Bit() {
			add(obd.CAN11(0x7E8 + i))
		}
	}
	if s.options.Sweep && t.protocol().IsCAN() {
		for id := uint32(firstSwept); id <= lastSwept; id++ {
			add(obd.CAN11(id + 8))
		}
	}
	for _, ecu := range t.ECUs() {
		if !isUnknown(ecu) {
			add(ecu)
		}
	}
	answers, err := s.ask(ctx, t.Dialogue(obd.Functional, 0), uds.Present(false))
	for _, a := range answers {
		add(a.ECU)
	}
	return places, err
}

// The 11-bit identifiers that makers use for diagnosis.
const (
	firstSwept = 0x700
	lastSwept  = 0x7EF
)

// ask sends a request, not sooner than the rate allows. Silence is no error.
func (s *search) ask(ctx context.Context, d *Dialogue, request []byte) ([]Answer, error) {
	if err := rest(ctx, s.pause-s.tester.now().Sub(s.last)); err != nil {
		return nil, err
	}
	s.last = s.tester.now()
	answers, err := d.Ask(ctx, request, false)
	return answers, ended(ctx, err)
}

// visit tries one place; nil where nobody answers. A refusal is an answer too.
func (s *search) visit(ctx context.Context, place module.Module) (*Module, error) {
	d := s.tester.Dialogue(place.Reply, place.Request)
	if place.Request == place.Reply.Request() {
		d.header = obd.Functional
	}
	answers, err := s.ask(ctx, d, uds.Present(false))
	known := slices.Contains(s.tester.ECUs(), place.Reply) // some know 19 and 22 and not 3E
	if err != nil || len(answers) == 0 && !known {
		return nil, err
	}
	m := &Module{
		ECU: obd.ECU{Address: place.Reply}, Request: place.Request, System: place.System, Name: place.Name, Codes: []obd.DTC{},
	}
	if err = s.identify(ctx, d, m); err == nil && s.options.Codes {
		err = s.codes(ctx, d, m)
	}
	return m, err
}

// identify asks what the unit says of itself; what it does not have is no loss.
func (s *search) identify(ctx context.Context, d *Dialogue, m *Module) error {
	u := newUDS(s.tester, obd.DialectUDSOnly)
	quiet := 0
	for _, id := range identifications {
		request := uds.ReadDIDs(id.did)
		answers, err := s.ask(ctx, d, request)
		if err != nil {
			return err
		}
		if len(answers) == 0 {
			if quiet++; quiet >= silentIdentifiers {
				return nil
			}
		}
		for _, a := range answers {
			quiet = 0
			if hasNRC(a.Err, nrcServiceUnknown) {
				return nil
			}
			u.take(&m.ECU, id, identifierText(request, a.Raw))
		}
	}
	return nil
}

// codes reads the unit's confirmed, pending and failing codes.
func (s *search) codes(ctx context.Context, d *Dialogue, m *Module) error {
	const mask = uds.TestFailed | uds.PendingDTC | uds.ConfirmedDTC
	u := newUDS(s.tester, obd.DialectUDSOnly)
	w := codeQuery{request: uds.DTCsByStatus(mask), any: mask}
	answers, err := s.ask(ctx, d, w.request)
	if len(answers) == 0 && err == nil {
		m.Unread = append(m.Unread, unread(obd.StepStored, m.ECU.Address, w.request, link.ErrNoReply))
	}
	for _, a := range answers {
		if _, refused := errors.AsType[link.NegativeReply](a.Err); refused {
			m.Unread = append(m.Unread, unread(obd.StepStored, a.ECU, w.request, a.Err))
			continue
		}
		found, perr := u.list(w, obd.Stored, link.Reply{ECU: a.ECU, Data: a.Raw, At: a.At})
		if perr != nil {
			m.Unread = append(m.Unread, unread(obd.StepStored, a.ECU, w.request, malformed(perr)))
		}
		for i := range found {
			if status := uds.Status(*found[i].Status); !status.Has(uds.ConfirmedDTC) && status.Has(uds.PendingDTC) {
				found[i].Kind = obd.Pending
			}
		}
		m.Codes = append(m.Codes, found...)
	}
	return err
}
