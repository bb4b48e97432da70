package importer

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

const recordingMagic = "obdctl-recording/"

func isRecording(head []byte) bool { return bytes.HasPrefix(head, []byte(recordingMagic)) }

// maxDialogue is how much of a dialogue is kept for a diagnosis; a longer one is live data.
const maxDialogue = 32 << 20

// maxReceived bounds the answer to one command.
const maxReceived = 1 << 20

// dialogue gathers exchanges and, besides, the whole content as far as a diagnosis may need it.
type dialogue struct {
	traffic
	open    Exchange
	asking  bool
	content *bytes.Buffer
	tooLong bool
}

func newDialogue(in *input, out *output) (*dialogue, error) {
	if out.o.Interpret == nil {
		return nil, errNoInterpreter
	}
	d := &dialogue{content: &bytes.Buffer{}}
	d.traffic = traffic{out: out, interpreter: out.o.Interpret(), hold: true, single: map[signalKey]held{}}
	in.text.Reset(io.TeeReader(bytesThen(in), &capped{d}))
	return d, nil
}

// bytesThen returns what the input has buffered and then the rest.
func bytesThen(in *input) io.Reader {
	n := in.text.Buffered()
	buffered, _ := in.text.Peek(n) // what is buffered can be peeked at
	return io.MultiReader(bytes.NewReader(bytes.Clone(buffered)), in.decoded)
}

// capped keeps the first part of the content.
type capped struct{ d *dialogue }

func (c *capped) Write(p []byte) (int, error) {
	if c.d.tooLong = c.d.tooLong || c.d.content.Len()+len(p) > maxDialogue; c.d.tooLong {
		c.d.content = &bytes.Buffer{}
		return len(p), nil
	}
	return c.d.content.Write(p)
}

// sent begins an exchange.
func (d *dialogue) sent(at time.Time, line int, command string) error {
	if err := d.flush(); err != nil {
		return err
	}
	d.open, d.asking = Exchange{At: at, Line: line, Sent: strings.TrimRight(command, "\r\n")}, true
	return nil
}

func (d *dialogue) received(data []byte) {
	if d.asking && len(d.open.Received)+len(data) <= maxReceived {
		d.open.Received = append(d.open.Received, data...)
	}
}

// flush decodes the exchange that is over.
func (d *dialogue) flush() error {
	if !d.asking {
		return nil
	}
	d.asking = false
	return d.take(d.interpreter.Exchange(d.open), d.open.At)
}

// close decodes the last exchange and, where the dialogue asked for codes, makes its scan.
func (d *dialogue) close(start time.Time, dated bool) error {
	if err := d.flush(); err != nil {
		return err
	}
	d.base = start.UnixMicro()
	if !d.tooLong && d.content.Len() > 0 {
		s, err := d.interpreter.Diagnose(d.out.ctx, d.out.src.Name, d.content.Bytes())
		if err != nil && d.out.ctx.Err() != nil {
			return d.out.ctx.Err()
		}
		if err != nil {
			d.out.sum.note("no diagnosis could be made of this dialogue: %v", err)
		}
		if s != nil {
			if !dated {
				moved := start.Sub(s.Started)
				s.Started, s.Ended = s.Started.Add(moved), s.Ended.Add(moved)
				for i := range s.Readings {
					s.Readings[i].At = s.Readings[i].At.Add(moved)
				}
			}
			if err := d.out.scan(Vehicle{VIN: d.vin}, s, d.content.Bytes()); err != nil {
				return err
			}
		}
	}
	return d.end()
}

// readRecording reads our own recordings (docs/recording.md).
func readRecording(in *input, out *output) error {
	d, err := newDialogue(in, out)
	if err != nil {
		return err
	}
	started := time.Time{}
	body := false
	err = eachLine(in, out, func(n int, line []byte) error {
		text := string(line)
		switch {
		case n == 1 || text == "" && body || strings.HasPrefix(text, "#"):
			return nil
		case text == "":
			body = true
			return nil
		case !body:
			if value, ok := strings.CutPrefix(text, "started: "); ok {
				started, _ = time.Parse(time.RFC3339Nano, value)
			}
			return nil
		}
		return d.event(n, text, started)
	})
	if err != nil {
		_ = d.interpreter.End()
		return err
	}
	if started.IsZero() {
		return errors.New("the recording does not say when it was started")
	}
	out.sum.Clock = "absolute"
	return d.close(started, true)
}

// event reads "0.700000 < bytes".
func (d *dialogue) event(n int, text string, started time.Time) error {
	stamp, rest, _ := strings.Cut(text, " ")
	word, data, _ := strings.Cut(rest, " ")
	seconds, err := strconv.ParseFloat(stamp, 64)
	if err != nil || seconds < 0 || seconds > 1e9 {
		d.out.rejects.line(n, "an event is SECONDS WORD: %s", clip(text, 80))
		return nil
	}
	switch word {
	case ">":
		return d.sent(started.Add(time.Duration(seconds*1e6)*time.Microsecond), n, string(unescape(data)))
	case "<":
		d.received(unescape(data))
	}
	return nil
}

// unescape reads \r \n \t \\ \0 and \xNN; anything else stands for itself.
func unescape(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out = append(out, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'r':
			out = append(out, '\r')
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case '0':
			out = append(out, 0)
		case 'x':
			if i+2 < len(s) {
				if v, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
					out = append(out, byte(v))
					i += 2
					continue
				}
			}
			out = append(out, '\\', 'x')
		default:
			out = append(out, s[i])
		}
	}
	return out
}
