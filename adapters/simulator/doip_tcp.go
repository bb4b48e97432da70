package simulator

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// Routing activation response codes (ISO 13400-2 table 25).
const (
	activationUnknownSource = 0x00
	activationNoSocket      = 0x01
	activationOtherSource   = 0x02
	activationTaken         = 0x03
	activationType          = 0x06
	activationTLS           = 0x07
	activationDone          = 0x10
	activationConfirm       = 0x11
)

// doipPending bounds the requests of one socket that are being worked on.
const doipPending = 8

// doipSocket is one TCP connection of a tester.
type doipSocket struct {
	entity *entity
	conn   net.Conn
	gate   *gate
	writes sync.Mutex
	work   chan struct{} // a seat for each request in the making
	alive  chan struct{} // an answer to an alive check has come

	// guarded by the entity's lock
	active  bool
	source  uint16
	version byte
	asked   bool // for a confirmation inside the car
}

// serveTCP takes testers until the context ends.
func (e *entity) serveTCP(ctx context.Context, listener net.Listener) error {
	stop := context.AfterFunc(ctx, func() { listener.Close() })
	defer stop()
	defer listener.Close()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return errs.New(errs.Adapter, "accept tester: %w", err)
		}
		s := &doipSocket{
			entity: e, conn: conn, gate: newGate(e.car.spec.Gateway), version: byte(e.spec.Version),
			work: make(chan struct{}, doipPending), alive: make(chan struct{}, 1),
		}
		if !e.enter(s) {
			conn.Close()
			continue
		}
		all.Go(func() {
			defer e.leave(s)
			s.serve(ctx)
		})
	}
}

func (e *entity) enter(s *doipSocket) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.sockets) >= maxClients {
		return false
	}
	e.sockets[s] = true
	return true
}

func (e *entity) leave(s *doipSocket) {
	s.conn.Close()
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.sockets, s)
}

// serve reads messages until the tester goes, breaks the rules, or says nothing for too long.
func (s *doipSocket) serve(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { s.conn.Close() })
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	first := time.Now().Add(s.entity.spec.Initial)
	for {
		limit := first
		if active, _ := s.state(); active {
			limit = time.Now().Add(s.entity.spec.Idle)
		}
		if s.conn.SetReadDeadline(limit) != nil {
			return
		}
		p, err := readPayload(s.conn, s.entity.spec.MaxData+4)
		if f, bad := errors.AsType[headerFault](err); bad {
			s.send(doipNack, []byte{byte(f)})
			if f.fatal() || errors.Is(err, net.ErrClosed) {
				return
			}
			continue
		}
		if err != nil || !s.handle(ctx, p, &working) {
			return
		}
	}
}

// state is whether the routing is active, and for whom.
func (s *doipSocket) state() (active bool, source uint16) {
	s.entity.mu.Lock()
	defer s.entity.mu.Unlock()
	return s.active, s.source
}

// send writes one message in the version that the tester speaks.
func (s *doipSocket) send(kind uint16, data []byte) {
	s.entity.mu.Lock()
	version := s.version
	s.entity.mu.Unlock()
	s.writes.Lock()
	defer s.writes.Unlock()
	if s.conn.SetWriteDeadline(time.Now().Add(writeLimit)) != nil {
		return
	}
	if _, err := s.conn.Write(doipPayload{version, kind, data}.bytes()); err != nil {
		s.conn.Close()
	}
}

// handle acts on one message; false closes the socket.
func (s *doipSocket) handle(ctx context.Context, p doipPayload, working *sync.WaitGroup) bool {
	s.entity.mu.Lock()
	s.version = p.version
	s.entity.mu.Unlock()
	switch p.kind {
	case doipActivate:
		return s.activate(ctx, p.data)
	case doipAliveAnswer:
		select {
		case s.alive <- struct{}{}:
		default:
		}
		return true
	case doipMessage:
		return s.diagnose(ctx, p.data, working)
	case doipNack:
		return true
	}
	s.send(doipNack, []byte{headerType}) // only on UDP
	return true
}

// activate is a routing activation request; every refusal but a wait closes the socket.
func (s *doipSocket) activate(ctx context.Context, data []byte) bool {
	if len(data) != 7 && len(data) != 11 {
		s.send(doipNack, []byte{headerLength})
		return false
	}
	source := binary.BigEndian.Uint16(data)
	code := s.judge(ctx, source, data[2])
	answer := binary.BigEndian.AppendUint16(nil, source)
	answer = binary.BigEndian.AppendUint16(answer, uint16(s.entity.spec.Address))
	s.send(doipActivated, append(answer, code, 0, 0, 0, 0))
	return code == activationDone || code == activationConfirm
}

// judge decides on an activation in the order of the standard.
func (s *doipSocket) judge(ctx context.Context, source uint16, kind byte) byte {
	e := s.entity
	switch {
	case source < firstTester || source > lastTester:
		return activationUnknownSource
	case e.opt.tls == "required":
		return activationTLS
	case !e.spec.Types[kind]:
		return activationType
	}
	if active, own := s.state(); active {
		if own != source {
			return activationOtherSource
		}
		return activationDone
	}
	if other := e.holder(source); other != nil && other.isAlive(ctx) {
		return activationTaken
	}
	if e.open() >= e.spec.Sockets && !e.someoneGone(ctx) {
		return activationNoSocket
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if (e.spec.Confirm || e.opt.confirm) && !s.asked {
		s.asked = true
		return activationConfirm
	}
	s.active, s.source = true, source
	return activationDone
}

// holder is the other socket that is active for a source address.
func (e *entity) holder(source uint16) *doipSocket {
	e.mu.Lock()
	defer e.mu.Unlock()
	for s := range e.sockets {
		if s.active && s.source == source {
			return s
		}
	}
	return nil
}

// someoneGone checks all active sockets and tells whether one had to be closed.
func (e *entity) someoneGone(ctx context.Context) bool {
	e.mu.Lock()
	var active []*doipSocket
	for s := range e.sockets {
		if s.active {
			active = append(active, s)
		}
	}
	e.mu.Unlock()
	gone := make(chan bool, len(active))
	for _, s := range active {
		go func() { gone <- !s.isAlive(ctx) }()
	}
	free := false
	for range active {
		free = <-gone || free
	}
	return free
}

// isAlive asks the tester of a socket whether it is still there, and closes the socket when it is not.
func (s *doipSocket) isAlive(ctx context.Context) bool {
	select {
	case <-s.alive: // an answer that nobody waited for
	default:
	}
	s.send(doipAlive, nil)
	timer := time.NewTimer(aliveTime)
	defer timer.Stop()
	select {
	case <-s.alive:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	s.entity.mu.Lock()
	s.active = false
	s.entity.mu.Unlock()
	s.conn.Close()
	return false
}
