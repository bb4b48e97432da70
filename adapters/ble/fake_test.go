package ble_test

import (
	"context"
	"errors"
	"sync"

	"github.com/fleetms/obdctl/adapters/ble"
)

// stack is a Bluetooth stack in memory.
type stack struct {
	air      []ble.Device // advertisements in their order
	peer     *peer
	connects error // what Connect says
	hangs    bool  // Connect never comes back by itself
	closed   int
}

func (s *stack) Scan(ctx context.Context, found func(ble.Device)) error {
	for _, d := range s.air {
		if ctx.Err() != nil {
			return nil
		}
		found(d)
	}
	<-ctx.Done()
	return nil
}

func (s *stack) Connect(ctx context.Context, _ string) (ble.Peer, error) {
	if s.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if s.connects != nil {
		return nil, s.connects
	}
	return s.peer, nil
}

func (s *stack) Close() error { s.closed++; return nil }

// peer is a device in memory.
type peer struct {
	all  []ble.Characteristic
	gone chan struct{}
	once sync.Once
}

func newPeer(all ...*value) *peer {
	p := &peer{gone: make(chan struct{})}
	for _, v := range all {
		p.all = append(p.all, v)
	}
	return p
}

func (p *peer) Characteristics(context.Context) ([]ble.Characteristic, error) { return p.all, nil }
func (p *peer) Gone() <-chan struct{}                                         { return p.gone }
func (p *peer) Close() error                                                  { p.drop(); return nil }
func (p *peer) drop()                                                         { p.once.Do(func() { close(p.gone) }) }

// value is a characteristic in memory.
type value struct {
	service, uuid string
	properties    ble.Properties
	mtu           int
	refuses       bool

	mu     sync.Mutex
	tell   func([]byte)
	writes [][]byte
	asked  []bool // with response
}

func uuid(s string) ble.UUID {
	u, err := ble.ParseUUID(s)
	if err != nil {
		panic(err)
	}
	return u
}

func (v *value) UUID() ble.UUID             { return uuid(v.uuid) }
func (v *value) Service() ble.UUID          { return uuid(v.service) }
func (v *value) Properties() ble.Properties { return v.properties }
func (v *value) MTU() int                   { return v.mtu }

func (v *value) Write(_ context.Context, b []byte, response bool) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.refuses {
		return errors.New("refused")
	}
	v.writes = append(v.writes, append([]byte(nil), b...))
	v.asked = append(v.asked, response)
	return nil
}

func (v *value) Notify(_ context.Context, f func([]byte)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tell = f
	return nil
}

// The far end of the serial line, for the conformance suite.

func (v *value) received() []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []byte
	for _, w := range v.writes {
		out = append(out, w...)
	}
	return out
}

type farEnd struct {
	peer          *peer
	notify, write *value
}

func (f farEnd) Send(b []byte) error {
	for len(b) > 0 {
		n := min(20, len(b))
		f.notify.tell(b[:n])
		b = b[n:]
	}
	return nil
}
func (f farEnd) Received() []byte { return f.write.received() }
func (f farEnd) Hangup() error    { f.peer.drop(); return nil }
