package simulator

import (
	"net"
	"sync"
	"time"
)

// seating is who is served at once. The zero value is empty.
type seating struct {
	mu      sync.Mutex
	clients []*timedConn
}

// admit gives a client a seat; when none is free that of the one who has been silent the longest, if that
// was long enough. nil = there is no seat.
func (s *seating) admit(conn net.Conn) *timedConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.clients) >= maxClients {
		oldest := s.clients[0]
		for _, c := range s.clients {
			if c.silent() > oldest.silent() {
				oldest = c
			}
		}
		if oldest.silent() < patientFor {
			return nil
		}
		oldest.Close()
		s.remove(oldest)
	}
	c := &timedConn{Conn: conn, heard: time.Now()}
	s.clients = append(s.clients, c)
	return c
}

func (s *seating) leave(c *timedConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(c)
}

func (s *seating) remove(c *timedConn) {
	for i, other := range s.clients {
		if other == c {
			s.clients = append(s.clients[:i], s.clients[i+1:]...)
			return
		}
	}
}

// timedConn gives each write and each silence a limit.
type timedConn struct {
	net.Conn
	mu    sync.Mutex
	heard time.Time
}

// silent is for how long the client has said nothing.
func (c *timedConn) silent() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.heard)
}

func (c *timedConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(idleLimit)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = time.Now()
	return n, err
}

func (c *timedConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
