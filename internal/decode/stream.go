package decode

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// Schema is the version of [Result]'s JSON.
const Schema = "obdctl.decode/1"

// The bounds of one input: a line, and the lines of one answer. ISO 15765-2 ends at 4,095 bytes on
// classical CAN, so neither cuts a real answer.
const (
	maxLine   = 64 << 10
	maxLines  = 1024
	maxAnswer = 256 << 10
)

// Stream reads inputs from r and hands the result of each to emit, in order. It understands, line by line:
//
//   - request<TAB>reply reply ...   ("7E0.22F190", "0902", the keys of OBDb test cases)
//   - candump logs, compact and long
//   - adapter text, with or without echoes and prompts, LF, CR or CRLF
//   - bare frames and messages in hexadecimal
//
// request is that of every answer which does not bring its own; the zero Request means unknown. Only
// reading and emit can fail; what cannot be decoded is a result with an error.
func (d *Decoder) Stream(r io.Reader, request catalog.Request, emit func(Result) error) error {
	s := &stream{decoder: d, given: request, current: request, emit: emit}
	s.bus.decoder = d
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	lines.Split(splitLines)
	for lines.Scan() {
		s.number++
		if err := s.line(lines.Text()); err != nil {
			return err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		if err := s.flush(); err != nil {
			return err
		}
		return s.send(s.number+1, "", Result{Error: &Failure{Kind: "input", Message: "line longer than 64 KiB; reading ends here"}})
	} else if err != nil {
		return err
	}
	return firstError(s.flush(), s.finish())
}

// splitLines ends a line at LF, CR or CRLF, as adapters and files do.
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case i < 0:
		return 0, nil, nil
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i], nil
	case data[i] == '\r' && i+1 == len(data) && !atEOF:
		return 0, nil, nil
	}
	return i + 1, data[:i], nil
}

type stream struct {
	decoder *Decoder
	given   catalog.Request // of every answer, from the caller
	current catalog.Request // of the answer that is being read
	emit    func(Result) error
	bus     bus

	number  int // of the line being read
	first   int // line at which the pending answer began
	pending []string
	size    int
}

func firstError(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *stream) line(line string) error {
	line = strings.ReplaceAll(line, "\x00", "")
	if key, replies, ok := strings.Cut(line, "\t"); ok && strings.TrimSpace(key) != "" {
		return firstError(s.flush(), s.pair(line, strings.TrimSpace(key), replies))
	}
	if f, ok := parseCandump(line); ok {
		return firstError(s.flush(), s.bus.frame(s, line, f))
	}
	if f, ok := parseELM(line); ok && len(s.given.Data) == 0 {
		return firstError(s.flush(), s.bus.frame(s, line, f))
	}
	for {
		before, after, prompt := strings.Cut(line, ">")
		if err := s.text(before); err != nil {
			return err
		}
		if !prompt {
			return nil
		}
		if err := s.flush(); err != nil {
			return err
		}
		s.current = s.given
		if line = after; strings.TrimSpace(after) == "" {
			return nil
		}
	}
}

// pair decodes a request and its replies.
func (s *stream) pair(line, key, replies string) error {
	request, err := catalog.ParseRequest(key)
	if sent, ok := command(key); err != nil && ok && len(sent.Data) > 0 {
		request, err = sent, nil // as it was sent, with the adapter's count of frames
	}
	if err != nil {
		return s.send(s.number, line, Result{Error: &Failure{Kind: "input", Message: err.Error()}})
	}
	r := s.decoder.Text(frameLines(replies), request)
	r.Request = Hex(request.Data)
	return s.send(s.number, line, r)
}

// text takes one line of adapter text: a command, or part of the answer to it.
func (s *stream) text(line string) error {
	trimmed := strings.TrimSpace(line)
	if trimmed == "" || strings.HasPrefix(trimmed, "#") {
		return nil
	}
	if request, ok := command(trimmed); ok && len(s.given.Data) == 0 {
		err := s.flush()
		s.current = request
		return err
	}
	if s.isEcho(trimmed) {
		return nil
	}
	a := text.Clean([]byte(line), "")
	if len(a.Lines) == 0 && a.Condition() == text.None {
		return nil // SEARCHING..., BUS INIT: OK, noise in front of an answer
	}
	if remark := len(a.Lines) == 0; len(s.pending) > 0 && !remark && !s.goesOn(line) && s.due() && !s.open() {
		if err := s.flush(); err != nil {
			return err
		}
	}
	if len(s.pending) == 0 {
		s.first = s.number
	}
	s.pending = append(s.pending, line)
	s.size += len(line)
	if len(s.pending) >= maxLines || s.size >= maxAnswer {
		return s.flush()
	}
	return nil
}

// goesOn tells the next line of an InfoType on the older lines: three header bytes, 49 and the InfoType are
// the same, the order byte is another.
func (s *stream) goesOn(line string) bool {
	last, next := compact(s.pending[len(s.pending)-1]), compact(line)
	return len(last) > 12 && len(next) > 12 && last[6:8] == "49" && last[:10] == next[:10] && last[10:12] != next[10:12]
}

func compact(line string) string { return strings.ToUpper(strings.ReplaceAll(line, " ", "")) }

// isEcho tells the caller's own request, as an adapter with echo repeats it.
func (s *stream) isEcho(line string) bool {
	sent, ok := command(line)
	return ok && len(s.given.Data) > 0 && bytes.Equal(sent.Data, s.given.Data)
}

// due tells when to look whether the message is whole. Looking reads all pending lines again, so beyond
// the length of real answers it is done now and then only.
func (s *stream) due() bool { return len(s.pending) < 64 || len(s.pending)%16 == 0 }

// open tells that the pending lines are part of a message which is not whole yet.
func (s *stream) open() bool {
	raw := strings.Join(s.pending, "\r")
	a := text.Clean([]byte(raw), "")
	for _, reply := range text.Replies(a, text.Guess(a), s.current.Data) {
		if reply.Err != nil {
			return true
		}
	}
	return isLengthLine(s.pending[len(s.pending)-1])
}

// isLengthLine tells the three digits that an adapter prints before a long message with headers off.
func isLengthLine(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) == 3 && isHex(s)
}

func (s *stream) flush() error {
	if len(s.pending) == 0 {
		return nil
	}
	input := strings.Join(s.pending, "\n")
	raw := strings.Join(s.pending, "\r")
	s.pending, s.size = nil, 0
	r := s.decoder.Text(raw, s.current)
	r.Request = Hex(s.current.Data)
	return s.send(s.first, input, r)
}

func (s *stream) finish() error { return s.bus.finish(s) }

func (s *stream) send(line int, input string, r Result) error {
	r.Schema, r.Line, r.Input = Schema, line, input
	return s.emit(r)
}
