package replay

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// sizeLimit bounds a recording in bytes; a day of live data has about 300 MB at most.
const sizeLimit = 512 << 20

// Recording is a parsed recording or foreign transcript.
type Recording struct {
	Header  Header
	Foreign bool // another program's transcript: Header has nothing but a made-up ID
	// Truncated tells that the last line was cut off, as a killed program leaves it. It was dropped.
	Truncated bool
	// Skipped is how many lines of another program's log are not understood.
	Skipped int

	sessions []session
	defaults defaults
}

// session is what happened on one opened port.
type session struct {
	greeting  []item // came before anything was sent
	exchanges []exchange

	isBus  bool // what follows is all there is
	frames tape
}

// exchange is what was sent without anything being read between, and what was read then.
type exchange struct {
	sent  []byte
	at    time.Duration
	items []item
	line  int
	scope scope
}

// item is one thing that a Read or a look at the clock found.
type item struct {
	what word // wordGot, wordTimeout, wordPause, wordLost
	at   time.Duration
	data []byte
}

// defaults answer what a scripted adapter has no entry for; nil for none.
type defaults struct{ at, obd []byte }

// Select chooses one of the dialogs of a file that holds several; the zero value chooses the only one.
type Select struct {
	Line   int // the file's line, from 1
	Dialog int // or the dialog's number, from 1
}

// Load reads a recording or a foreign transcript. Errors are of kind [errs.BadInput] with the line and
// the reason, or [errs.Usage] when there is no such file or dialog.
func Load(path string, pick Select) (*Recording, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.Usage, "replay: there is no file %s", path)
	}
	if err != nil {
		return nil, errs.New(errs.BadInput, "replay: %w", err)
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 64<<10)
	if head, _ := in.Peek(16 << 10); isLogFile(head) {
		rec, err := loadFrames(in)
		return finish(path, rec, err)
	}
	data, err := io.ReadAll(io.LimitReader(in, sizeLimit+1))
	if err != nil {
		return nil, errs.New(errs.BadInput, "replay: read %s: %w", path, err)
	}
	if len(data) > sizeLimit {
		return nil, errs.New(errs.BadInput, "replay: %s is larger than %d MiB", path, sizeLimit>>20)
	}
	return Parse(path, data, pick)
}

// Parse reads a recording or a foreign transcript from memory; name is for messages.
func Parse(name string, data []byte, pick Select) (*Recording, error) {
	var rec *Recording
	var err error
	if bytes.HasPrefix(data, []byte("obdctl-recording/")) {
		rec, err = parseOwn(data)
	} else {
		rec, err = parseForeign(data, pick)
	}
	return finish(name, rec, err)
}

// loadFrames reads a log of frames as it comes, whatever its size.
func loadFrames(in io.Reader) (*Recording, error) {
	rec := &Recording{Foreign: true}
	return rec, rec.parseFrames(in)
}

// isLogFile tells another program's log of frames by the beginning of its file.
func isLogFile(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	start := bytes.TrimLeft(head, " \t\r\n")
	return len(start) > 0 && start[0] != '{' && start[0] != '[' && !bytes.HasPrefix(head, []byte("obdctl-recording/")) && isFrameLog(head)
}

// finish prepares what was read for playing.
func finish(name string, rec *Recording, err error) (*Recording, error) {
	if err != nil {
		return nil, inFile(name, err)
	}
	for i := range rec.sessions {
		markScopes(rec.sessions[i].exchanges)
	}
	return rec, nil
}

// lineError is a reason with the line that it stands on.
type lineError struct {
	line int
	err  error
}

func (e *lineError) Error() string { return fmt.Sprintf("%d: %s", e.line, e.err) }
func (e *lineError) Unwrap() error { return e.err }

func at(line int, format string, args ...any) error {
	return &lineError{line: line, err: fmt.Errorf(format, args...)}
}

func inFile(name string, err error) error {
	var known *errs.Error
	if errors.As(err, &known) && known.Kind == errs.Usage {
		return err
	}
	sep := ": "
	if _, ok := errors.AsType[*lineError](err); ok {
		sep = ":"
	}
	return errs.New(errs.BadInput, "replay: %s%s%w", name, sep, err).
		WithHint("recordings are made with --record; docs/recording.md describes them and the transcripts that are understood")
}

// parseOwn reads our own format.
func parseOwn(data []byte) (*Recording, error) {
	rec := &Recording{}
	whole := len(data) > 0 && data[len(data)-1] == '\n'
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if !whole {
		rec.Truncated = true
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 || !isMagic(strings.TrimSuffix(lines[0], "\r")) {
		return nil, at(1, "the version of this recording is not known; this program reads %s and %s", magic, framesMagic)
	}
	body, err := rec.Header.parse(lines)
	if err != nil {
		return nil, err
	}
	rec.Header.frames = strings.HasPrefix(lines[0], framesMagic)
	b := builder{frames: rec.Header.frames}
	last := time.Duration(0)
	for n := body; n < len(lines); n++ {
		text := strings.TrimSuffix(lines[n], "\r")
		if text == "" || text[0] == '#' {
			continue
		}
		e, err := parseEvent(text)
		if err != nil {
			return nil, at(n+1, "%w", err)
		}
		if e.at < last {
			return nil, at(n+1, "time runs backwards")
		}
		last, e.line = e.at, n+1
		if err := b.add(e); err != nil {
			return nil, at(n+1, "%w", err)
		}
	}
	rec.sessions = b.sessions
	if len(rec.sessions) == 0 {
		return nil, at(len(lines), "the recording holds no event")
	}
	return rec, nil
}

func isMagic(line string) bool { return line == magic || line == framesMagic }

// parse reads the header lines and returns the index of the first line behind them.
func (h *Header) parse(lines []string) (int, error) {
	for n := 1; n < len(lines); n++ {
		text := strings.TrimSuffix(lines[n], "\r")
		if text == "" {
			if h.Started.IsZero() {
				return 0, at(n+1, "the header does not say when the recording was started")
			}
			return n + 1, nil
		}
		key, value, ok := strings.Cut(text, ": ")
		if !ok {
			return 0, at(n+1, "a header line is KEY: VALUE, an empty line ends the header")
		}
		plain, err := unescape(value)
		if err != nil {
			return 0, at(n+1, "%w", err)
		}
		if err := h.set(key, string(plain)); err != nil {
			return 0, at(n+1, "%w", err)
		}
	}
	return 0, at(len(lines), "the header has no end")
}

// builder gathers events into sessions and exchanges.
type builder struct {
	sessions []session
	reading  bool // something came since the last write
	frames   bool // of a bus
}

func (b *builder) add(e event) error {
	if e.word == wordOpen || len(b.sessions) == 0 {
		b.sessions = append(b.sessions, session{isBus: b.frames})
		b.reading = true
	}
	s := &b.sessions[len(b.sessions)-1]
	if b.frames {
		return s.addFrame(e)
	}
	b.addBytes(s, e)
	return nil
}

// addBytes takes an event of a port.
func (b *builder) addBytes(s *session, e event) {
	switch e.word {
	case wordSent:
		if len(e.data) == 0 {
			return
		}
		if b.reading {
			s.exchanges = append(s.exchanges, exchange{at: e.at, line: e.line})
			b.reading = false
		}
		x := &s.exchanges[len(s.exchanges)-1]
		x.sent = append(x.sent, e.data...)
	case wordGot, wordTimeout, wordPause, wordLost:
		b.reading = true
		found := item{what: e.word, at: e.at, data: e.data}
		if n := len(s.exchanges); n > 0 {
			s.exchanges[n-1].items = append(s.exchanges[n-1].items, found)
		} else {
			s.greeting = append(s.greeting, found)
		}
	}
}
