//go:build (windows && !386) || (darwin && cgo)

package ble

import (
	"context"
	"strings"
	"sync"
	"time"

	"tinygo.org/x/bluetooth"

	"github.com/fleetms/obdctl/internal/errs"
)

// System returns the stack of this computer. Errors are of kind [errs.NoAdapter] with a hint.
func System() (Stack, error) {
	s := &tiny{adapter: bluetooth.DefaultAdapter, seen: map[string]bluetooth.Address{}, peers: map[string]*tinyPeer{}}
	s.adapter.SetConnectHandler(s.changed)
	if err := s.adapter.Enable(); err != nil {
		return nil, errs.New(errs.NoAdapter, "switch Bluetooth on: %w", err).
			WithHint("switch Bluetooth on in the settings of the system, and let this program use it")
	}
	return s, nil
}

// tiny is the stack of the bluetooth library.
type tiny struct {
	adapter *bluetooth.Adapter

	mu    sync.Mutex
	seen  map[string]bluetooth.Address
	peers map[string]*tinyPeer
}

func (s *tiny) Close() error { return nil }

// changed is told of connections that come and go.
func (s *tiny) changed(d bluetooth.Device, connected bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.peers[strings.ToUpper(d.Address.String())]; p != nil && !connected {
		p.end()
	}
}

// stopEvery is how often a search is asked to stop: one that has not quite begun yet does not hear it.
const stopEvery = 50 * time.Millisecond

func (s *tiny) Scan(ctx context.Context, found func(Device)) error {
	over := make(chan struct{})
	defer close(over)
	go func() {
		select {
		case <-over:
			return
		case <-ctx.Done():
		}
		ticker := time.NewTicker(stopEvery)
		defer ticker.Stop()
		for {
			_ = s.adapter.StopScan() // it fails while there is nothing to stop
			select {
			case <-over:
				return
			case <-ticker.C:
			}
		}
	}()
	err := s.adapter.Scan(func(_ *bluetooth.Adapter, r bluetooth.ScanResult) {
		if ctx.Err() != nil {
			return
		}
		d := Device{Address: strings.ToUpper(r.Address.String()), Name: r.LocalName(), RSSI: int(r.RSSI)}
		for _, u := range r.ServiceUUIDs() {
			if parsed, err := ParseUUID(u.String()); err == nil {
				d.Services = append(d.Services, parsed)
			}
		}
		s.mu.Lock()
		if len(s.seen) < maxDevices {
			s.seen[d.Address] = r.Address
		}
		s.mu.Unlock()
		found(d)
	})
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return errs.New(errs.NoAdapter, "look for Bluetooth devices: %w", err).WithHint("is Bluetooth switched on?")
	}
	return nil
}

// Connect cannot be broken off: a connection that comes too late is closed.
func (s *tiny) Connect(ctx context.Context, address string) (Peer, error) {
	address = strings.ToUpper(address)
	s.mu.Lock()
	at, ok := s.seen[address]
	s.mu.Unlock()
	if !ok {
		at.Set(address)
	}
	p := &tinyPeer{gone: make(chan struct{})}
	s.mu.Lock()
	s.peers[address] = p
	s.mu.Unlock()
	done := make(chan error, 1)
	go func() {
		var err error
		p.device, err = s.adapter.Connect(at, bluetooth.ConnectionParams{})
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			return nil, errs.New(errs.NoAdapter, "connect: %w", err).WithHint("is the adapter in reach, and no telephone connected to it?")
		}
		return p, nil
	case <-ctx.Done():
		go func() {
			if <-done == nil {
				_ = p.device.Disconnect() // nobody is left to be told
			}
		}()
		return nil, ctx.Err()
	}
}

// tinyPeer is a connected device.
type tinyPeer struct {
	device bluetooth.Device
	once   sync.Once
	gone   chan struct{}
}

func (p *tinyPeer) end()                  { p.once.Do(func() { close(p.gone) }) }
func (p *tinyPeer) Gone() <-chan struct{} { return p.gone }

func (p *tinyPeer) Close() error {
	p.end()
	_ = p.device.Disconnect() // a device that is gone already is no error
	return nil
}

func (p *tinyPeer) Characteristics(ctx context.Context) ([]Characteristic, error) {
	services, err := within(ctx, func() ([]bluetooth.DeviceService, error) { return p.device.DiscoverServices(nil) })
	if err != nil {
		return nil, err
	}
	var out []Characteristic
	for _, s := range services {
		all, err := within(ctx, func() ([]bluetooth.DeviceCharacteristic, error) { return s.DiscoverCharacteristics(nil) })
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue // a service that needs pairing does not hide the others
		}
		for _, c := range all {
			t := &tinyCharacteristic{c: c}
			if t.uuid, err = ParseUUID(c.UUID().String()); err != nil {
				continue
			}
			if t.service, err = ParseUUID(s.UUID().String()); err != nil {
				continue
			}
			out = append(out, t)
		}
	}
	return out, nil
}

// within waits for a call that knows no ctx.
func within[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		v, err := f()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// tinyCharacteristic is one characteristic of the library.
type tinyCharacteristic struct {
	c             bluetooth.DeviceCharacteristic
	uuid, service UUID
}

func (t *tinyCharacteristic) UUID() UUID             { return t.uuid }
func (t *tinyCharacteristic) Service() UUID          { return t.service }
func (t *tinyCharacteristic) Properties() Properties { return propertiesOf(t.c) }

func (t *tinyCharacteristic) MTU() int {
	n, err := t.c.GetMTU()
	if err != nil {
		return 0
	}
	return int(n)
}

func (t *tinyCharacteristic) Write(ctx context.Context, b []byte, response bool) error {
	b = append([]byte(nil), b...) // the call may outlive ctx
	_, err := within(ctx, func() (int, error) {
		if response {
			return t.c.Write(b)
		}
		return t.c.WriteWithoutResponse(b)
	})
	return err
}

func (t *tinyCharacteristic) Notify(ctx context.Context, f func([]byte)) error {
	_, err := within(ctx, func() (struct{}, error) { return struct{}{}, t.c.EnableNotifications(f) })
	return err
}
