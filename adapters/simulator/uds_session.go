package simulator

import "time"

// restart is how long an ECU is away after a reset.
const restart = 600 * time.Millisecond

// startSession is service 10. The answer tells P2 = 50 ms and P2* = 5000 ms.
func (e *ecu) startSession(c *call) ([]byte, byte) {
	switch {
	case len(c.request) != 2:
		return nil, nrcLength
	case c.sub == sessionProgram:
		return nil, nrcConditions
	case c.sub != sessionDefault && c.sub != sessionExtended:
		return nil, nrcNoSubFunction
	}
	e.dialogue.session, e.dialogue.unlocked, e.dialogue.seed = c.sub, 0, nil
	return []byte{0x50, c.sub, 0x00, 0x32, 0x01, 0xF4}, 0
}

// reset is service 11: hard, key off and on, soft. A car that moves forbids it.
func (e *ecu) reset(c *call) ([]byte, byte) {
	switch {
	case c.sub < 1 || c.sub > 3:
		return nil, nrcNoSubFunction
	case len(c.request) != 2:
		return nil, nrcLength
	case c.s.Running:
		return nil, nrcConditions
	}
	e.dialogue = dialogue{session: sessionDefault, silent: c.at + restart, draws: e.dialogue.draws, delay: e.dialogue.delay}
	return []byte{0x51, c.sub}, 0
}

// present is service 3E.
func (e *ecu) present(c *call) ([]byte, byte) {
	switch {
	case c.sub != 0:
		return nil, nrcNoSubFunction
	case len(c.request) != 2:
		return nil, nrcLength
	}
	return []byte{0x7E, 0x00}, 0
}

// communication is service 28: nothing here depends on it.
func (e *ecu) communication(c *call) ([]byte, byte) {
	switch {
	case c.sub > 3:
		return nil, nrcNoSubFunction
	case len(c.request) != 3:
		return nil, nrcLength
	case c.request[2]&0x03 == 0:
		return nil, nrcOutOfRange
	case c.s.Speed > 0:
		return nil, nrcConditions
	}
	return []byte{0x68, c.sub}, 0
}

// settings is service 85: codes are kept as they are either way.
func (e *ecu) settings(c *call) ([]byte, byte) {
	if c.sub != 1 && c.sub != 2 {
		return nil, nrcNoSubFunction
	}
	if c.s.Speed > 0 {
		return nil, nrcConditions
	}
	return []byte{0xC5, c.sub}, 0
}

// Limits of security access: wrong keys until it is shut, and for how long.
const (
	mostKeys = 3
	keyDelay = 10 * time.Second
)

// security is service 27: odd sub-functions ask for a seed, even ones bring the key.
func (e *ecu) security(c *call) ([]byte, byte) {
	d, spec := &e.dialogue, e.spec.UDS
	level := (c.sub - 1) | 1 // of either
	if c.sub == 0 || !spec.Levels[level] {
		return nil, nrcNoSubFunction
	}
	if c.sub == level {
		return e.seed(c, level)
	}
	key := c.request[2:]
	switch {
	case d.seed == nil || d.level != level:
		return nil, nrcSequence
	case len(key) != len(d.seed):
		return nil, nrcLength
	}
	right := spec.Secret != 0
	for i := range key {
		right = right && key[i] == d.seed[i]^byte(spec.Secret>>(24-8*i))
	}
	d.seed = nil
	if right {
		d.unlocked, d.wrong = level, 0
		return []byte{0x67, c.sub}, 0
	}
	if d.wrong++; d.wrong >= mostKeys {
		d.wrong, d.delay = 0, c.at+keyDelay
		return nil, nrcAttempts
	}
	return nil, nrcWrongKey
}

// seed is drawn from a sequence that the ECU's address begins; zeros say that the level is open already.
func (e *ecu) seed(c *call, level byte) ([]byte, byte) {
	d := &e.dialogue
	switch {
	case c.at < d.delay:
		return nil, nrcDelay
	case d.unlocked == level:
		return []byte{0x67, c.sub, 0, 0, 0, 0}, 0
	}
	d.draws++
	n := (e.address ^ d.draws*0x9E3779B9) * 0x85EBCA6B
	d.seed, d.level = []byte{byte(n>>24) | 1, byte(n >> 16), byte(n >> 8), byte(n)}, level
	return join([]byte{0x67, c.sub}, d.seed), 0
}
