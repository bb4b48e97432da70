package simulator

import (
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Services of SAE J1979 and the negative response codes that the simulated ECUs use (ISO 14229-1 annex A).
const (
	serviceNegative     = 0x7F
	nrcNoService        = 0x11
	nrcNoSubFunction    = 0x12
	nrcBusy             = 0x21
	nrcConditions       = 0x22
	nrcOutOfRange       = 0x31
	nrcPending          = 0x78
	positiveOffset      = 0x40
	maxDataPerOlderLine = 7 // data bytes of one message on ISO 9141-2 and J1850
)

// message is one answer of an ECU, and how long after the one before it (or the request) it starts.
type message struct {
	data  []byte
	after time.Duration // on top of the ECU's latency
}

// ecu is one control unit with what it remembers. The car's lock guards it.
type ecu struct {
	spec      *ecuSpec
	line      obd.Protocol
	address   uint32
	constants map[byte][]byte
	dids      map[uint16][]byte
	codes     codeSpec
	freeze    []freezeSpec
	open      byte // incomplete continuous monitors, bits 0 to 2
	openOther byte // incomplete other monitors
	cleared   *clearing
	refused   byteSet // services that were refused with "busy" already
	start     start
	live      map[uint16]liveSpec
	routines  map[uint16][]byte
	memory    []memory // trouble codes of service 19
	dialogue  dialogue
}

// clearing is where the counters stood when service 04 came.
type clearing struct{ km, min, warmUps float64 }

func newECU(spec *ecuSpec, c *car) (*ecu, error) {
	e := &ecu{
		spec: spec, line: c.line, address: uint32(spec.Address), codes: spec.Codes, freeze: spec.Freeze,
		constants: map[byte][]byte{}, dids: map[uint16][]byte{}, start: c.start,
		live: map[uint16]liveSpec{}, routines: map[uint16][]byte{},
	}
	if m := spec.Monitors; m != nil {
		e.open, e.openOther = monitorBits(m.Open, m.Compression)
	}
	return e, spec.fill(e)
}

// answer returns the messages to a request, none when this ECU keeps silent.
func (e *ecu) answer(request []byte, physical bool, at time.Duration, s *state) []message {
	if len(request) == 0 {
		return nil
	}
	service := request[0]
	if e.spec.Busy[service] && !e.refused[service] {
		e.refused[service] = true
		return []message{{data: []byte{serviceNegative, service, nrcBusy}}}
	}
	replies, nrc, known := e.uds(request, physical, at, s)
	if !known {
		replies, nrc = e.serve(request, s)
	}
	var list []message
	if nrc != 0 {
		if !physical && !e.spec.Negatives && quiet(nrc) {
			return nil
		}
		replies = [][]byte{{serviceNegative, service, nrc}}
	}
	if p := e.spec.Pending; p != nil && p.Services[service] && len(replies) > 0 {
		for i := range p.Count {
			m := message{data: []byte{serviceNegative, service, nrcPending}}
			if i > 0 {
				m.after = p.Every
			}
			list = append(list, m)
		}
		for i, r := range replies {
			m := message{data: r}
			if i == 0 {
				m.after = p.Every
			}
			list = append(list, m)
		}
		return list
	}
	for _, r := range replies {
		list = append(list, message{data: r})
		if e.spec.Twice[service] && len(r) <= maxDataPerOlderLine {
			list = append(list, message{data: r})
		}
	}
	return list
}

// quiet are the refusals that a functional request keeps unsaid (ISO 14229-1 clause 7.5).
func quiet(nrc byte) bool {
	switch nrc {
	case nrcNoService, nrcNoSubFunction, nrcOutOfRange, nrcSubInSession, nrcInSession:
		return true
	}
	return false
}

// serve answers one service; a code other than 0 is a refusal, nothing at all is silence.
func (e *ecu) serve(request []byte, s *state) (replies [][]byte, nrc byte) {
	rest := request[1:]
	switch request[0] {
	case 0x01:
		return e.currentData(rest, s)
	case 0x02:
		return e.freezeData(rest)
	case 0x03:
		return e.codeList(0x43, e.codes.Stored), 0
	case 0x04:
		return e.clear(s)
	case 0x05:
		return e.oxygenTests(rest)
	case 0x06:
		return e.monitorTests(rest)
	case 0x07:
		return e.codeList(0x47, e.codes.Pending), 0
	case 0x08:
		return e.control(rest)
	case 0x09:
		return e.vehicleInfo(rest)
	case 0x0A:
		if e.codes.NoPermanent {
			return nil, nrcNoService
		}
		return e.codeList(0x4A, e.codes.Permanent), 0
	case 0x22:
		return e.dataByIdentifier(rest)
	case 0x3E:
		if len(rest) > 0 && rest[0]&suppress != 0 {
			return nil, 0
		}
		return [][]byte{append([]byte{0x7E}, rest...)}, 0
	}
	return nil, nrcNoService
}
