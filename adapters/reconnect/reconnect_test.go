package reconnect_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/reconnect"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// script is a link that answers from a list, one entry per request; behind it everything is answered.
type script struct {
	turns  []error // nil is an answer
	asked  []string
	closed int
}

func (s *script) Exchange(_ context.Context, req link.Request) ([]link.Reply, error) {
	s.asked = append(s.asked, strings.ToUpper(string(hexOf(req.Data))))
	if len(s.turns) > 0 {
		err := s.turns[0]
		s.turns = s.turns[1:]
		if err != nil {
			return nil, err
		}
	}
	return []link.Reply{{Data: []byte{req.Data[0] + 0x40}}}, nil
}

func hexOf(b []byte) []byte {
	var out []byte
	for _, c := range b {
		out = append(out, "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
	}
	return out
}

func (s *script) Describe() link.Description                     { return link.Description{MaxRequest: 7} }
func (s *script) Close() error                                   { s.closed++; return nil }
func (s *script) SupplyVoltage(context.Context) (float64, error) { return 12.4, nil }

var errGone = &link.Fault{Lost: true, Err: io.EOF}

// rig is a link under recovery whose attempts fail with the given errors and then work.
type rig struct {
	link   *reconnect.Link
	first  *script
	later  *script
	events []string
	opened int
}

func newRig(o reconnect.Options, first *script, attempts ...error) *rig {
	r := &rig{first: first, later: &script{}}
	o.Open = func(context.Context) (link.Link, error) {
		r.opened++
		if len(attempts) > 0 {
			err := attempts[0]
			attempts = attempts[1:]
			if err != nil {
				return nil, err
			}
		}
		return r.later, nil
	}
	o.Notify = func(e reconnect.Event) { r.events = append(r.events, string(e.Kind)) }
	if o.Rand == nil {
		o.Rand = func() float64 { return 1 }
	}
	r.link = reconnect.New(first, o)
	return r
}

func (r *rig) ask(ctx context.Context, data ...byte) error {
	_, err := r.link.Exchange(ctx, link.Request{Data: data})
	return err
}

func (r *rig) wantEvents(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(r.events, " "); got != want {
		t.Errorf("events %q, want %q", got, want)
	}
}

func TestComesBackAndAsksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := errs.New(errs.NoAdapter, "no such port")
		r := newRig(reconnect.Options{}, &script{turns: []error{nil, errGone}}, busy, errs.New(errs.NoVehicle, "ignition off"), nil)
		start := time.Now()
		for range 2 {
			if err := r.ask(t.Context(), 0x01, 0x0C); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 1500*time.Millisecond {
			t.Errorf("took %s, want waits of 0.5 and 1 s", took)
		}
		r.wantEvents(t, "lost retry failed retry failed retry back")
		if r.first.closed != 1 || len(r.later.asked) != 1 || r.later.asked[0] != "010C" {
			t.Errorf("old link closed %d times, new one asked %v", r.first.closed, r.later.asked)
		}
	})
}

// TestWaitsGrowAndEnd lets every attempt fail for a minute.
func TestWaitsGrowAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		always := make([]error, 1000)
		for i := range always {
			always[i] = errs.New(errs.NoAdapter, "no such port").WithHint("plug it in")
		}
		r := newRig(reconnect.Options{Total: time.Minute}, &script{turns: []error{errGone}}, always...)
		start := time.Now()
		err := r.ask(t.Context(), 0x01, 0x0C)
		if took := time.Since(start); took != time.Minute {
			t.Errorf("gave up after %s, want a minute", took)
		}
		if !link.IsLost(err) || errs.KindOf(err) != errs.NoAdapter || errs.HintOf(errors.Unwrap(err)) == "" && !strings.Contains(err.Error(), "no such port") {
			t.Errorf("Exchange: %v", err)
		}
		// 0.5 + 1 + 2 + 4 + 8 + 10 + 10 + 10 + 10 s and the rest of the minute.
		if r.opened != 10 {
			t.Errorf("%d attempts, want 10", r.opened)
		}
		start = time.Now()
		if err := r.ask(t.Context(), 0x01, 0x0C); !link.IsLost(err) || time.Since(start) != 0 {
			t.Errorf("next Exchange: %v after %s, want the same at once", err, time.Since(start))
		}
	})
}

func TestJitterIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		draws := []float64{0, 0.25}
		r := newRig(reconnect.Options{Rand: func() float64 {
			d := draws[0]
			draws = draws[1:]
			return d
		}}, &script{turns: []error{errGone}}, io.EOF, io.EOF, nil)
		start := time.Now()
		if err := r.ask(t.Context(), 0x01, 0x0C); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 250*time.Millisecond {
			t.Errorf("took %s, want 0 and a quarter of 1 s", took)
		}
	})
}

func TestLimitsAndFinalErrors(t *testing.T) {
	for _, row := range []struct {
		name     string
		o        reconnect.Options
		attempts []error
		opened   int
	}{
		{"tries", reconnect.Options{Tries: 2}, []error{io.EOF, io.EOF, io.EOF}, 2},
		{"usage", reconnect.Options{}, []error{errs.New(errs.Usage, "bad address")}, 1},
		{"denied", reconnect.Options{}, []error{errs.New(errs.Denied, "refused")}, 1},
		{"final", reconnect.Options{Final: func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }}, []error{io.EOF, io.ErrUnexpectedEOF}, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(row.o, &script{turns: []error{errGone}}, row.attempts...)
			if err := r.ask(t.Context(), 0x01, 0x0C); !link.IsLost(err) {
				t.Errorf("%s: %v, want a lost link", row.name, err)
			}
			if r.opened != row.opened || r.events[len(r.events)-1] != "gave_up" {
				t.Errorf("%s: %d attempts, events %v", row.name, r.opened, r.events)
			}
		})
	}
}

// TestNoSecondClear must not send a request again that could change the vehicle.
func TestNoSecondClear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(reconnect.Options{}, &script{turns: []error{errGone}})
		err := r.ask(t.Context(), 0x04)
		if err == nil || link.IsLost(err) || errs.HintOf(err) != "" && len(r.later.asked) != 0 {
			t.Errorf("Exchange: %v, the new link was asked %v", err, r.later.asked)
		}
		if len(r.later.asked) != 0 {
			t.Errorf("the request went out again: %v", r.later.asked)
		}
		if err := r.ask(t.Context(), 0x01, 0x0C); err != nil {
			t.Errorf("next Exchange: %v", err)
		}
	})
}

// TestRequestThatCostsTheLink must end: a clone that locks up on an answer comes back and locks up again.
func TestRequestThatCostsTheLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(reconnect.Options{}, &script{turns: []error{errGone}})
		for range 100 {
			r.later.turns = append(r.later.turns, errGone)
		}
		err := r.ask(t.Context(), 0x09, 0x02)
		if err == nil || link.IsLost(err) || errs.KindOf(err) != errs.Adapter || errs.HintOf(err) == "" || r.opened != 3 {
			t.Errorf("Exchange: %v after %d attempts", err, r.opened)
		}
		r.later.turns = nil
		if err := r.ask(t.Context(), 0x01, 0x0C); err != nil {
			t.Errorf("next Exchange: %v", err)
		}
	})
}

func TestCancelEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(reconnect.Options{}, &script{turns: []error{errGone}}, io.EOF, io.EOF, io.EOF, io.EOF, io.EOF)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1200*time.Millisecond, cancel)
		start := time.Now()
		if err := r.ask(ctx, 0x01, 0x0C); !errors.Is(err, context.Canceled) {
			t.Errorf("Exchange: %v", err)
		}
		if took := time.Since(start); took != 1200*time.Millisecond {
			t.Errorf("ended after %s", took)
		}
	})
}

func TestCloseDuringRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(reconnect.Options{}, &script{turns: []error{errGone}}, io.EOF, nil)
		time.AfterFunc(100*time.Millisecond, func() { _ = r.link.Close() })
		if err := r.ask(t.Context(), 0x01, 0x0C); !link.IsLost(err) {
			t.Errorf("Exchange: %v", err)
		}
		if r.later.closed != 1 {
			t.Errorf("the link that came too late was closed %d times", r.later.closed)
		}
	})
}

// TestIgnitionCycle lets the vehicle fall silent while the adapter stays.
func TestIgnitionCycle(t *testing.T) {
	quiet := []error{nil}
	for range 20 {
		quiet = append(quiet, link.ErrNoReply)
	}
	for _, row := range []struct {
		name   string
		turns  []error
		gap    time.Duration
		events string
	}{
		{"ignition off", quiet, 2 * time.Second, "silent retry failed retry back"},
		{"unsupported requests only", []error{nil, link.ErrNoReply, link.ErrNoReply, link.ErrNoReply, nil, link.ErrNoReply}, 2 * time.Second, ""},
		{"too short", quiet[:5], time.Second, ""},
		{"never answered", quiet[1:], 2 * time.Second, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(reconnect.Options{}, &script{turns: row.turns}, errs.New(errs.NoVehicle, "no vehicle"), nil)
			for range 5 {
				if err := r.ask(t.Context(), 0x01, 0x0C); err != nil && !errors.Is(err, link.ErrNoReply) {
					t.Fatal(err)
				}
				time.Sleep(row.gap)
			}
			r.wantEvents(t, row.events)
		})
	}
}

func TestVoltageAndDescription(t *testing.T) {
	r := newRig(reconnect.Options{}, &script{})
	if v, err := r.link.SupplyVoltage(t.Context()); v != 12.4 || err != nil {
		t.Errorf("SupplyVoltage = %v, %v", v, err)
	}
	if r.link.Describe().MaxRequest != 7 {
		t.Error("Describe is not that of the link below")
	}
}
