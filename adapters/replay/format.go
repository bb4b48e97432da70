// Package replay records what goes over a port and plays it back.
//
// A recording is a text file, one event per line, described in docs/recording.md. A replay answers each
// command with the recorded bytes, in the recorded order; when the caller asks otherwise than the
// recording did, it answers from wherever the recording has the same command. The package also plays
// transcripts of other programs, told apart by content.
//
// Both sides share one clock and one source of identifiers, see [Recorder.Now] and [Player.Now]: what is
// derived from them while recording is derived again, byte for byte, in the replay.
package replay

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// magic is the first line of a recording; the number changes only if old readers would go wrong.
const magic = "obdctl-recording/1"

// framesMagic is the first line of a recording of CAN frames, which older readers do not know.
const framesMagic = "obdctl-recording/2"

// Header is what a recording says of itself.
type Header struct {
	Address string          // by which the adapter was opened
	Started time.Time       // to the microsecond, with the local offset
	Tool    string          // "obdctl 1.0.0"
	ID      uuid.UUID       // of the recorded session
	Speed   int             // line speed at the start in bits per second, 0 when there is none
	Dial    json.RawMessage // how the dialogue was opened, as the caller encoded it; may be nil

	frames bool // a bus was recorded
}

// header lines, in the order of writing.
const (
	keyAddress = "address"
	keyStarted = "started"
	keyTool    = "tool"
	keyID      = "id"
	keySpeed   = "speed"
	keyDial    = "dial"
)

// append writes the header with the empty line that ends it.
func (h Header) append(b []byte) []byte {
	line := func(key, value string) {
		if value != "" {
			b = append(b, key...)
			b = append(b, ": "...)
			b = appendEscaped(b, []byte(value))
			b = append(b, '\n')
		}
	}
	first := magic
	if h.frames {
		first = framesMagic
	}
	b = append(b, first+"\n"...)
	line(keyAddress, h.Address)
	line(keyStarted, h.Started.Format(time.RFC3339Nano))
	line(keyTool, h.Tool)
	line(keyID, h.ID.String())
	if h.Speed > 0 {
		line(keySpeed, strconv.Itoa(h.Speed))
	}
	line(keyDial, string(h.Dial))
	return append(b, '\n')
}

// set takes one header line; keys of later versions are passed over.
func (h *Header) set(key, value string) (err error) {
	switch key {
	case keyAddress:
		h.Address = value
	case keyStarted:
		h.Started, err = time.Parse(time.RFC3339Nano, value)
		if err == nil && (h.Started.Year() < 1970 || h.Started.Year() > 9999) {
			err = fmt.Errorf("year %d is out of range", h.Started.Year())
		}
	case keyTool:
		h.Tool = value
	case keyID:
		h.ID, err = uuid.Parse(value)
	case keySpeed:
		h.Speed, err = strconv.Atoi(value)
	case keyDial:
		if !json.Valid([]byte(value)) {
			return fmt.Errorf("header %q is not JSON", key)
		}
		h.Dial = json.RawMessage(value)
	}
	if err != nil {
		return fmt.Errorf("header %q: %w", key, err)
	}
	return nil
}

// word is what an event line says behind its time.
type word string

// The words of a recording.
const (
	wordOpen    word = "open"    // a port was opened; what follows is a new session
	wordSent    word = ">"       // bytes went to the adapter
	wordGot     word = "<"       // one Read's bytes came
	wordTimeout word = "timeout" // a Read ended at its deadline
	wordPause   word = "pause"   // the clock was asked after a while of silence; how often before that
	wordSpeed   word = "speed"   // the line speed was changed
	wordLost    word = "lost"    // Read or Write failed for good
	wordClose   word = "close"   // the port was closed

	wordFrameSent word = "tx" // a frame was sent
	wordFrameGot  word = "rx" // a frame came
)

// takesText tells the words that have something behind them.
func (w word) takesText() bool {
	return w == wordSent || w == wordGot || w == wordPause || w == wordSpeed || w == wordLost ||
		w == wordFrameSent || w == wordFrameGot
}

func (w word) known() bool {
	switch w {
	case wordOpen, wordSent, wordGot, wordTimeout, wordPause, wordSpeed, wordLost, wordClose, wordFrameSent, wordFrameGot:
		return true
	}
	return false
}

// event is one line of a recording.
type event struct {
	at   time.Duration // since Header.Started, whole microseconds
	word word
	data []byte
	line int // where it stands in the file, from 1
}

// append writes the event's line.
func (e event) append(b []byte) []byte {
	us := e.at.Microseconds()
	b = fmt.Appendf(b, "%d.%06d %s", us/1e6, us%1e6, e.word)
	if e.word.takesText() {
		b = append(b, ' ')
		b = appendEscaped(b, e.data)
	}
	return append(b, '\n')
}

// parseEvent reads an event line.
func parseEvent(s string) (event, error) {
	clock, rest, ok := strings.Cut(s, " ")
	if !ok {
		return event{}, fmt.Errorf("a time and a word are expected")
	}
	at, err := parseSeconds(clock)
	if err != nil {
		return event{}, err
	}
	name, text, hasText := strings.Cut(rest, " ")
	e := event{at: at, word: word(name)}
	if !e.word.known() {
		return event{}, fmt.Errorf("word %q is not known", short(name))
	}
	if hasText != e.word.takesText() {
		return event{}, fmt.Errorf("word %q is not complete or has too much behind it", name)
	}
	e.data, err = unescape(text)
	return e, err
}

// longest is the length of a recording that is believed.
const longest = 366 * 24 * time.Hour

// parseSeconds reads a time in seconds with up to six decimals.
func parseSeconds(s string) (time.Duration, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	for len(fraction) < 6 {
		fraction += "0"
	}
	seconds, err1 := strconv.ParseUint(whole, 10, 32)
	micros, err2 := strconv.ParseUint(fraction, 10, 32)
	if err1 != nil || err2 != nil || len(fraction) > 6 {
		return 0, fmt.Errorf("%q is not a time in seconds", short(s))
	}
	at := time.Duration(seconds)*time.Second + time.Duration(micros)*time.Microsecond
	if at > longest {
		return 0, fmt.Errorf("time %s is out of range", s)
	}
	return at, nil
}

// short keeps hostile text out of messages.
func short(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}
