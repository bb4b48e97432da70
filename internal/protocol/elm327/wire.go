package elm327

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

const (
	prompt = '>'
	// maxAnswer bounds one answer. The longest real one, 4,095 bytes by ISO 15765-2 with headers and
	// spaces, has about 17 KiB.
	maxAnswer = 64 << 10
	// maxAwaited bounds an answer that is looked through at every piece of it.
	maxAwaited = 4 << 10
	// writeLimit bounds a write that the port does not take, such as a stalled Bluetooth line.
	writeLimit = 5 * time.Second
)

// errSilent says that no prompt came in time; what came before it is returned with it.
var errSilent = errors.New("adapter did not finish its answer in time")

// errFlood says that an answer has no end.
var errFlood = errors.New("adapter sends without end")

// wire moves lines and answers over the port. Deadlines are the port's own, on the wall clock as those
// of net.Conn, whatever clock stamps the replies.
type wire struct {
	port link.Port
	now  func() time.Time // measures only
	rest []byte           // received behind the last prompt

	prompted bool  // the last line was answered with a prompt: the adapter is idle
	lost     error // the port is gone

	heard time.Time     // when the last line was sent, then when words of its answer came last
	gap   time.Duration // longest silence before words of the answer
}

// patience limits a wait for the prompt.
type patience struct {
	quiet time.Duration            // without any byte
	total time.Duration            // altogether
	until func(answer []byte) bool // ends the wait before the prompt; nil for none
}

// send writes a line and its carriage return; whatever came since the last answer belongs to no
// command and is dropped.
func (w *wire) send(ctx context.Context, line string) error {
	w.rest = w.rest[:0]
	w.heard, w.gap, w.prompted = w.now(), 0, false
	return w.write(ctx, line+"\r")
}

// write hands bytes to the port within writeLimit and ctx. The goroutine outlives the call only when the
// port is stuck; closing it ends both.
func (w *wire) write(ctx context.Context, s string) error {
	if w.lost != nil {
		return w.lost
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		_, err := io.WriteString(w.port, s)
		done <- err
	}()
	timer := time.NewTimer(writeLimit)
	defer timer.Stop()
	select {
	case err := <-done:
		if err != nil {
			return w.writeFailed(err)
		}
		return nil
	case <-ctx.Done():
		return w.abandon(ctx, done)
	case <-timer.C:
		return w.lose(errors.New("port takes no more bytes"))
	}
}

// abandon gives a write under way a last moment; one that is stuck leaves the port unusable.
func (w *wire) abandon(ctx context.Context, done <-chan error) error {
	timer := time.NewTimer(50 * time.Millisecond)
	defer timer.Stop()
	select {
	case err := <-done:
		if err != nil {
			return w.writeFailed(err)
		}
	case <-timer.C:
		_ = w.lose(errors.New("a write was interrupted"))
	}
	return ctx.Err()
}

// writeFailed tells a refusal by a guard, after which the port still works, from a broken port.
func (w *wire) writeFailed(err error) error {
	if errs.KindOf(err) == errs.Denied {
		return err
	}
	return w.lose(err)
}

func (w *wire) lose(err error) error {
	w.lost = &link.Fault{Lost: true, Err: err}
	return w.lost
}

// receive returns everything up to the prompt, without it. With errSilent, errFlood and a lost port
// what came before is returned too.
func (w *wire) receive(ctx context.Context, p patience) ([]byte, error) {
	if w.lost != nil {
		return nil, w.lost
	}
	defer w.wakeOn(ctx)()
	var answer []byte
	end := time.Now().Add(p.total)
	for {
		if before, after, found := bytes.Cut(w.rest, []byte{prompt}); found {
			answer = append(answer, before...)
			w.rest, w.prompted = append(w.rest[:0], after...), true
			return answer, nil
		}
		answer = append(answer, w.rest...)
		w.rest = w.rest[:0]
		if len(answer) > maxAnswer {
			return answer, errFlood
		}
		if p.until != nil {
			if len(answer) > maxAwaited {
				return answer, errFlood
			}
			if p.until(answer) {
				return answer, nil
			}
		}
		if err := w.more(ctx, p.quiet, end); err != nil {
			return answer, err
		}
	}
}

// more appends at least one byte to rest.
func (w *wire) more(ctx context.Context, quiet time.Duration, end time.Time) error {
	deadline := time.Now().Add(quiet)
	if deadline.After(end) {
		deadline = end
	}
	if !deadline.After(time.Now()) {
		return errSilent
	}
	if err := w.port.SetReadDeadline(deadline); err != nil {
		return w.lose(err)
	}
	// Asked after the deadline is set: a cancellation before it was overwritten, one after it is not.
	if err := ctx.Err(); err != nil {
		return err
	}
	var chunk [512]byte
	n, err := w.port.Read(chunk[:])
	w.rest = append(w.rest, chunk[:min(max(n, 0), len(chunk))]...)
	switch {
	case n > 0:
		if len(bytes.Trim(chunk[:min(n, len(chunk))], "\r\n >")) > 0 {
			t := w.now()
			w.gap, w.heard = max(w.gap, t.Sub(w.heard)), t
		}
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case isTimeout(err):
		return errSilent
	case err == nil:
		return w.lose(io.ErrNoProgress)
	}
	return w.lose(err)
}

// wakeOn makes a cancelled ctx end a Read that is under way; the returned func ends that and waits
// until it cannot touch the deadline any more.
func (w *wire) wakeOn(ctx context.Context) func() {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		_ = w.port.SetReadDeadline(time.Unix(1, 0)) // a port that is gone shows it by Read
	})
	return func() {
		if !stop() {
			<-done
		}
	}
}

// isTimeout recognises os.ErrDeadlineExceeded and its kin without naming the operating system.
func isTimeout(err error) bool {
	t, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && t.Timeout()
}
