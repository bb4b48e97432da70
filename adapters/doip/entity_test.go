package doip_test

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/doip"
	"github.com/fleetms/obdctl/internal/link"
)

// step is one reply of a control unit after a pause.
type step struct {
	after time.Duration
	from  uint16
	hex   string
}

// entity is a DoIP entity written from the bytes of ISO 13400-2, independent of the codec under test.
type entity struct {
	address    uint16
	activation func(payload []byte) byte // code of the answer; nil for 10
	ecus       map[uint16]map[string][]step
	groups     map[uint16][]uint16 // members of a functional address
	nack       map[uint16]byte     // instead of an acknowledgement
	mute       map[uint16]bool     // taken and acknowledged, never answered
	on         func(e *session, typ uint16, payload []byte) bool

	mu   sync.Mutex
	seen []string // every message received, "8001 0E001010 0100"
}

// session is one connection to the entity.
type session struct {
	*entity
	conn    net.Conn
	writing sync.Mutex
}

func (e *entity) note(s string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = append(e.seen, s)
}

func (e *entity) received(prefix string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, s := range e.seen {
		if strings.HasPrefix(s, prefix) {
			n++
		}
	}
	return n
}

func (s *session) send(typ uint16, payload ...byte) {
	b := []byte{0x02, 0xFD}
	b = binary.BigEndian.AppendUint16(b, typ)
	b = binary.BigEndian.AppendUint32(b, uint32(len(payload)))
	s.raw(append(b, payload...))
}

func (s *session) raw(b []byte) {
	s.writing.Lock()
	defer s.writing.Unlock()
	_, _ = s.conn.Write(b) // the tester may be gone, which is its right
}

// serve answers until the connection ends.
func (e *entity) serve(conn net.Conn) {
	s := &session{entity: e, conn: conn}
	defer conn.Close()
	var answering sync.WaitGroup
	defer answering.Wait()
	for {
		header := make([]byte, 8)
		if _, err := io.ReadFull(conn, header); err != nil {
			return
		}
		payload := make([]byte, binary.BigEndian.Uint32(header[4:]))
		if _, err := io.ReadFull(conn, payload); err != nil {
			return
		}
		typ := binary.BigEndian.Uint16(header[2:])
		e.note(strings.ToUpper(hex.EncodeToString(header[2:4]) + " " + hex.EncodeToString(payload)))
		if e.on != nil && e.on(s, typ, payload) {
			continue
		}
		switch typ {
		case 0x0005:
			code := byte(0x10)
			if e.activation != nil {
				code = e.activation(payload)
			}
			s.send(0x0006, payload[0], payload[1], byte(e.address>>8), byte(e.address), code, 0, 0, 0, 0)
			if code != 0x10 && code != 0x11 {
				return
			}
		case 0x8001:
			answering.Go(func() { s.diagnose(payload) })
		}
	}
}

func (s *session) diagnose(p []byte) {
	tester, to, data := p[0:2], binary.BigEndian.Uint16(p[2:]), strings.ToUpper(hex.EncodeToString(p[4:]))
	members, functional := s.groups[to]
	if !functional {
		members = []uint16{to}
	}
	_, known := s.ecus[to]
	switch code, bad := s.nack[to]; {
	case bad:
		s.send(0x8003, p[2], p[3], tester[0], tester[1], code)
		return
	case !known && !functional:
		s.send(0x8003, p[2], p[3], tester[0], tester[1], 0x03)
		return
	}
	s.send(0x8002, p[2], p[3], tester[0], tester[1], 0x00)
	var all sync.WaitGroup
	for _, ecu := range members {
		if s.mute[ecu] {
			continue
		}
		steps, ok := s.ecus[ecu][data]
		if !ok && !functional {
			steps = []step{{hex: "7F" + data[:2] + "11"}}
		}
		all.Go(func() {
			for _, st := range steps {
				time.Sleep(st.after)
				from := ecu
				if st.from != 0 {
					from = st.from
				}
				b, _ := hex.DecodeString(st.hex)
				s.send(0x8001, slices.Concat([]byte{byte(from >> 8), byte(from), tester[0], tester[1]}, b)...)
			}
		})
	}
	all.Wait()
}

// pipe is the tester's side of a connection in memory.
type pipe struct{ net.Conn }

func (pipe) Name() string { return "doip://test" }

// connect gives the tester's port to an entity in memory.
func connect(e *entity) link.Port {
	near, far := net.Pipe()
	go e.serve(far)
	return pipe{near}
}

// twoUnits is an entity 1010 with an engine 1010 and a transmission 1020 behind the group E000.
func twoUnits() *entity {
	return &entity{
		address: 0x1010,
		groups:  map[uint16][]uint16{0xE000: {0x1010, 0x1020}},
		nack:    map[uint16]byte{}, mute: map[uint16]bool{},
		ecus: map[uint16]map[string][]step{
			0x1010: {
				"3E00": {{hex: "7E00"}}, "0100": {{hex: "4100983BA013"}},
				"0902": {{after: 20 * time.Millisecond, hex: "4902015A5A5A5445535430303030303030303031"}},
				"010C": {{hex: "410C1AF8"}},
			},
			0x1020: {"3E00": {{after: 5 * time.Millisecond, hex: "7E00"}}, "0100": {{after: 5 * time.Millisecond, hex: "410080000001"}}},
		},
	}
}

func dial(t *testing.T, e *entity, o doip.Options) *doip.Link {
	t.Helper()
	l, err := doip.Dial(t.Context(), connect(e), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}
