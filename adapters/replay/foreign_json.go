package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// scenario is a scripted adapter: each request with the chunks of its answer, and what it says to others.
type scenario struct {
	Defaults struct {
		AT  *string `json:"at_response"`
		OBD *string `json:"obd_response"`
	} `json:"defaults"`
	Commands []struct {
		Request string   `json:"request"`
		Chunks  []string `json:"response_chunks"`
		DelayMS float64  `json:"delay_ms"`
		Echo    bool     `json:"echo"`
	} `json:"commands"`
}

func (rec *Recording) parseScenario(data []byte) error {
	var sc scenario
	if err := json.Unmarshal(data, &sc); err != nil {
		return jsonError(data, 0, err)
	}
	rec.defaults = defaults{at: latin1(sc.Defaults.AT), obd: latin1(sc.Defaults.OBD)}
	var s session
	clock := time.Duration(0)
	for i, c := range sc.Commands {
		if c.Request == "" {
			return fmt.Errorf("command %d has no request", i+1)
		}
		x := exchange{sent: append(latin1(&c.Request), '\r'), at: clock, line: i + 1}
		if c.DelayMS > 0 && c.DelayMS < longest.Seconds() {
			clock += time.Duration(c.DelayMS * float64(time.Millisecond)).Truncate(time.Microsecond)
		}
		if c.Echo {
			x.items = append(x.items, item{what: wordGot, at: clock, data: x.sent})
		}
		for _, chunk := range c.Chunks {
			x.items = append(x.items, item{what: wordGot, at: clock, data: latin1(&chunk)})
		}
		s.exchanges = append(s.exchanges, x)
	}
	rec.sessions = []session{s}
	return nil
}

// dialog is one line of a collection.
type dialog struct {
	Vehicle string `json:"vehicle"`
	Turns   []struct {
		Sent string `json:"tx"`
		Got  string `json:"rx"`
	} `json:"dialog"`
}

// parseDialogs reads JSON lines and takes the dialog that was picked.
func (rec *Recording) parseDialogs(data []byte, pick Select) error {
	var chosen *dialog
	count, number := 0, 0
	for line := range bytes.SplitSeq(data, []byte{'\n'}) {
		number++
		line = bytes.TrimSpace(line)
		wanted := pick.Line == 0 || pick.Line == number
		if len(line) == 0 || !wanted {
			continue
		}
		var d dialog
		if err := json.Unmarshal(line, &d); err != nil {
			return jsonError(line, number, err)
		}
		if d.Turns == nil {
			return at(number, "there is no %q and no %q here", "dialog", "commands")
		}
		count++
		if pick.Dialog == 0 || pick.Dialog == count {
			chosen = &d
			rec.take(d, number)
		}
	}
	switch {
	case chosen == nil && pick != Select{}:
		return errs.New(errs.Usage, "replay: the file has no such dialog").WithHint("it has %d lines and %d dialogs", number, count)
	case chosen == nil:
		return at(1, "the file holds no dialog")
	case count > 1 && pick.Dialog == 0:
		return errs.New(errs.Usage, "replay: the file holds %d dialogs", count).WithHint("choose one: replay:FILE?dialog=N or replay:FILE?line=N")
	}
	return nil
}

func (rec *Recording) take(d dialog, line int) {
	var s session
	for _, turn := range d.Turns {
		sent := append(bytes.TrimRight(latin1(&turn.Sent), "\r\n"), '\r')
		x := exchange{sent: sent, line: line}
		if turn.Got != "" {
			x.items = []item{{what: wordGot, data: latin1(&turn.Got)}}
		}
		s.exchanges = append(s.exchanges, x)
	}
	rec.sessions = []session{s}
}

// latin1 turns JSON text back into the bytes that it stands for: junk bytes are written as the
// character of the same number.
func latin1(s *string) []byte {
	if s == nil {
		return nil
	}
	out := make([]byte, 0, len(*s))
	for _, r := range *s {
		if r <= 0xFF {
			out = append(out, byte(r))
		} else {
			out = append(out, string(r)...)
		}
	}
	return out
}

// jsonError gives the line of a syntax error; number is that of the text in the file, 0 when the text
// is the file.
func jsonError(text []byte, number int, err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok && number == 0 {
		offset := min(max(int(syntax.Offset), 0), len(text))
		number = 1 + strings.Count(string(text[:offset]), "\n")
	}
	return at(max(number, 1), "%w", err)
}
