// Package console is the raw console: a person types a request in hexadecimal, and sees what each control unit answers,
// byte by byte, with what the bytes mean below. Only what cannot change the car is sent.
package console

import (
	"context"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
)

// Sender sends what a person typed.
type Sender interface {
	// Send sends one line, such as "0902", "22 F1 90" or "7E0.22F190", and returns what came back. What may not be sent is a
	// [Refusal], and nothing was sent then. Answers that came before an error are returned with it.
	Send(ctx context.Context, line string) (Exchange, error)
}

// Exchange is one request with its answers.
type Exchange struct {
	Request []byte      // as it was sent, from the service on
	To      obd.Address // that it was sent to; [obd.Functional] for all control units
	At      time.Time   // when it was sent
	Took    time.Duration
	Answers []Answer // one for each control unit, in the order in which they came
}

// Answer is what one control unit said.
type Answer struct {
	ECU  obd.Address
	Data []byte // from the service on; possibly incomplete when Wrong is set

	Readings []obd.Reading
	Codes    []obd.DTC
	Tests    []obd.MonitorTest
	Monitors []obd.MonitorStatus
	IDs      []int      // that the unit supports, of a bitmap
	Bitmap   bool       // IDs was read, possibly without any
	InUse    *obd.InUse // how often the monitors ran; nil when that was not asked for
	Facts    []string   // names, numbers and words that are none of the above
	Negative string     // the unit's refusal in words
	Wrong    string     // why the answer could not be read or understood in full
}

// Why is the reason of a refusal.
type Why uint8

// The reasons.
const (
	Changes  Why = iota // the service can change the car
	Programs            // it programs control units: no confirmation opens that
	Adapter             // it is a command of the adapter, which this connection does not take
)

// Refusal says that a line was not sent.
type Refusal struct {
	Why     Why
	Service obd.Service
	Command string // of the command line, which asks and confirms; "" when there is none
}

// Error is for those who cannot translate; the page says it in the person's language.
func (r *Refusal) Error() string { return "not sent: this console only reads" }

// The bounds of what is remembered, and of what is drawn of one answer.
const (
	maxEntries = 200
	maxLines   = 100
	maxBytes   = 4096
)

// entry is one line with what came of it.
type entry struct {
	line string
	got  Exchange
	err  error
	busy bool
}

// Screen is the page.
type Screen struct {
	sender Sender
	ctx    context.Context // of the program: an answer is worth having after the visit too
	look   screen.Look
	link   screen.Link

	input   textinput.Model
	entries []*entry // oldest first
	drawn   map[*entry][]string
	up      int // lines that the log is scrolled up from its end

	lines  []string // that were sent, oldest first
	recall int      // which of them stands in the field; len(lines) for what is being typed
	draft  string   // what was being typed before
}

// New makes the page; what it starts ends with ctx.
func New(ctx context.Context, s Sender) *Screen {
	p := &Screen{sender: s, ctx: ctx, input: textinput.New(), drawn: map[*entry][]string{}}
	p.input.Prompt, p.input.CharLimit = "", 500
	p.input.Focus()
	return p
}

// Name is the folder.
func (s *Screen) Name() string { return "console" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) {
	s.look = l
	clear(s.drawn)
	s.input.SetWidth(max(l.Width-4, 1))
}

// Enter puts the cursor into the field.
func (s *Screen) Enter(context.Context) tea.Cmd {
	s.input.Focus()
	return nil
}

// Typing tells that keys are text.
func (s *Screen) Typing() bool { return s.input.Focused() }

// busy tells that an answer is waited for.
func (s *Screen) busy() bool {
	n := len(s.entries)
	return n > 0 && s.entries[n-1].busy
}
