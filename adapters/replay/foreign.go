package replay

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// parseForeign reads another program's transcript, told apart by content.
func parseForeign(data []byte, pick Select) (*Recording, error) {
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	rec := &Recording{Foreign: true}
	var err error
	switch start := bytes.TrimLeft(data, " \t\r\n"); {
	case len(start) == 0:
		return nil, fmt.Errorf("the file is empty")
	case start[0] == '{' || start[0] == '[':
		err = rec.parseJSON(data, pick)
	case isFrameLog(data):
		return rec, rec.parseFrames(bytes.NewReader(data))
	default:
		err = rec.parseText(data)
	}
	if err != nil {
		return nil, err
	}
	// Transcripts carry no date. The epoch is as good as any and the same in every replay.
	rec.Header.Started = time.Unix(0, 0).UTC()
	seed := sha256.Sum256(fmt.Appendf(nil, "%d %d %s", pick.Line, pick.Dialog, data))
	rec.Header.ID = version7(rec.Header.Started, seed[:])
	return rec, nil
}

// arrow finds the lines of a log that says who spoke: an optional time, then >> or <<.
var arrow = regexp.MustCompile(`^\s*(?:\[?([0-9]+(?:\.[0-9]+)?)\]?:?\s+)?(>>|<<)(?: (.*))?$`)

// parseText reads a log with arrows or a terminal's transcript; the first line of either shape decides.
func (rec *Recording) parseText(data []byte) error {
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for n := range lines {
		lines[n] = strings.TrimSuffix(lines[n], "\r")
	}
	for _, line := range lines {
		switch {
		case arrow.MatchString(line):
			return rec.parseArrows(lines)
		case strings.HasPrefix(strings.TrimSpace(line), ">"):
			rec.parseTerminal(lines)
			return nil
		}
	}
	return at(1, "this is neither a recording nor a transcript that is understood")
}

// parseArrows reads `seconds >> sent` and `seconds << received` with the escapes of a recording.
func (rec *Recording) parseArrows(lines []string) error {
	var b builder
	last := time.Duration(0)
	for n, line := range lines {
		if text := strings.TrimSpace(line); text == "" || text[0] == '#' {
			continue
		}
		m := arrow.FindStringSubmatch(line)
		if m == nil {
			return at(n+1, "a line is SECONDS >> SENT or SECONDS << RECEIVED")
		}
		e := event{at: last, word: wordSent, line: n + 1}
		if m[1] != "" {
			var err error
			if e.at, err = parseSeconds(cutMicros(m[1])); err != nil {
				return at(n+1, "%w", err)
			}
			e.at = max(e.at, last) // clocks of loggers do jump
		}
		last = e.at
		var err error
		if e.data, err = unescape(m[3]); err != nil {
			return at(n+1, "%w", err)
		}
		if m[2] == "<<" {
			e.word = wordGot
		} else if !bytes.HasSuffix(e.data, []byte("\r")) {
			e.data = append(bytes.TrimRight(e.data, "\n"), '\r')
		}
		b.reading = b.reading || e.word == wordSent // each sent line is a command of its own
		if err := b.add(e); err != nil {
			return at(n+1, "%w", err)
		}
	}
	rec.sessions = b.sessions
	return nil
}

// cutMicros drops decimals beyond the microsecond.
func cutMicros(s string) string {
	whole, fraction, ok := strings.Cut(s, ".")
	if !ok || len(fraction) <= 6 {
		return s
	}
	return whole + "." + fraction[:6]
}

// parseTerminal reads what a terminal showed: a command behind the prompt, its answer on the lines below.
func (rec *Recording) parseTerminal(lines []string) {
	var s session
	for n, line := range lines {
		text := strings.TrimSpace(line)
		sent, isPrompt := strings.CutPrefix(text, ">")
		switch sent = strings.TrimSpace(sent); {
		case isPrompt:
			closeTerminal(&s)
			if sent != "" {
				s.exchanges = append(s.exchanges, exchange{sent: []byte(sent + "\r"), line: n + 1})
			}
		case text != "" && text[0] != '#' && len(s.exchanges) > 0:
			x := &s.exchanges[len(s.exchanges)-1]
			x.items = append(x.items, item{what: wordGot, data: []byte(text + "\r")})
		}
	}
	closeTerminal(&s)
	rec.sessions = []session{s}
}

// closeTerminal puts the prompt behind the last answer.
func closeTerminal(s *session) {
	if n := len(s.exchanges); n > 0 {
		x := &s.exchanges[n-1]
		if k := len(x.items); k == 0 || !bytes.HasSuffix(x.items[k-1].data, []byte(">")) {
			x.items = append(x.items, item{what: wordGot, data: []byte("\r>")})
		}
	}
}

// parseJSON reads a scripted adapter's scenario or JSON lines with dialogs.
func (rec *Recording) parseJSON(data []byte, pick Select) error {
	var probe struct {
		Commands *json.RawMessage `json:"commands"`
	}
	if err := json.Unmarshal(data, &probe); err == nil && probe.Commands != nil {
		return rec.parseScenario(data)
	}
	return rec.parseDialogs(data, pick)
}
