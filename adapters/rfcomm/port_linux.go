package rfcomm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// The limits of a connection. Paging a sleeping device takes up to 10 s.
const (
	dialLimit  = 20 * time.Second
	writeLimit = 5 * time.Second
)

var errTime = errors.New("no answer in time")

// Port is a connected stream socket; it implements [link.Port].
type Port struct {
	file *os.File
	name string
}

// Dial connects a stream socket of the address family and the protocol. Errors hold the system's own.
func Dial(ctx context.Context, family, protocol int, at unix.Sockaddr, name string) (*Port, error) {
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	p := &Port{file: os.NewFile(uintptr(fd), name), name: name}
	if err := p.connect(ctx, at); err != nil {
		_ = p.file.Close() // the first error is the one to tell
		return nil, err
	}
	return p, nil
}

// connect waits for the connection as the runtime waits for any socket, and ends when ctx does.
func (p *Port) connect(ctx context.Context, at unix.Sockaddr) error {
	if err := p.file.SetWriteDeadline(time.Now().Add(dialLimit)); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = p.file.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	raw, err := p.file.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	begun := false
	err = raw.Write(func(fd uintptr) bool {
		if !begun {
			begun = true
			result = unix.Connect(int(fd), at)
			return !errors.Is(result, unix.EINPROGRESS) && !errors.Is(result, unix.EAGAIN)
		}
		code, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR)
		if err == nil && code == 0 {
			_, err = unix.Getpeername(int(fd))
			if errors.Is(err, unix.ENOTCONN) {
				return false // woken too early
			}
		}
		if result = err; code != 0 {
			result = unix.Errno(code)
		}
		return true
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errTime
	case err != nil:
		return err
	case result != nil:
		return fmt.Errorf("connect: %w", result)
	}
	return p.file.SetWriteDeadline(time.Time{})
}

func (p *Port) Read(b []byte) (int, error) {
	n, err := p.file.Read(b)
	return n, p.explain(err)
}

// Write delivers all of b, or fails within a few seconds.
func (p *Port) Write(b []byte) (int, error) {
	if err := p.file.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return 0, p.explain(err)
	}
	n, err := p.file.Write(b)
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
	case errors.Is(err, os.ErrClosed):
		return fmt.Errorf("%s: %w", p.name, os.ErrClosed)
	}
	return p.lost(err)
}

func (p *Port) lost(err error) error {
	text := "connection to %s lost: %w"
	if errors.Is(err, io.EOF) {
		text = "%s closed the connection: %w"
	}
	lost := errs.New(errs.Adapter, text, p.name, err).
		WithHint("is the adapter in reach and the ignition on? It may have gone to sleep or connected to a telephone")
	return &link.Fault{Lost: true, Err: lost}
}

// SetReadDeadline works like that of net.Conn.
func (p *Port) SetReadDeadline(t time.Time) error { return p.file.SetReadDeadline(t) }

// Name returns the address by which the port was opened.
func (p *Port) Name() string { return p.name }

// Close ends every Read and Write that is under way; further calls do nothing.
func (p *Port) Close() error {
	if err := p.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("close %s: %w", p.name, err)
	}
	return nil
}

var _ link.Port = (*Port)(nil)
