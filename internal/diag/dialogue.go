package diag

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// Answer is what one ECU said to a request of ISO 14229-1.
type Answer struct {
	ECU   obd.Address
	Raw   uds.Hex
	Reply uds.Reply
	At    time.Time
	Err   error // a negative response, or what is wrong with the reply
}

// Dialogue is a conversation of an expert with one ECU, or with all where none is named. A session other
// than the default one is kept alive while it is open. Its methods may be called by several goroutines.
type Dialogue struct {
	tester      *Tester
	ecu, header obd.Address
	know        uds.Knowledge

	mu      sync.Mutex // guards the link, which is used by one goroutine at a time, and what follows
	spoke   time.Time
	session byte
	stop    context.CancelFunc // ends the keep-alive
	done    chan struct{}
}

// Dialogue starts a conversation; header overrides the address of requests. The tester must not be used
// by others meanwhile.
func (t *Tester) Dialogue(ecu, header obd.Address) *Dialogue {
	u := newUDS(t, obd.DialectUDSOnly)
	return &Dialogue{tester: t, ecu: ecu, header: header, know: u.knowledge(ecu), session: uds.DefaultSession}
}

// Ask sends one request and interprets every reply. The error is set when there is none.
func (d *Dialogue) Ask(ctx context.Context, request []byte, slow bool) ([]Answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	replies, err := d.tester.link.Exchange(ctx, link.Request{Target: d.ecu, Header: d.header, Data: request, Slow: slow})
	d.spoke = d.tester.now()
	var answers []Answer
	for _, r := range replies {
		d.tester.heard(r.ECU)
		a := Answer{ECU: r.ECU, Raw: r.Data, At: r.At, Err: r.Err}
		if r.Err == nil {
			a.Reply, a.Err = d.know.Interpret(request, r.Data)
			if n, ok := errors.AsType[link.NegativeReply](a.Err); ok {
				n.ECU = r.ECU
				a.Err = n
			}
		}
		answers = append(answers, a)
	}
	byECU(answers, func(a Answer) obd.Address { return a.ECU })
	if len(answers) > 0 && ended(ctx, err) == nil {
		err = nil
	}
	return answers, err
}

// Start opens a session (service 10) and keeps it alive until [Dialogue.End].
func (d *Dialogue) Start(ctx context.Context, session byte) ([]Answer, error) {
	answers, err := d.Ask(ctx, uds.StartSession(session), false)
	if err != nil {
		return answers, err
	}
	for _, a := range answers {
		if a.Err != nil {
			return answers, a.Err
		}
	}
	d.silence()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.session = session; session != uds.DefaultSession {
		d.keep(ctx)
	}
	return answers, nil
}

// keep says every two seconds of silence that the tester is there, without asking for a reply.
func (d *Dialogue) keep(ctx context.Context) {
	ctx, d.stop = context.WithCancel(ctx)
	d.done = make(chan struct{})
	go func(done chan struct{}) {
		defer close(done)
		for wait := uds.KeepAlive; rest(ctx, wait) == nil; {
			if wait = d.present(ctx); wait < 0 {
				return
			}
		}
	}(d.done)
}

// present sends TesterPresent where it is due and returns when to look again; less than 0 for never.
func (d *Dialogue) present(ctx context.Context) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if quiet := d.tester.now().Sub(d.spoke); quiet < uds.KeepAlive {
		return uds.KeepAlive - quiet
	}
	_, err := d.tester.link.Exchange(ctx, link.Request{Target: d.ecu, Header: d.header, Data: uds.Present(true)})
	d.spoke = d.tester.now()
	if ended(ctx, err) != nil {
		return -1
	}
	return uds.KeepAlive
}

// silence ends the keep-alive and waits until it is over.
func (d *Dialogue) silence() {
	d.mu.Lock()
	stop, done := d.stop, d.done
	d.stop, d.done = nil, nil
	d.mu.Unlock()
	if stop != nil {
		stop()
		<-done
	}
}

// End goes back to the default session, where another one is open.
func (d *Dialogue) End(ctx context.Context) error {
	d.silence()
	if d.session == uds.DefaultSession {
		return nil
	}
	_, err := d.Start(ctx, uds.DefaultSession)
	return err
}

// Unlock opens a security level with the caller's key. One try is made: a wrong key counts against the ECU's
// limit. What the ECU makes wait for (NRC 36 and 37) is an error with the time as a hint. The answer is the
// ECU's last.
func (d *Dialogue) Unlock(ctx context.Context, level byte, keys uds.KeySource) (Answer, error) {
	seed, err := d.security(ctx, uds.RequestSeed(level))
	if err != nil {
		return seed, err
	}
	said, ok := seed.Reply.Data.(*uds.Security)
	if !ok || said.IsOpen() {
		return seed, nil
	}
	key, err := keys.Key(ctx, seed.ECU, said.Level, said.Seed)
	if err != nil {
		return seed, errs.New(errs.Usage, "compute key: %w", err)
	}
	return d.security(ctx, uds.SendKey(level, key))
}

func (d *Dialogue) security(ctx context.Context, request []byte) (Answer, error) {
	if d.ecu == obd.Functional {
		return Answer{}, errs.New(errs.Usage, "security access is for one control unit").WithHint("name it with --ecu")
	}
	answers, err := d.Ask(ctx, request, false)
	if err != nil {
		return Answer{}, err
	}
	a := answers[0]
	if n, ok := errors.AsType[link.NegativeReply](a.Err); ok {
		return a, locked(n)
	}
	return a, a.Err
}

// locked says what to do about a refusal.
func locked(n link.NegativeReply) error {
	err := errs.New(errs.Denied, "security access: %w", n)
	switch n.Code {
	case uds.NRCInvalidKey:
		return err.WithHint("the key is wrong; a few wrong ones lock the control unit")
	case uds.NRCTooManyAttempts, uds.NRCDelayNotExpired:
		return err.WithHint("leave the ignition on, wait %s or more, and do not try before: it would start the wait again", uds.KeyDelay)
	}
	return err
}
