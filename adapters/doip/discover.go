package doip

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// DefaultWait is how long vehicles get to answer: they wait up to 500 ms at random before they do
// (A_DoIP_Announce_Wait), so that many do not answer at once.
const DefaultWait = 1200 * time.Millisecond

// maxEntities bounds what a search returns.
const maxEntities = 256

// Entity is a DoIP entity that answered a search.
type Entity struct {
	At      netip.AddrPort // where it answered from
	Version iso13400.Version
	iso13400.Announcement
}

// Open is the address under which the entity is opened: doip://HOST, with the port where it is not the
// standard's.
func (e Entity) Open() string {
	host := e.At.Addr().String()
	switch {
	case e.At.Port() != iso13400.Port:
		host = e.At.String()
	case e.At.Addr().Is6():
		host = "[" + host + "]"
	}
	return "doip://" + host
}

// Search says how vehicles are looked for.
type Search struct {
	// Where is asked; nil asks everywhere on the link, see [Everywhere].
	Where []netip.AddrPort
	// Wait is how long answers are taken; 0 for [DefaultWait].
	Wait time.Duration
	// Found, when set, is told of each entity as it answers.
	Found func(Entity)
	// Enough ends the search after so many entities; 0 for no number.
	Enough int
}

// Discover asks for DoIP entities and returns those that answer in time, in order of their answers. The end
// of ctx ends it at once with what is there and ctx's error. Nobody is no error; that nothing could be
// asked is one of kind [errs.NoAdapter].
func Discover(ctx context.Context, s Search) ([]Entity, error) {
	if s.Where == nil {
		s.Where = Everywhere()
	}
	if s.Wait == 0 {
		s.Wait = DefaultWait
	}
	limited, cancel := context.WithTimeout(ctx, s.Wait)
	defer cancel()
	f := &finding{search: s, enough: cancel, seen: map[key]bool{}}
	var all sync.WaitGroup
	for _, network := range []string{"udp4", "udp6"} {
		if where := reachable(network, s.Where); len(where) > 0 {
			all.Go(func() { f.ask(limited, network, where) })
		}
	}
	all.Wait()
	if err := ctx.Err(); err != nil {
		return f.found, err
	}
	if len(f.found) == 0 && f.asked == 0 && f.err != nil {
		return nil, errs.New(errs.NoAdapter, "look for vehicles: %w", f.err).WithHint(cableHint)
	}
	return f.found, nil
}

// key tells entities apart: one may answer several times, and on several of its addresses.
type key struct {
	eid     iso13400.EntityID
	address iso13400.Address
	at      netip.Addr // only where the entity has no EID
}

// finding is a search under way.
type finding struct {
	search Search
	enough func()

	mu    sync.Mutex
	seen  map[key]bool
	found []Entity
	asked int
	err   error
}

// ask sends the requests from one socket and takes the answers until ctx ends.
func (f *finding) ask(ctx context.Context, network string, where []netip.AddrPort) {
	var listen net.ListenConfig
	conn, err := listen.ListenPacket(ctx, network, ":0")
	if err != nil {
		f.failed(err)
		return
	}
	defer func() { _ = conn.Close() }() // nothing was promised to anybody
	stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	f.send(conn, where)
	var again sync.WaitGroup
	defer again.Wait()
	again.Go(func() { // datagrams may get lost
		timer := time.NewTimer(f.search.Wait / 3)
		defer timer.Stop()
		select {
		case <-timer.C:
			f.send(conn, where)
		case <-ctx.Done():
		}
	})
	f.receive(ctx, conn)
}

func (f *finding) send(conn net.PacketConn, where []netip.AddrPort) {
	request := iso13400.Message{Version: iso13400.VersionDefault, Payload: iso13400.Identify{}}.Marshal()
	for _, at := range where {
		_, err := conn.WriteTo(request, net.UDPAddrFromAddrPort(at))
		if err != nil {
			f.failed(err)
			continue
		}
		f.mu.Lock()
		f.asked++
		f.mu.Unlock()
	}
}

func (f *finding) failed(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// receive takes answers. An error of the socket (a host that has nobody at the port) says nothing about
// the others.
func (f *finding) receive(ctx context.Context, conn net.PacketConn) {
	buf := make([]byte, 2048)
	for ctx.Err() == nil {
		n, from, err := conn.ReadFrom(buf)
		if errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
		if udp, ok := from.(*net.UDPAddr); ok && err == nil {
			if e, ok := Hear(buf[:n], udp.AddrPort()); ok {
				f.hear(e)
			}
		}
	}
}

// Hear reads a datagram; false for everything but an announcement.
func Hear(b []byte, from netip.AddrPort) (Entity, bool) {
	m, err := iso13400.Parse(b)
	if err != nil {
		return Entity{}, false
	}
	a, ok := m.Payload.(iso13400.Announcement)
	return Entity{At: netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), Version: m.Version, Announcement: a}, ok
}

// hear takes an entity that was not heard of yet.
func (f *finding) hear(e Entity) {
	k := key{eid: e.EID, address: e.Address}
	if !e.EID.IsSet() {
		k.at = e.At.Addr()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen[k] || len(f.found) >= maxEntities {
		return
	}
	f.seen[k] = true
	f.found = append(f.found, e)
	if f.search.Found != nil {
		f.search.Found(e)
	}
	if len(f.found) == f.search.Enough {
		f.enough()
	}
}
