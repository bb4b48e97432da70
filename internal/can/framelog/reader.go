package framelog

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"time"
)

// Reader reads a log entry by entry, in memory that does not grow with the log. Lines that are comments, events
// or damaged are passed over and counted.
type Reader struct {
	Format  Format
	Errors  int // error frames, which are no frames of any node, so far
	Skipped int // lines that are not understood, so far

	in    *bufio.Reader
	parse func(string) (Entry, kind)
	line  int // that was read last
	bad   int // the first line that is not understood, 0 for none
	found bool
	last  time.Duration
}

// detectIn is how many bytes tell the format.
const detectIn = 16 << 10

// NewReader tells the format of a log by its beginning. Errors: ErrFormat, and what in returns.
func NewReader(in io.Reader) (*Reader, error) {
	r := &Reader{in: bufio.NewReaderSize(in, detectIn)}
	head, err := r.in.Peek(detectIn)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var ok bool
	if r.Format, ok = Detect(head); !ok {
		return nil, ErrFormat
	}
	switch r.Format {
	case Vector:
		r.parse = (&vector{base: 16}).parse
	case Peak:
		r.parse = (&peak{}).parse
	default:
		r.parse = parseCandump
	}
	return r, nil
}

// Next returns the next frame; a clock that jumps back stands still. Errors: io.EOF at the end, ErrFormat or
// a [*LineError] at the end of a log that held nothing, and what the source returns.
func (r *Reader) Next() (Entry, error) {
	for {
		text, err := r.readLine()
		if err != nil {
			return Entry{}, err
		}
		text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
		if text == "" {
			continue
		}
		e, kind := r.parse(text)
		switch kind {
		case isFrame:
			e.Line, e.At = r.line, max(e.At, r.last)
			r.last, r.found = e.At, true
			return e, nil
		case isError:
			r.Errors++
		case isUnknown:
			if r.Skipped++; r.bad == 0 {
				r.bad = r.line
			}
		}
	}
}

// readLine returns the next line; one longer than maxLine comes as an empty one.
func (r *Reader) readLine() (string, error) {
	var line []byte
	for long := false; ; {
		part, err := r.in.ReadSlice('\n')
		if len(part) > 0 && len(line)+len(part) <= maxLine+2 && !long {
			line = append(line, part...)
		} else {
			line, long = nil, true
		}
		switch {
		case err == nil:
			r.line++
			return string(line), nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
			r.line++
			return string(line), nil
		case errors.Is(err, io.EOF):
			return "", r.end()
		}
		return "", err
	}
}

// end is what the end of the log is: of one without frames an error.
func (r *Reader) end() error {
	switch {
	case r.found || r.Errors > 0:
		return io.EOF
	case r.bad > 0:
		return &LineError{r.bad, ErrFormat}
	}
	return ErrFormat
}
