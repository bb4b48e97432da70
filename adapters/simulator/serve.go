package simulator

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// maxClients bounds the clients that are served at once; a further one is turned away.
const maxClients = 32

// writeLimit is how long a client may refuse to take its bytes before it is cut off.
const writeLimit = 30 * time.Second

// Limits of silence: a client that says nothing for so long is cut off; sooner when all seats are taken and
// another one wants in.
const (
	idleLimit  = 15 * time.Minute
	patientFor = 30 * time.Second
)

// Serve lets other programs talk to the car of an address through the listener, each with an adapter of
// its own. It returns when the context ends (nil) or the listener fails, and closes the listener.
func Serve(ctx context.Context, address string, listener net.Listener) error {
	o, err := parseAddress(address)
	if err != nil {
		return err
	}
	c, err := loadCar(o)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { listener.Close() })
	var clients sync.WaitGroup
	defer clients.Wait()
	defer stop()
	defer cancel()
	defer listener.Close()
	k := newClock(o.pace)
	var seats seating
	for {
		conn, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return errs.New(errs.Adapter, "accept client: %w", err)
		}
		client := seats.admit(conn)
		if client == nil {
			conn.Close()
			continue
		}
		clients.Go(func() {
			defer seats.leave(client)
			bridge(ctx, client, newPort(address, o, c, k, true))
		})
	}
}

// bridge copies both ways until one side ends, then closes both.
func bridge(ctx context.Context, client io.ReadWriteCloser, p *port) {
	shut := sync.OnceFunc(func() {
		client.Close()
		p.Close()
	})
	stop := context.AfterFunc(ctx, shut)
	defer stop()
	defer shut()
	var both sync.WaitGroup
	for _, way := range []struct {
		to   io.Writer
		from io.Reader
	}{{p, client}, {client, p}} {
		both.Go(func() {
			defer shut()
			_, _ = copyBytes(way.to, way.from)
		})
	}
	both.Wait()
}

// copyBytes is io.Copy without the shortcuts that would bypass the limits of the writer.
func copyBytes(to io.Writer, from io.Reader) (n int64, err error) {
	buffer := make([]byte, 4096)
	for {
		got, err := from.Read(buffer)
		if got > 0 {
			if _, err := to.Write(buffer[:got]); err != nil {
				return n, err
			}
			n += int64(got)
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}
