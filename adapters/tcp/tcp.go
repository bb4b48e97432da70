// Package tcp is the way to an adapter that listens on a TCP port: Wi-Fi adapters and serial servers.
package tcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// The limits of a connection. A Wi-Fi adapter is one hop away: what takes longer is not there.
const (
	dialLimit  = 5 * time.Second
	writeLimit = 5 * time.Second
)

// Port is a TCP connection; it implements [link.Port].
type Port struct {
	conn net.Conn
	name string
}

// Open connects to host and port, such as "192.168.0.10:35000"; name is the address for messages.
// Errors are of kind [errs.NoAdapter] with a hint, or ctx's.
func Open(ctx context.Context, hostport, name string) (*Port, error) {
	dialer := net.Dialer{
		Timeout: dialLimit,
		// Finds a car that drove off with its Wi-Fi within a quarter of a minute of silence.
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 6 * time.Second, Interval: 3 * time.Second, Count: 3},
	}
	conn, err := dialer.DialContext(ctx, "tcp", hostport)
	if err != nil {
		if ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled) {
			return nil, ctx.Err()
		}
		return nil, dialError(hostport, err)
	}
	if name == "" {
		name = "tcp://" + hostport
	}
	return &Port{conn: conn, name: name}, nil
}

func (p *Port) Read(b []byte) (int, error) {
	n, err := p.conn.Read(b)
	return n, p.explain(err)
}

// Write delivers all of b, or fails within a few seconds.
func (p *Port) Write(b []byte) (int, error) {
	if err := p.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return 0, p.explain(err)
	}
	n, err := p.conn.Write(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return n, p.lost(errors.New("it does not accept data"))
	}
	return n, p.explain(err)
}

// explain passes on what the reader waits for and makes the rest a lost adapter.
func (p *Port) explain(err error) error {
	switch {
	case err == nil, errors.Is(err, os.ErrDeadlineExceeded):
		return err
	case errors.Is(err, net.ErrClosed):
		return fmt.Errorf("%s: %w", p.name, net.ErrClosed)
	}
	return p.lost(err)
}

func (p *Port) lost(err error) error {
	text := "connection to %s lost: %w"
	if errors.Is(err, io.EOF) {
		text = "%s closed the connection: %w"
	}
	lost := errs.New(errs.Adapter, text, p.name, err).
		WithHint("is the adapter still plugged in, and the computer still in its Wi-Fi network?")
	return &link.Fault{Lost: true, Err: lost}
}

// SetReadDeadline works like that of [net.Conn].
func (p *Port) SetReadDeadline(t time.Time) error { return p.conn.SetReadDeadline(t) }

// Name returns the address by which the port was opened.
func (p *Port) Name() string { return p.name }

// Close ends every Read and Write that is under way; further calls do nothing.
func (p *Port) Close() error {
	if err := p.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close %s: %w", p.name, err)
	}
	return nil
}
