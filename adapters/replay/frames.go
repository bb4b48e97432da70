package replay

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
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
	s.frames.add(fe)
	return nil
}

// parseFrames reads a log of another program, frame by frame. Which frames a tester sent is told by their
// identifiers.
func (r *Recording) parseFrames(in io.Reader) error {
	seed := sha256.New()
	log, err := framelog.NewReader(io.TeeReader(in, &trimmed{to: seed}))
	if err != nil {
		return err
	}
	r.sessions = []session{{isBus: true}}
	t := &r.sessions[0].frames
	var first time.Duration
	for {
		e, err := log.Next()
		if bad, ok := errors.AsType[*framelog.LineError](err); ok {
			return at(bad.Line, "%w", bad.Err)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if t.n == 0 {
			first = e.At
		}
		if e.At-first > longest {
			return at(e.Line, "the log is longer than a year")
		}
		fe := frameEvent{what: wordFrameGot, at: e.At - first, frame: e.Frame, line: e.Line}
		if isTester(e.Frame.ID) {
			fe.what = wordFrameSent
		}
		t.add(fe)
	}
	r.Skipped = log.Skipped
	// The times of candump are dates; those of other logs begin anywhere, and their dates then are in 1970.
	r.Header.Started = time.Unix(0, 0).UTC().Add(first)
	r.Header.ID = version7(r.Header.Started, seed.Sum(nil))
	return nil
}

// trimmed hands on what is written without the blanks at both ends, so that a last line's end does not make
// another recording. More blanks than heldBlanks on end are text.
type trimmed struct {
	to    io.Writer
	begun bool
	held  []byte
}

const (
	heldBlanks = 64 << 10
	blanks     = " \t\n\v\f\r"
)

func (t *trimmed) Write(p []byte) (int, error) {
	n := len(p)
	if !t.begun {
		p = bytes.TrimLeft(p, blanks)
		t.begun = len(p) > 0
	}
	text := bytes.TrimRight(p, blanks)
	if len(text) > 0 || len(t.held) > heldBlanks {
		t.to.Write(t.held) //nolint:errcheck // a hash takes everything
		t.to.Write(text)   //nolint:errcheck // as above
		t.held = t.held[:0]
	}
	t.held = append(t.held, p[len(text):]...)
	return n, nil
}

// isTester tells the identifiers that only external test equipment sends on (ISO 15765-4).
func isTester(id can.ID) bool {
	if !id.IsExtended() {
		return id == 0x7DF || id&^7 == 0x7E0
	}
	raw := id.Raw()
	return raw&0x03FFFFFF == 0x00DB33F1 || raw&0x03FF00FF == 0x00DA00F1
}
