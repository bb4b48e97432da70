package simulator

import (
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// longestCommand bounds a line; an ELM327 takes 254 characters.
const longestCommand = 254

// errStopped says that a byte came while the adapter was busy.
var errStopped = errors.New("stopped")

// adapter is the ELM327: one goroutine reads commands, acts and prints.
type adapter struct {
	car   *car
	opt   options
	prof  profile
	clock clock
	in    *lane
	out   *lane
	wire  *wire
	rnd   *rand.Rand // noise of line and radio

	set      settings
	proto    protocolState
	speed    func() int    // the client's baud
	baud     int           // the adapter's own
	next     int           // its own after the prompt, 0 = the same
	t        time.Duration // where it is in time
	free     time.Duration // when its output line is idle again
	learned  time.Duration // response time that adaptive timing has seen
	last     string        // for a bare carriage return
	requests int
	dropAt   time.Duration // when the link drops, 0 = never
	held     *radio        // what a lagging radio link holds back, nil = nothing
	memory   byte          // AT SD
	hears    *hearing      // what it listens for on SAE J1939
	bits     []byte        // AT BD: the frame received last
	seenATZ  bool
}

func newAdapter(o options, c *car, k clock, in, out *lane) *adapter {
	name := o.adapter
	if name == "" {
		name = c.spec.Adapter
	}
	if name == "" {
		name = "elm327-v2.2"
	}
	a := &adapter{
		car: c, opt: o, prof: profiles[name], clock: k, in: in, out: out, baud: o.baud,
		rnd: rand.New(rand.NewPCG(o.seed, 0xE127)),
	}
	a.wire = newWire(c, rand.New(rand.NewPCG(o.seed, 0xCA0)))
	a.reset()
	if !k.instant() {
		a.t = k.now()
	}
	if o.dropEvery > 0 {
		a.dropAt = a.t + o.dropEvery
	}
	if a.prof.noisy {
		a.held = &radio{}
	}
	return a
}

// run serves the client until its end of the line closes.
func (a *adapter) run(speed func() int) {
	a.speed = speed
	for {
		line, err := a.readCommand()
		if err == nil {
			err = a.execute(line)
		}
		if err != nil {
			a.in.close(io.ErrClosedPipe)
			a.out.finish(io.EOF)
			return
		}
	}
}

// readCommand collects characters up to a carriage return, echoing them.
func (a *adapter) readCommand() (string, error) {
	var line []byte
	for {
		b, err := a.readByte()
		if err != nil {
			return "", err
		}
		switch {
		case b == '\r':
			if a.set.echo || a.prof.echoes {
				a.print(string(line) + a.eol())
			}
			return string(line), nil
		case b == 0 || b == '\n':
		case len(line) <= longestCommand && (len(line) < a.prof.longest+8 || a.prof.stn == ""):
			line = append(line, b)
		}
	}
}

// readByte waits for the next character of the client.
func (a *adapter) readByte() (byte, error) {
	for {
		first, ok, changed, err := a.in.peek()
		if err != nil && !ok {
			return 0, err
		}
		if !ok {
			if err := a.idle(changed); err != nil {
				return 0, err
			}
			continue
		}
		if a.clock.instant() {
			a.t = max(a.t, a.free) + byteTime(a.baud)
		} else {
			if wait := a.clock.until(first.at); wait > 0 {
				pause(wait, changed)
				continue
			}
			a.t = max(a.t, first.at)
		}
		a.in.drop()
		if !a.inTune() {
			return first.b ^ byte(0x80|a.rnd.IntN(127)), nil
		}
		return first.b, nil
	}
}

// idle waits for the client, or for the moment at which the link drops.
func (a *adapter) idle(changed <-chan struct{}) error {
	if a.dropAt > 0 && !a.clock.instant() {
		wait := a.clock.until(a.dropAt)
		if wait <= 0 {
			return io.EOF
		}
		pause(wait, changed)
		return nil
	}
	<-changed
	return nil
}

// pass lets time go by in which no character disturbs the adapter.
func (a *adapter) pass(d time.Duration) error { return a.wait(a.t+d, false) }

// waitUntil lets the car's time pass; errStopped when a character comes first.
func (a *adapter) waitUntil(t time.Duration) error { return a.wait(t, true) }

func (a *adapter) wait(t time.Duration, stoppable bool) error {
	if a.dropAt > 0 && t >= a.dropAt {
		return io.EOF
	}
	if a.clock.instant() {
		a.t = max(a.t, t)
		_, _, _, err := a.in.peek()
		return err
	}
	for {
		first, ok, changed, err := a.in.peek()
		if err != nil {
			return err
		}
		if stoppable && ok && first.at <= min(t, a.clock.now()) {
			a.in.drop()
			a.t = max(a.t, first.at)
			return errStopped
		}
		wait := a.clock.until(t)
		if wait <= 0 {
			a.t = max(a.t, t)
			return nil
		}
		if stoppable && ok {
			wait = min(wait, max(0, a.clock.until(first.at)))
		}
		pause(wait, changed)
	}
}

// hang waits for the end of the connection and swallows everything.
func (a *adapter) hang() error {
	for {
		_, ok, changed, err := a.in.peek()
		if err != nil {
			return err
		}
		if ok {
			a.in.drop()
			continue
		}
		<-changed
	}
}

// execute acts on one line and prints the prompt.
func (a *adapter) execute(line string) error {
	command := strings.ToUpper(strings.Map(visible, line))
	if command == "" && strings.TrimSpace(line) == "" {
		command = a.last
	}
	a.last = command
	err := a.pass(a.opt.adapterLatency)
	if err == nil {
		err = a.dispatch(command)
	}
	if errors.Is(err, errStopped) {
		a.line("STOPPED")
		if a.prof.stopTwin {
			a.prompt()
		}
		err = nil
	}
	if err != nil {
		return err
	}
	a.prompt()
	a.release()
	return a.changeOver()
}

// visible drops blanks, which commands may have anywhere.
func visible(r rune) rune {
	if r == ' ' || r == '\t' {
		return -1
	}
	return r
}

func (a *adapter) dispatch(command string) error {
	switch {
	case command == "":
		return nil
	case strings.HasPrefix(command, "AT"):
		return a.runAT(command[2:])
	case strings.HasPrefix(command, "ST") && a.prof.stn != "":
		return a.runST(command[2:])
	case strings.HasPrefix(command, "VT") && a.prof.vt:
		return a.runVT(command[2:])
	case !isHex(command):
		a.line("?")
		return nil
	case a.prof.cut > 0 && len(command) > a.prof.cut:
		command = command[:a.prof.cut]
	}
	return a.runRequest(command)
}

// isHex tells that a line has only hexadecimal digits.
func isHex(s string) bool {
	return s != "" && strings.Trim(s, "0123456789ABCDEF") == ""
}

// reset restores everything that AT Z does: settings, protocol, and the line is forgotten.
func (a *adapter) reset() {
	a.set = defaults()
	a.learned = a.set.wait
	a.proto = protocolState{chosen: a.proto.stored, auto: a.proto.stored == obd.ProtocolUnknown, stored: a.proto.stored}
}
