package importer

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/can"
)

var (
	candumpFile = regexp.MustCompile(`^\((\d+(?:\.\d+)?)\)\s+\S+\s+([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#(#[0-9A-Fa-f])?(R?[0-9A-Fa-f.]*)(?:\s+[RT])?$`)
	candumpText = regexp.MustCompile(`^(?:\(([-0-9: .]+)\)\s+)?(?:can|vcan|slcan|any)\S*\s+(?:[RT]X\s+\S\s+\S\s+)?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})\s+\[0?(\d+)\]\s*((?:[0-9A-Fa-f]{2}\s*)*)(?:remote request)?(?:'.*')?$`)
	ascFrame    = regexp.MustCompile(`^(\d+\.\d+)\s+(\d+)\s+([0-9A-Fa-f]+)(x?)\s+(?:Rx|Tx)\s+d\s+([0-9A-Fa-f]+)((?:\s+[0-9A-Fa-f]{2}){0,8})`)
	ascFD       = regexp.MustCompile(`^(\d+\.\d+)\s+CANFD\s+\d+\s+(?:Rx|Tx)\s+([0-9A-Fa-f]+)(x?)\s+(?:\S+\s+)??([01])\s+([01])\s+([0-9a-fA-F])\s+(\d+)((?:\s+[0-9A-Fa-f]{2})*)`)
	ascDate     = regexp.MustCompile(`^date\s+(.+)$`)
	trcFrame    = regexp.MustCompile(`^\s*\d+\)?\s+(\d+(?:[.,]\d+)?)\s+(?:(?:DT|FD|FB)\s+)?(?:\d+\s+)?(?:(?:Rx|Tx)\s+)?([0-9A-Fa-f]{3,8})\s+(?:(?:Rx|Tx)\s+)?(?:-\s+)?(\d+)\s+((?:[0-9A-Fa-f]{2}\s*)*)$`)
	trcStart    = regexp.MustCompile(`^;\$STARTTIME=(\d+(?:[.,]\d+)?)`)
	trcWritten  = regexp.MustCompile(`^;\s*Start time:\s*(.+)$`)
)

func isCandump(head []byte) bool {
	lines := firstLines(head, 3)
	for _, l := range lines {
		if candumpFile.MatchString(l) || candumpText.MatchString(l) {
			return true
		}
	}
	return false
}

func isASC(head []byte) bool {
	for _, l := range firstLines(head, 20) {
		if strings.HasPrefix(l, "base hex") || strings.HasPrefix(l, "base dec") || ascFrame.MatchString(l) && !strings.HasPrefix(l, ";") {
			return true
		}
	}
	return false
}

func isTRC(head []byte) bool {
	for _, l := range firstLines(head, 5) {
		if strings.HasPrefix(l, ";$FILEVERSION") || strings.HasPrefix(l, ";$STARTTIME") {
			return true
		}
	}
	return false
}

// frameReader reads the frames of one log, whichever of the three forms it has.
type frameReader struct {
	out     *output
	decimal bool  // identifiers and data of an .asc are decimal
	start   int64 // of the log, in microseconds; times count from it
	counted bool  // times count from the start of the log
}

// readFrames reads candump, Vector .asc and PEAK .trc logs of a bus.
func readFrames(in *input, out *output) error {
	if out.o.Interpret == nil {
		return errNoInterpreter
	}
	f := &frameReader{out: out}
	if a := fileAnchor(out, preamble{}); a.ok {
		f.start, f.counted = a.at, true
	} else {
		f.start = out.undated
	}
	if a := f.head(in); !a.IsZero() && out.o.Start.IsZero() {
		f.start, f.counted = a.UnixMicro(), true
	}
	t := &traffic{out: out, interpreter: out.o.Interpret(), base: f.start}
	relative := false
	err := eachLine(in, out, func(n int, line []byte) error {
		s := strings.TrimSpace(string(line))
		if s == "" {
			return nil
		}
		frame, own, ok := f.parse(s)
		if !ok {
			if !f.isRemark(s) {
				out.rejects.line(n, "this is no frame of a log: %s", clip(s, 80))
			}
			return nil
		}
		relative = relative || !own
		return t.take(t.interpreter.Frame(n, frame), frame.At)
	})
	if err != nil {
		_ = t.interpreter.End()
		return err
	}
	t.sayClock(relative, f.counted)
	return t.end()
}

// head looks for when an .asc or .trc log began.
func (f *frameReader) head(in *input) time.Time {
	head, err := in.head()
	if err != nil {
		return time.Time{}
	}
	for _, l := range firstLines(head, 30) {
		if strings.HasPrefix(l, "base dec") {
			f.decimal = true
		}
		if m := ascDate.FindStringSubmatch(l); m != nil {
			return writtenTime(m[1], f.out.o.Zone)
		}
		if m := trcStart.FindStringSubmatch(l); m != nil { // days since 1899-12-30, as spreadsheets count
			if days, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64); err == nil && days > 25569 && days < 109575 {
				whole := int64(days)
				y, mo, d := time.Unix((whole-25569)*86400, 0).UTC().Date()
				return time.Date(y, mo, d, 0, 0, 0, 0, f.out.o.Zone).Add(time.Duration((days - float64(whole)) * 86400e9)).Round(time.Millisecond)
			}
		}
		if m := trcWritten.FindStringSubmatch(l); m != nil {
			if at := writtenTime(m[1], f.out.o.Zone); !at.IsZero() {
				return at
			}
		}
	}
	return time.Time{}
}

// isRemark tells lines that such logs have beside frames.
func (f *frameReader) isRemark(s string) bool {
	for _, p := range []string{";", "//", "#", "date ", "base ", "internal events", "no internal events", "Begin ", "End ", "begin ", "end "} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	// Events of an .asc: "0.000000 Start of measurement", "1.5 1 Statistic: ...", "2.0 1 ErrorFrame".
	return strings.Contains(s, "Start of measurement") || strings.Contains(s, "Statistic:") || strings.Contains(s, "ErrorFrame") || strings.Contains(s, "Status")
}

// parse reads one frame; own tells that it has a point in time of its own.
func (f *frameReader) parse(s string) (frame can.Frame, own, ok bool) {
	if m := candumpFile.FindStringSubmatch(s); m != nil {
		frame, ok = buildFrame(m[2], len(m[2]) == 8, strings.ReplaceAll(m[4], ".", ""))
		frame.FD = m[3] != ""
		own = f.stamp(&frame, m[1], 1e6)
		return frame, own, ok
	}
	if m := candumpText.FindStringSubmatch(s); m != nil {
		frame, ok = buildFrame(m[2], len(m[2]) == 8, strings.Join(strings.Fields(m[4]), ""))
		if c, written := parseCivil([]byte(m[1]), dayFirst); written && c.hasDate && c.hasTime {
			frame.At, own = time.UnixMicro(c.at(f.out.o.Zone)).UTC(), true
			return frame, own, ok
		}
		own = f.stamp(&frame, m[1], 1e6)
		return frame, own, ok
	}
	if m := ascFrame.FindStringSubmatch(s); m != nil {
		frame, ok = f.ascFrame(m[3], m[4] == "x", m[6])
		f.stamp(&frame, m[1], 1e6)
		return frame, false, ok
	}
	if m := ascFD.FindStringSubmatch(s); m != nil {
		frame, ok = f.ascFrame(m[2], m[3] == "x", m[8])
		frame.FD = true
		f.stamp(&frame, m[1], 1e6)
		return frame, false, ok
	}
	if m := trcFrame.FindStringSubmatch(s); m != nil {
		frame, ok = buildFrame(m[2], len(m[2]) > 4, strings.Join(strings.Fields(m[4]), ""))
		f.stamp(&frame, m[1], 1e3)
		return frame, false, ok
	}
	return frame, false, false
}

func (f *frameReader) ascFrame(id string, extended bool, data string) (can.Frame, bool) {
	if !f.decimal {
		return buildFrame(id, extended, strings.Join(strings.Fields(data), ""))
	}
	n, err := strconv.ParseUint(id, 10, 29)
	if err != nil {
		return can.Frame{}, false
	}
	var b strings.Builder
	for word := range strings.FieldsSeq(data) {
		v, err := strconv.ParseUint(word, 10, 8)
		if err != nil {
			return can.Frame{}, false
		}
		b.WriteString(hex.EncodeToString([]byte{byte(v)}))
	}
	return buildFrame(strconv.FormatUint(n, 16), extended, b.String())
}

// stamp gives a frame its time; a number since 1990 is one of its own, a smaller one counts from the start.
func (f *frameReader) stamp(frame *can.Frame, number string, unit float64) (own bool) {
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(number), ",", ".", 1), 64)
	us := v * unit
	if err != nil || us < 0 || us > 7.2e15 {
		us = 0
	}
	if us > 6.3e14 && unit == 1e6 {
		frame.At = time.UnixMicro(int64(us)).UTC()
		return true
	}
	frame.At = time.UnixMicro(f.start + int64(us)).UTC()
	return false
}

func buildFrame(id string, extended bool, data string) (can.Frame, bool) {
	n, err := strconv.ParseUint(id, 16, 32)
	if err != nil || n > 0x1FFFFFFF || !extended && n > 0x7FF {
		return can.Frame{}, false
	}
	frame := can.Frame{ID: can.ID(n)}
	if extended {
		frame.ID |= can.Extended
	}
	if strings.HasPrefix(data, "R") {
		frame.Remote = true
		return frame, true
	}
	b, err := hex.DecodeString(data)
	if err != nil || len(b) > len(frame.Data) {
		return frame, false
	}
	frame.Len = uint8(copy(frame.Data[:], b))
	return frame, true
}
