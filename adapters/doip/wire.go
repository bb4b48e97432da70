package doip

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// chunk is how many bytes are taken from the port at once, so that a flood is read in small bites.
const chunk = 4 << 10

// errSilent says that nothing came until the deadline.
var errSilent = errors.New("no answer in time")

// wire reads and writes whole messages. One goroutine reads at a time; anyone may write.
type wire struct {
	port    link.Port
	version iso13400.Version
	source  iso13400.Address
	stream  iso13400.Stream
	writing sync.Mutex
	buf     [chunk]byte
}

func (w *wire) send(p iso13400.Payload) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	_, err := w.port.Write(iso13400.Message{Version: w.version, Payload: p}.Marshal())
	return err
}

// next returns the next message that is not about the connection itself: alive checks are answered here.
// Errors: errSilent at the deadline, a [*link.Fault], ctx's.
func (w *wire) next(ctx context.Context, deadline time.Time) (iso13400.Payload, error) {
	for {
		p, err := w.take(ctx, deadline)
		if err != nil {
			return nil, err
		}
		if _, ok := p.(iso13400.AliveCheck); !ok {
			return p, nil
		}
		if err := w.send(iso13400.AliveCheckReply{Source: w.source}); err != nil {
			return nil, err
		}
	}
}

// take returns the next message of any kind. A message that is too long or malformed is left out.
func (w *wire) take(ctx context.Context, deadline time.Time) (iso13400.Payload, error) {
	for {
		m, err := w.stream.Next()
		var bad iso13400.HeaderError
		switch {
		case err == nil:
			return m.Payload, ctx.Err()
		case errors.As(err, &bad) && bad.Nack == iso13400.NackPattern:
			return nil, w.notDoIP(err)
		case errors.As(err, &bad):
			if err := w.send(iso13400.HeaderNack{Code: bad.Nack}); err != nil {
				return nil, err
			}
			continue
		}
		if err := w.fill(ctx, deadline); err != nil {
			return nil, err
		}
	}
}

// fill reads what the port has. The look at the clock ends a flood, in which no Read ever waits.
func (w *wire) fill(ctx context.Context, deadline time.Time) error {
	if time.Now().After(deadline) {
		return errSilent
	}
	if err := w.port.SetReadDeadline(deadline); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil { // its end may have come before the deadline was set
		return err
	}
	n, err := w.port.Read(w.buf[:])
	w.stream.Push(w.buf[:n])
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSilent
	case err != nil:
		return err
	}
	return nil
}

// notDoIP ends a connection whose other end says something else.
func (w *wire) notDoIP(err error) error {
	_ = w.send(iso13400.HeaderNack{Code: iso13400.NackPattern}) // as the standard wants it; nobody may listen
	return &link.Fault{Text: "NOT DOIP", Lost: true, Err: errs.New(errs.Adapter, "%s does not speak DoIP: %w", w.port.Name(), err).
		WithHint("check the address and the port: vehicles listen on 13400")}
}

// awake makes the end of ctx end a Read that is under way; call what it returns when done. Nothing touches
// the deadline after that.
func (w *wire) awake(ctx context.Context) (stop func()) {
	woken := make(chan struct{})
	forget := context.AfterFunc(ctx, func() {
		defer close(woken)
		_ = w.port.SetReadDeadline(time.Unix(1, 0)) // a port that is gone ends the Read by itself
	})
	return func() {
		if !forget() {
			<-woken
		}
	}
}

// word makes an adapter's word of a code's name.
func word(code fmt.Stringer) string { return strings.ToUpper(code.String()) }
