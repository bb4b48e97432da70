// Package framelog reads and writes logs of CAN frames: candump's (can-utils), Vector's .asc and PEAK's .trc.
package framelog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/can"
)

// Entry is one frame of a log.
type Entry struct {
	// At is the frame's time as the log has it, from whatever beginning; never negative.
	At time.Duration
	// Interface is the name or the number of the line, "" when the log has none.
	Interface string
	Sent      bool // the program that wrote the log sent the frame
	Frame     can.Frame
	Line      int // where it stands, from 1
}

// Format is a kind of log.
type Format string

// The formats.
const (
	Candump Format = "candump" // (1436509052.249713) can0 7E8#0641...; and what candump shows on a terminal
	Vector  Format = "asc"
	Peak    Format = "trc"
)

// Log is a log that was read.
type Log struct {
	Format  Format
	Entries []Entry
	Errors  int // error frames, which are no frames of any node
	Skipped int // lines that are not understood
}

// LineError says on which line a log cannot be read.
type LineError struct {
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// ErrFormat says that a file is no log of frames of a known format.
var ErrFormat = errors.New("not a log of CAN frames")

// Detect tells the format by the first lines; ok is false for anything else.
func Detect(data []byte) (Format, bool) {
	if len(data) > 16<<10 {
		data = data[:16<<10]
	}
	n := 0
	for line := range bytes.Lines(data) {
		text := strings.TrimSpace(string(line))
		if text == "" || text[0] == '#' {
			continue
		}
		if n++; n > 50 {
			break
		}
		lower := strings.ToLower(text)
		switch {
		case strings.HasPrefix(lower, ";$fileversion"), strings.HasPrefix(lower, ";") && n == 1:
			return Peak, true
		case strings.HasPrefix(lower, "base hex"), strings.HasPrefix(lower, "base dec"), strings.HasPrefix(lower, "date ") && n == 1:
			return Vector, true
		}
		if _, kind := parseCandump(text); kind == isFrame {
			return Candump, true
		}
	}
	return "", false
}

// Parse reads a whole log with a [Reader]; a log of which nothing is left is an error, ErrFormat or a [*LineError].
func Parse(data []byte) (*Log, error) {
	r, err := NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	l := &Log{Format: r.Format}
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			l.Errors, l.Skipped = r.Errors, r.Skipped
			return l, nil
		}
		if err != nil {
			return nil, err
		}
		l.Entries = append(l.Entries, e)
	}
}

// maxLine is the longest line in bytes that is looked at; 64 data bytes take less than 300.
const maxLine = 1024

// kind is what a line turned out to be.
type kind int

const (
	isUnknown kind = iota
	isComment
	isError
	isFrame
)

// seconds reads a decimal number of seconds, or of units of which factor make one second.
func seconds(s string, factor float64) (time.Duration, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if factor == 1 && len(fraction) <= 9 && len(whole) > 0 && len(whole) <= 10 {
		w, err1 := strconv.ParseUint(whole, 10, 64)
		f, err2 := strconv.ParseUint((fraction + "000000000")[:9], 10, 64)
		if err1 == nil && err2 == nil && w < 9_000_000_000 {
			return time.Duration(w)*time.Second + time.Duration(f), true
		}
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n >= 0) || n/factor > 9e9 {
		return 0, false
	}
	return time.Duration(n / factor * 1e9), true
}

// number reads an unsigned number of the base.
func number(s string, base int) (uint32, bool) {
	n, err := strconv.ParseUint(s, base, 32)
	return uint32(n), err == nil
}

// fill reads data bytes, one word each.
func fill(f *can.Frame, words []string, base int) bool {
	if len(words) < int(f.Len) || int(f.Len) > len(f.Data) {
		return false
	}
	for i := range int(f.Len) {
		b, err := strconv.ParseUint(words[i], base, 8)
		if err != nil {
			return false
		}
		f.Data[i] = byte(b)
	}
	return true
}

// validLength tells the data lengths that a frame can have.
func validLength(n int, fd bool) bool {
	if n <= 8 {
		return n >= 0
	}
	switch n {
	case 12, 16, 20, 24, 32, 48, 64:
		return fd
	}
	return false
}
