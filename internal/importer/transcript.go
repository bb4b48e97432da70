package importer

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// arrow finds the lines of a log that says who spoke: an optional time, then >> or <<, or words for them.
var arrow = regexp.MustCompile(`^\s*(?:\[?([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]+Z?|[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?|[0-9]+(?:\.[0-9]+)?)\]?:?,?\s+)?(>>|<<|->|<-|=>|<=|TX:?|RX:?|Tx:?|Rx:?|SEND:?|RECV:?|Sent:?|Received:?|OUT:?|IN:?|write:?|read:?)(?:\s(.*))?$`)

// adapterTalk are the first things that programs say to an ELM327, and that it says.
var adapterTalk = regexp.MustCompile(`(?i)^>?\s*(AT ?(Z|WS|I|E[01]|SP ?[0-9A-C]+|H[01]|L[01]|S[01]|D|DP|DPN|RV|@1)|ELM327 v[0-9.]+[a-z]?|>\s*[0-9A-F]{4,}|SEARCHING\.\.\.)\s*$`)

func isTranscript(head []byte) bool {
	arrows := 0
	for _, l := range firstLines(head, 12) {
		if strings.HasPrefix(l, ">") && !strings.HasPrefix(l, ">>") || adapterTalk.MatchString(l) {
			return true
		}
		if arrow.MatchString(l) {
			arrows++
		}
	}
	return arrows >= 2
}

// readTranscript reads the dialogue between another program and its adapter: with arrows, or as a terminal
// showed it.
func readTranscript(in *input, out *output) error {
	d, err := newDialogue(in, out)
	if err != nil {
		return err
	}
	a := fileAnchor(out, preamble{})
	if !a.ok {
		a.at = out.undated
	}
	r := &transcript{dialogue: d, base: a.at, now: a.at}
	err = eachLine(in, out, r.line)
	if err != nil {
		_ = d.interpreter.End()
		return err
	}
	d.sayClock(!r.dated, a.ok)
	start := time.UnixMicro(a.at).UTC()
	if r.dated {
		start = time.UnixMicro(r.begin).UTC()
	}
	return d.close(start, false)
}

type transcript struct {
	*dialogue
	base, now, begin int64 // microseconds
	dated            bool
}

// line takes one line. A command that has no time of its own follows the one before by a tenth of a second.
func (r *transcript) line(n int, raw []byte) error {
	text := strings.TrimSpace(strings.ReplaceAll(string(raw), "\x00", ""))
	if text == "" || text[0] == '#' {
		return nil
	}
	if m := arrow.FindStringSubmatch(text); m != nil {
		r.clock(m[1])
		return r.spoken(n, m[2], m[3])
	}
	before, command, prompt := strings.Cut(text, ">")
	if before != "" && !prompt && !r.asking && adapterTalk.MatchString(text) && !strings.HasPrefix(strings.ToUpper(text), "ELM") {
		return r.say(n, text)
	}
	if before != "" {
		r.received([]byte(before + "\r"))
	}
	if command = strings.TrimSpace(command); command != "" {
		return r.say(n, command)
	}
	if prompt {
		return r.flush()
	}
	return nil
}

func (r *transcript) spoken(n int, who, what string) error {
	switch strings.ToUpper(strings.TrimSuffix(who, ":")) {
	case ">>", "->", "=>", "TX", "SEND", "SENT", "OUT", "WRITE":
		return r.say(n, strings.TrimSpace(string(unescape(what))))
	}
	r.received(append(unescape(what), '\r'))
	return nil
}

func (r *transcript) say(n int, command string) error {
	err := r.sent(time.UnixMicro(r.now).UTC(), n, command)
	r.now += 100_000
	return err
}

// clock reads the time in front of a line.
func (r *transcript) clock(s string) {
	if s == "" {
		return
	}
	if seconds, err := strconv.ParseFloat(s, 64); err == nil {
		switch us := seconds * 1e6; {
		case us > 6.3e14 && us < 7.2e15:
			r.point(int64(us))
		case us < 6.3e14:
			r.now = r.base + int64(us)
		}
		return
	}
	c, ok := parseCivil([]byte(s), dayFirst)
	switch {
	case ok && c.hasDate:
		r.point(c.at(r.out.o.Zone))
	case ok:
		r.now = midnight(r.base, r.out.o.Zone) + c.ofDay()
	}
}

func (r *transcript) point(us int64) {
	if !r.dated {
		r.dated, r.begin = true, us
	}
	r.now = us
}
