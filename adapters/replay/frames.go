package replay

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/can/framelog"
)

// frameEvent is one event of a session of frames.
type frameEvent struct {
	what  word // wordFrameSent, wordFrameGot, wordTimeout, wordPause, wordLost
	at    time.Duration
	frame can.Frame
	text  string // behind pause and lost
	line  int
}

// HasFrames tells that a bus was recorded, and not a port.
func (r *Recording) HasFrames() bool { return len(r.sessions) > 0 && r.sessions[0].isBus }

// addFrame takes an event of a session of frames.
func (s *session) addFrame(e event) error {
	fe := frameEvent{what: e.word, at: e.at, line: e.line}
	switch e.word {
	case wordFrameSent, wordFrameGot:
		f, err := framelog.ParseFrame(string(e.data))
		if err != nil {
			return err
		}
		fe.frame, s.isBus = f, true
	case wordTimeout, wordPause, wordLost:
		fe.text = string(e.data)
	default:
		return nil
	}
	s.frames = append(s.frames, fe)
	return nil
}

// parseFrames reads a log of another program. Which frames a tester sent is told by their identifiers.
func (r *Recording) parseFrames(data []byte) error {
	log, err := framelog.Parse(data)
	if err != nil {
		if bad, ok := errors.AsType[*framelog.LineError](err); ok {
			return at(bad.Line, "%w", bad.Err)
		}
		return err
	}
	r.Skipped = log.Skipped
	s := session{isBus: true}
	var first time.Duration
	for i, e := range log.Entries {
		if i == 0 {
			first = e.At
		}
		if e.At-first > longest {
			return at(e.Line, "the log is longer than a year")
		}
		fe := frameEvent{what: wordFrameGot, at: e.At - first, frame: e.Frame, line: e.Line}
		if isTester(e.Frame.ID) {
			fe.what = wordFrameSent
		}
		s.frames = append(s.frames, fe)
	}
	r.sessions = []session{s}
	// The times of candump are dates; those of other logs begin anywhere, and their dates then are in 1970.
	r.Header.Started = time.Unix(0, 0).UTC().Add(first)
	seed := sha256.Sum256(bytes.TrimSpace(data))
	r.Header.ID = version7(r.Header.Started, seed[:])
	return nil
}

// isTester tells the identifiers that only external test equipment sends on (ISO 15765-4).
func isTester(id can.ID) bool {
	if !id.IsExtended() {
		return id == 0x7DF || id&^7 == 0x7E0
	}
	raw := id.Raw()
	return raw&0x03FFFFFF == 0x00DB33F1 || raw&0x03FF00FF == 0x00DA00F1
}
