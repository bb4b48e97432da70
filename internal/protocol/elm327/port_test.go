package elm327_test

import (
	"errors"
	"io"
	"maps"
	"strings"
	"sync"
	"time"
)

// scripted is an adapter for tests: it answers each line as its script says, in chunks that come at their
// time. Like a real one it breaks off its answer when a byte comes meanwhile.
type scripted struct {
	mu       sync.Mutex
	wake     chan struct{}
	queue    []chunk
	deadline time.Time
	line     []byte
	sent     []string // every line that was received, in order
	ended    error    // what Read returns once the queue is empty

	// answer gives the answer to a line; "" and a prompt must be part of it.
	answer func(line string) []chunk
	// blank is told every blank that comes at the start of a line.
	blank func()
}

// chunk is a part of an answer, and when it comes after the line was received.
type chunk struct {
	after time.Duration
	text  string
	at    time.Time
}

func now(text string) []chunk { return []chunk{{text: text}} }

func newScripted(answer func(line string) []chunk) *scripted {
	return &scripted{wake: make(chan struct{}, 1), answer: answer}
}

type timeoutError struct{}

func (timeoutError) Error() string { return "i/o timeout" }
func (timeoutError) Timeout() bool { return true }

func (s *scripted) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *scripted) Read(b []byte) (int, error) {
	for {
		s.mu.Lock()
		t := time.Now()
		wait := time.Duration(-1)
		if !s.deadline.IsZero() {
			if !t.Before(s.deadline) {
				s.mu.Unlock()
				return 0, timeoutError{}
			}
			wait = s.deadline.Sub(t)
		}
		switch {
		case len(s.queue) > 0 && !s.queue[0].at.After(t):
			n := copy(b, s.queue[0].text)
			if s.queue[0].text = s.queue[0].text[n:]; s.queue[0].text == "" {
				s.queue = s.queue[1:]
			}
			s.mu.Unlock()
			return n, nil
		case len(s.queue) > 0:
			if until := s.queue[0].at.Sub(t); wait < 0 || until < wait {
				wait = until
			}
		case s.ended != nil:
			s.mu.Unlock()
			return 0, s.ended
		}
		s.mu.Unlock()
		if wait < 0 {
			<-s.wake
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-s.wake:
		}
		timer.Stop()
	}
}

func (s *scripted) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.poke()
	for _, c := range b {
		s.interrupt()
		switch {
		case c == '\r':
			line := string(s.line)
			s.line = s.line[:0]
			s.sent = append(s.sent, line)
			s.push(s.answer(line))
		case c == ' ' && len(s.line) == 0:
			if s.blank != nil {
				s.blank()
			}
		default:
			s.line = append(s.line, c)
		}
	}
	return len(b), nil
}

// interrupt drops what was still to come of an answer.
func (s *scripted) interrupt() {
	t := time.Now()
	for i, c := range s.queue {
		if c.at.After(t) {
			s.queue = append(s.queue[:i], chunk{text: "STOPPED\r\r>", at: t})
			return
		}
	}
}

func (s *scripted) push(chunks []chunk) {
	t := time.Now()
	for _, c := range chunks {
		c.at = t.Add(c.after)
		if c.text != "" {
			s.queue = append(s.queue, c)
		}
	}
}

func (s *scripted) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	s.deadline = t
	s.mu.Unlock()
	s.poke()
	return nil
}

func (s *scripted) Close() error { s.end(errors.New("port closed")); return nil }
func (s *scripted) Name() string { return "test://adapter" }

func (s *scripted) end(err error) {
	s.mu.Lock()
	s.ended = err
	s.mu.Unlock()
	s.poke()
}

// lines returns what was received since the last call.
func (s *scripted) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := s.sent
	s.sent = nil
	return sent
}

var errPulled = io.EOF

// table answers lines from a map, settings with OK, everything else with NO DATA.
type table map[string]string

func (t table) answer(line string) []chunk {
	line = strings.ToUpper(strings.ReplaceAll(line, " ", ""))
	if a, ok := t[line]; ok {
		return now(a)
	}
	switch {
	case strings.HasPrefix(line, "STI"), strings.HasPrefix(line, "STPX"), strings.HasPrefix(line, "STC"):
		return now("?\r\r>")
	case strings.HasPrefix(line, "AT"):
		return now("OK\r\r>")
	}
	return now("NO DATA\r\r>")
}

// with returns the table with other answers.
func (t table) with(more table) table {
	all := table{}
	maps.Copy(all, t)
	maps.Copy(all, more)
	return all
}

// plainCar is an honest adapter on a car with one ECU on CAN 11/500.
var plainCar = table{
	"ATZ":   "\r\rELM327 v1.4b\r\r>",
	"ATI":   "ELM327 v1.4b\r\r>",
	"AT@1":  "OBDII to RS232 Interpreter\r\r>",
	"ATRV":  "12.6V\r\r>",
	"ATDPN": "A6\r\r>",
	"0100":  "SEARCHING...\r7E8064100BE3EB811\r\r>",
	"01001": "7E8064100BE3EB811\r\r>",
	"010C":  "7E804410C1AF8\r\r>",
	"010C1": "7E804410C1AF8\r\r>",
	"03":    "7E80443010301\r\r>",
}
