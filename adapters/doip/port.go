// Package doip is the way to a vehicle on Ethernet (ISO 13400-2): discovery by UDP, diagnostic messages
// over TCP or TLS.
package doip

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// The limits of a connection: the vehicle is one cable away.
const (
	dialLimit  = 5 * time.Second
	writeLimit = 5 * time.Second
)

// Port is the byte stream to a DoIP entity; it implements [link.Port].
type Port struct {
	conn net.Conn
	name string
}

// Connect opens a TCP connection to host and port; with secure set it is one over TLS. name is the address
// for messages. Errors are of kind [errs.NoAdapter] or [errs.Usage] with a hint, or ctx's.
func Connect(ctx context.Context, hostport, name string, secure *Secure) (*Port, error) {
	limited, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	dialer := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 6 * time.Second, Interval: 3 * time.Second, Count: 3},
	}
	conn, err := dialer.DialContext(limited, "tcp", hostport)
	if err == nil && secure != nil {
		conn, err = secure.over(limited, conn, hostport)
	}
	if err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return nil, ctx.Err()
		}
		return nil, dialError(hostport, err)
	}
	if name == "" {
		name = "doip://" + hostport
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

// explain passes on what the reader waits for and makes the rest a lost connection.
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
		WithHint("is the cable plugged in and the ignition on? Some vehicles serve one tester at a time")
	return &link.Fault{Lost: true, Err: lost}
}

// SetReadDeadline works like that of [net.Conn].
func (p *Port) SetReadDeadline(t time.Time) error { return p.conn.SetReadDeadline(t) }

// Name returns the address by which the port was opened.
func (p *Port) Name() string { return p.name }

// IsSecure tells that the connection is encrypted.
func (p *Port) IsSecure() bool { _, ok := p.conn.(*tls.Conn); return ok }

// Close ends every Read and Write that is under way; further calls do nothing.
func (p *Port) Close() error {
	if c, ok := p.conn.(*tls.Conn); ok {
		// A farewell over TLS would wait for a peer that takes no data.
		if err := c.NetConn().Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("close %s: %w", p.name, err)
		}
		return nil
	}
	if err := p.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close %s: %w", p.name, err)
	}
	return nil
}
