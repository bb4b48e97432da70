package framelog

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/can"
)

// AppendCandump appends the entry as a line of candump's log format, with its LF. Times are in whole
// microseconds, as candump's are.
func AppendCandump(b []byte, e Entry) []byte {
	us := e.At.Microseconds()
	name := e.Interface
	if name == "" {
		name = "can0"
	}
	b = fmt.Appendf(b, "(%010d.%06d) %s ", us/1e6, us%1e6, name)
	b = AppendFrame(b, &e.Frame)
	if e.Sent {
		b = append(b, " T"...)
	}
	return append(b, '\n')
}

// AppendFrame appends a frame as can-utils write it: ID#DATA, ID#R for a remote frame, ID##FLAGSDATA for
// CAN FD with the flag 1 for the faster bit rate.
func AppendFrame(b []byte, f *can.Frame) []byte {
	b = append(b, f.ID.String()...)
	b = append(b, '#')
	switch {
	case f.FD && f.BRS:
		b = append(b, '#', '1')
	case f.FD:
		b = append(b, '#', '0')
	case f.Remote:
		b = append(b, 'R')
		if f.Len > 0 {
			b = strconv.AppendUint(b, uint64(min(f.Len, 8)), 10)
		}
	}
	return fmt.Appendf(b, "%X", f.Payload())
}

// The flags of CAN FD frames in can-utils (linux/can.h).
const flagBRS = 1

// ParseFrame reads a frame as can-utils write it; dots between the bytes are allowed.
func ParseFrame(s string) (can.Frame, error) {
	f, isError, ok := parseFrame(s)
	if !ok || isError {
		return can.Frame{}, fmt.Errorf("%q is no frame: ID#DATA is expected, such as 7DF#02010C, 18DB33F1#0201000000000000, 123#R or 123##1AABB", shorten(s))
	}
	return f, nil
}

func shorten(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}

func parseFrame(s string) (f can.Frame, isError, ok bool) {
	id, data, found := strings.Cut(s, "#")
	if !found {
		return f, false, false
	}
	if isError, ok = setID(&f, id); !ok {
		return f, false, false
	}
	switch {
	case strings.HasPrefix(data, "#"):
		if len(data) < 2 {
			return f, false, false
		}
		flags, ok := number(data[1:2], 16)
		if !ok {
			return f, false, false
		}
		f.FD, f.BRS, data = true, flags&flagBRS != 0, data[2:]
	case strings.HasPrefix(data, "R") || strings.HasPrefix(data, "r"):
		f.Remote = true
		n, err := strconv.ParseUint(data[1:], 10, 8)
		if len(data) > 1 && (err != nil || n > 8 || len(data) > 2) {
			return f, false, false
		}
		f.Len = uint8(n)
		return f, isError, true
	}
	data, _, _ = strings.Cut(data, "_") // the raw length code behind 8 bytes
	raw, err := hex.DecodeString(strings.ReplaceAll(data, ".", ""))
	if err != nil || !validLength(len(raw), f.FD) {
		return f, false, false
	}
	f.Len = uint8(copy(f.Data[:], raw))
	return f, isError, true
}

// errorFlag marks an error frame in candump's identifiers (CAN_ERR_FLAG).
const errorFlag = 0x20000000

// setID reads an identifier: three digits are 11 bits, eight are 29 bits.
func setID(f *can.Frame, s string) (isError, ok bool) {
	id, ok := number(s, 16)
	switch {
	case !ok:
	case len(s) <= 3 && id <= 0x7FF:
		f.ID = can.ID(id)
	case len(s) == 8 && id&^uint32(0x1FFFFFFF) == errorFlag:
		isError = true
	case len(s) == 8 && id <= 0x1FFFFFFF:
		f.ID = can.ID(id) | can.Extended
	default:
		ok = false
	}
	return isError, ok
}

// parseCandump reads a line of the log format, or one of what candump shows on a terminal.
func parseCandump(text string) (Entry, kind) {
	if text[0] == '#' {
		return Entry{}, isComment
	}
	words := strings.Fields(text)
	var e Entry
	if strings.HasPrefix(words[0], "(") {
		// A time may have blanks inside: -t A writes date and time.
		stamp := words[0]
		words = words[1:]
		for !strings.HasSuffix(stamp, ")") && len(words) > 0 {
			stamp, words = stamp+" "+words[0], words[1:]
		}
		at, ok := stampOf(strings.Trim(stamp, "()"))
		if !ok {
			return e, isUnknown
		}
		e.At = at
	}
	if len(words) < 2 {
		return e, isUnknown
	}
	e.Interface, words = words[0], words[1:]
	if !strings.Contains(words[0], "#") {
		return terminal(e, words)
	}
	f, isErr, ok := parseFrame(words[0])
	switch {
	case !ok || len(e.Interface) > 16:
		return e, isUnknown
	case isErr:
		return e, isError
	}
	e.Frame = f
	e.Sent = len(words) > 1 && strings.HasPrefix(words[1], "T")
	return e, isFrame
}

// stampOf reads seconds, or the date that candump -t A writes, in UTC.
func stampOf(s string) (time.Duration, bool) {
	if at, err := time.Parse("2006-01-02 15:04:05.999999999", s); err == nil {
		d := time.Duration(at.UnixNano())
		return d, d >= 0 && at.Year() >= 1970 && at.Year() < 2250
	}
	return seconds(s, 1)
}

// terminal reads `can0  7E8   [8]  06 41 00 ...`, with RX or TX and flags before the identifier behind -x.
func terminal(e Entry, words []string) (Entry, kind) {
	for len(words) > 0 && (words[0] == "RX" || words[0] == "TX" || words[0] == "-" || words[0] == "B" || words[0] == "E") {
		e.Sent = e.Sent || words[0] == "TX"
		e.Frame.BRS = e.Frame.BRS || words[0] == "B"
		words = words[1:]
	}
	if len(words) < 2 || len(words[1]) < 3 || words[1][0] != '[' {
		return e, isUnknown
	}
	isErr, ok := setID(&e.Frame, words[0])
	length, err := strconv.ParseUint(strings.Trim(words[1], "[]"), 10, 8)
	e.Frame.FD = len(words[1]) == 4 // two digits
	if !ok || err != nil || !validLength(int(length), e.Frame.FD) {
		return e, isUnknown
	}
	if isErr {
		return e, isError
	}
	e.Frame.BRS = e.Frame.BRS && e.Frame.FD
	e.Frame.Len = uint8(length)
	if len(words) > 2 && words[2] == "remote" {
		e.Frame.Remote = !e.Frame.FD
		return e, isFrame
	}
	if !fill(&e.Frame, words[2:], 16) {
		return e, isUnknown
	}
	return e, isFrame
}
