package simulator

import "time"

// Negative response codes of ISO 14229-1 annex A.1 beside those of ecu.go.
const (
	nrcLength       = 0x13
	nrcTooLong      = 0x14
	nrcSequence     = 0x24
	nrcSecurity     = 0x33
	nrcWrongKey     = 0x35
	nrcAttempts     = 0x36
	nrcDelay        = 0x37
	nrcSubInSession = 0x7E
	nrcInSession    = 0x7F
)

// Sessions of ISO 14229-1 clause 10.2, and how long one lasts without a request (S3server).
const (
	sessionDefault  = 0x01
	sessionProgram  = 0x02
	sessionExtended = 0x03
	sessionTimeout  = 5 * time.Second
)

// suppress is the bit of a sub-function that asks for no positive answer.
const suppress = 0x80

// memory is one trouble code as an ECU has it now.
type memory struct {
	spec   *udsCode
	bytes  [3]byte
	status byte
	clear  bool // snapshots and extended data are gone
}

// dialogue is what an ECU remembers of its tester.
type dialogue struct {
	session  byte
	until    time.Duration // when the session ends
	silent   time.Duration // until when it starts anew after a reset
	seed     []byte        // waits for its key
	level    byte          // of that seed
	unlocked byte          // security level, 0 = locked
	wrong    int           // keys in a row
	delay    time.Duration // until when no seed is given
	draws    uint32
	routines map[uint16]bool // that were started
}

// call is one request in the making.
type call struct {
	request  []byte
	sub      byte // without the suppress bit
	physical bool
	at       time.Duration
	s        *state
}

// service is one service of ISO 14229-1.
type service struct {
	length   int  // at least
	sub      bool // the second byte is a sub-function
	extended bool // not in the default session
	run      func(e *ecu, c *call) (reply []byte, nrc byte)
}

// udsServices are those that every ECU of ISO 14229-1 here knows.
func udsServices() map[byte]service {
	return map[byte]service{
		0x10: {2, true, false, (*ecu).startSession},
		0x11: {2, true, true, (*ecu).reset},
		0x14: {4, false, false, (*ecu).clearCodes},
		0x19: {2, true, false, (*ecu).readCodes},
		0x22: {3, false, false, (*ecu).readData},
		0x27: {2, true, true, (*ecu).security},
		0x28: {3, true, true, (*ecu).communication},
		0x2A: {2, false, true, (*ecu).periodic},
		0x2E: {4, false, true, (*ecu).write},
		0x2F: {4, false, true, (*ecu).output},
		0x31: {4, true, true, (*ecu).routine},
		0x3E: {2, true, false, (*ecu).present},
		0x85: {2, true, true, (*ecu).settings},
	}
}

// uds answers a service of ISO 14229-1 in the order of checks of its clause 7.5; known is false when this
// ECU does not have the service that way.
func (e *ecu) uds(request []byte, physical bool, at time.Duration, s *state) (replies [][]byte, nrc byte, known bool) {
	if e.spec.UDS == nil {
		return nil, 0, false
	}
	d := &e.dialogue
	if d.session == 0 || at >= d.until {
		d.session, d.unlocked = sessionDefault, 0
	}
	sv, ok := udsServices()[request[0]]
	if !ok || request[0] == 0x2A && e.spec.UDS.Periodic == 0 {
		return nil, nrcNoService, e.spec.UDS.Only || request[0] > 0x0F
	}
	defer func() { d.until = at + sessionTimeout }()
	if at < d.silent {
		return nil, 0, true
	}
	if sv.extended && d.session == sessionDefault {
		return nil, nrcInSession, true
	}
	if len(request) < sv.length {
		return nil, nrcLength, true
	}
	c := &call{request: request, physical: physical, at: at, s: s}
	quietly := false
	if sv.sub {
		c.sub, quietly = request[1]&^suppress, request[1]&suppress != 0
	}
	reply, nrc := sv.run(e, c)
	if nrc != 0 || reply == nil || quietly {
		return nil, nrc, true
	}
	return [][]byte{reply}, 0, true
}
